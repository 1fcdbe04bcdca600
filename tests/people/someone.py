"""Somebody to register: a girl from Haurkolot with sound papers, and others beside her."""

from datetime import date
from typing import Any

from selaras.ground.scope import acting
from selaras.people.actions.registering import Registered, register
from selaras.people.telling import Stay
from tests.cast import actor

VILLAGE = "3212012007"
NIK = "3212015705900001"  # Indramayu, a woman born on 17 May 1990
PASSPORT = "B1234567"
PHONE = "0812 3456 7890"
STAY = Stay("TWN", capacity="worker", kind="placement", since=date(2024, 3, 1))


def form(**changes: Any) -> dict[str, Any]:
    blank = {
        "name": "Siti Nurhaliza binti Kasan", "sex": "F", "birth_date": date(1990, 5, 17), "birth_place": "Indramayu", "mother": "Kartini",
        "home_area": VILLAGE, "numbers": [("nik", NIK), ("passport", PASSPORT), ("phone", PHONE)],
    }
    return blank | changes


def registered(who: str = "village", **changes: Any) -> Registered:
    with acting(actor(who)):
        return register(**form(**changes))
