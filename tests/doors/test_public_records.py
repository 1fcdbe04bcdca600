"""A printed record of the gate, checked by anybody: real or not, what it says, whether it changed; never whose it is."""

import re

import pytest
from django.test import Client

from selaras.doors.public import pace
from selaras.doors.public.pace import Pace
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.place.models import Decision
from selaras.place.queries.gate import printed_record
from tests.cast import actor
from tests.doors.test_public_checks import asker, first, said  # noqa: F401  a visitor without a token
from tests.place.standing import before_gate, decided, looked, second

pytestmark = pytest.mark.usefixtures("committed")
PERSONAL = ("Siti", "Bima", "BP3MI Jawa Barat", "Haurkolot", "Taiwan", "contoh-jaya", "P3MI contoh")


def test_a_hold_is_real_with_its_day_and_its_answer_and_nothing_of_whose_it_is(asker: Client):  # noqa: F811
    done = decided(before_gate(without=("visa",)), "hold")
    typed = done.number.lower().replace("-", " ")
    answer = asker.post("/check/record/", {"q": typed}, follow=True)
    assert answer.redirect_chain == [(f"/check/record/{done.number}/", 302)]
    assert re.fullmatch(r"This record is real. Decided on \d+ \w+ \d{4}, it says: HELD. Nothing has changed since.", first(answer))
    page = said(answer)
    assert not [word for word in PERSONAL if word in page]
    assert asker.get(f"/check/record/{done.number.replace('-', '')}/").status_code == 200, "however it is written"
    asker.cookies["django_language"] = "id"
    assert LedgerLine.objects.filter(verb__contains="record").count() == 0, "nothing is kept of who asked"


def test_a_hold_that_was_turned_says_that_it_changed_and_the_new_record_stands(asker: Client):  # noqa: F811
    journey = before_gate("crew_merchant", without=("visa", "seafarer_id"))
    done = decided(journey, "hold")
    with acting(actor("reviewer")):
        Decision.objects.filter(pk=done.decision_id).update(state="replaced")
    page = asker.get(f"/check/record/{done.number}/")
    assert first(page).endswith("it says: HELD. It has changed since.") and "A later decision took its place." in said(page)
    with acting(actor("reviewer")):
        Decision.objects.filter(pk=done.decision_id).update(state="set_aside", by_name="Orang lain")
    altered = said(asker.get(f"/check/record/{done.number}/"))
    assert "It was set aside after an appeal" in altered and "it was altered" in altered


@pytest.mark.parametrize("asked", ["ABCD-2345-EFGH", "x", "A" * 90])
def test_an_unknown_number_says_so(asker: Client, asked: str):  # noqa: F811
    answer = asker.post("/check/record/", {"q": asked})
    assert (answer.status_code, first(answer)) == (200, f"There is no record with the number “{asked}”.")
    assert asker.get(f"/check/record/{asked}/").status_code == 404
    assert printed_record(asked) is None


def test_nobodys_own_number_is_taken_and_the_questions_are_counted(asker: Client, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    assert asker.post("/check/record/", {"q": "3212012007900001"}).status_code == 422
    assert asker.post("/check/record/", {"q": ""}).status_code == 422
    monkeypatch.setattr(pace, "PACE", Pace(per_minute=2))
    assert [asker.get("/check/record/ABCD-2345-EFGH/").status_code for _ in range(3)] == [404, 404, 429]


def test_a_proposal_is_not_taken_for_an_answer(asker: Client):  # noqa: F811
    journey = before_gate("crew_merchant", without=("visa", "seafarer_id"))
    done = decided(journey, "hold")
    with acting(actor("reviewer")):
        Decision.objects.filter(pk=done.decision_id).update(state="proposed", kind="allow")
    page = asker.get(f"/check/record/{done.number}/")
    assert "It was proposed only: a second officer has not confirmed it." in said(page) and "It has changed since." in first(page)
    assert looked(journey, second()).version == 1
