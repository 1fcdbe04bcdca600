"""What an agreement lets flow: the right register, purpose, columns and days, and the code of every no."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.agreements.actions import end_agreement, sign_agreement
from selaras.agreements.queries import allows, numbers_in_force, see_agreements
from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.law.load import law
from tests.cast import actor

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])

SINCE = date(2026, 1, 1)
DAY = date(2026, 11, 21)


def sign(number: str = "PKS-UJI-001", **changes: object) -> None:
    given = {
        "kind": "pks", "title": "Uji", "parties": "KP2MI, Kemlu", "since": SINCE,
        "clauses": [("3", "siskop2mi_reconcile", "Pasal 3"), ("4", "peduliwni_reconcile", "Pasal 4")],
    }  # fmt: skip
    with as_job("setup"):
        sign_agreement(number=number, **{**given, **changes})


def ask(number: str = "PKS-UJI-001", **changes: object) -> str:
    given = {"source": "siskop2mi", "purpose": "reconcile", "columns": ["row_id", "name"], "day": DAY}
    return allows(number, **{**given, **changes}).code


def test_an_agreement_in_force_names_the_columns_that_may_flow():
    sign()
    answer = allows("pks-uji-001", source="siskop2mi", purpose="reconcile", columns=["row_id", "nik"], day=DAY)
    assert answer.allowed and answer.code == "" and answer.clauses == ("3",) and answer.basis == "PP59:39"
    assert "agency" in answer.columns and "status" not in answer.columns


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": SINCE - timedelta(days=1)}, "agreement.not_yet"),
        ({"day": date(2027, 1, 1)}, "agreement.ended"),
        ({"source": "returns"}, "agreement.not_register"),
        ({"purpose": "marketing"}, "agreement.not_purpose"),
        ({"columns": ["row_id", "religion"]}, "agreement.not_columns"),
    ],
)
def test_every_no_has_its_code(changes: dict[str, object], code: str):
    sign(until=date(2026, 12, 31))
    assert ask(**changes) == code


def test_no_number_and_an_unknown_number_are_unknown():
    assert ask("") == ask("  ") == ask("PKS-NOWHERE") == "agreement.unknown"


def test_missing_columns_are_named():
    sign()
    answer = allows("PKS-UJI-001", source="siskop2mi", purpose="reconcile", columns=["nik", "status", "city"], day=DAY)
    assert answer.missing == ("status", "city") and not answer.allowed


def test_an_ended_agreement_lets_nothing_flow_from_the_next_day():
    sign()
    with as_job("setup"):
        end_agreement(number="PKS-UJI-001", why="diganti", on=DAY)
    assert ask(day=DAY) == "" and ask(day=DAY + timedelta(days=1)) == "agreement.ended"
    with pytest.raises(Refused, match="agreement_ended_already"), as_job("setup"):
        end_agreement(number="PKS-UJI-001", why="sekali lagi")
    with pytest.raises(NotThere), as_job("setup"):
        end_agreement(number="PKS-NOWHERE", why="x")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "handshake"}, "unknown_agreement_kind"),
        ({"until": date(2025, 1, 1)}, "agreement_ends_before_it_begins"),
        ({"clauses": [("1", "no_such_row", "")]}, "unknown_sharing"),
    ],
)
def test_what_cannot_be_signed_says_why(changes: dict[str, object], code: str):
    with pytest.raises(Refused, match=code):
        sign(**changes)
    assert ask() == "agreement.unknown", "nothing of it was kept"


def test_one_number_is_signed_once():
    sign()
    with pytest.raises(Refused, match="agreement_exists"):
        sign("pks-uji-001")


def test_only_who_may_signs_and_ends():
    for who in ("data", "reviewer", "steering", "admin"):
        with pytest.raises(Refused, match="not_your_role"), acting(actor(who)):
            sign_agreement(number="x", kind="pks", title="x", parties="x", since=SINCE)
        with pytest.raises(Refused, match="not_your_role"), acting(actor(who)):
            end_agreement(number="x", why="x")


def test_the_list_shows_clauses_and_puts_those_in_force_first():
    sign("PKS-UJI-000", until=date(2026, 2, 1))
    sign("PKS-UJI-001")
    with acting(actor("auditor")):
        lines = [line for line in see_agreements(DAY) if line.number in ("PKS-UJI-000", "PKS-UJI-001")]
    assert [(line.number, line.holds) for line in lines] == [("PKS-UJI-001", True), ("PKS-UJI-000", False)]
    assert [(c.number, c.source, c.owner) for c in lines[0].clauses] == [("3", "siskop2mi", "KP2MI"), ("4", "peduliwni", "Kemlu")]
    assert "PKS-UJI-001" in dict(numbers_in_force(DAY)) and "PKS-UJI-000" not in dict(numbers_in_force(DAY))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sets(st.sampled_from(["nik", "name", "agency", "city", "religion"])))
def test_nothing_flows_that_no_row_of_the_law_names(day: date, columns: set[str]):
    rows = {row.id: row for row in law().sharing}
    sign_once()
    answer = allows("PKS-UJI-009", source="siskop2mi", purpose="reconcile", columns=columns, day=day)
    lawful = day >= SINCE and columns <= set(rows["siskop2mi_reconcile"].columns)
    assert answer.allowed is lawful
    assert answer.columns <= set(rows["siskop2mi_reconcile"].columns)


def sign_once() -> None:
    if not dict(numbers_in_force(DAY)).get("PKS-UJI-009"):
        sign("PKS-UJI-009")
