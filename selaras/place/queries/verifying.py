"""What anybody may ask of cards: the public keys, the status lists, and whether what was shown holds; nobody acts and nothing is kept."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from selaras.engines.passes.verifying import Verdict, verifier
from selaras.place.models import PassList
from selaras.place.signing import list_address, public_keys


@dataclass(frozen=True, slots=True)
class Published:
    """A status list as it was last signed: when it was made, and by when there is a newer one."""

    name: str
    signed: str
    made: dt.datetime
    next: dt.datetime


def published_keys() -> dict[str, Any]:
    """Give the public keys as `selaras pass publish` writes them, with the issuer and the addresses of the status lists."""
    names = PassList.objects.exclude(signed="").order_by("turn").values_list("name", flat=True)
    return public_keys().as_json() | {"status_lists": [list_address(name) for name in names]}


def published_list(name: str) -> Published | None:
    """Give a status list; None when there is none of that name."""
    found = PassList.objects.filter(name=name, made__isnull=False).values_list("name", "signed", "made", "next").first()
    return Published(*found) if found else None


def check_shown(text: str) -> Verdict:
    """Say whether a card or a credential holds at this moment, by the keys and lists of this copy."""
    lists = PassList.objects.exclude(signed="").order_by("turn").values_list("signed", flat=True)
    return verifier(public_keys(), lists).verify(text.strip(), timezone.localtime())
