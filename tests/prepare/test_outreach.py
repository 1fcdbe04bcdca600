"""Outreach: a session with its items of information, who came, and what a person was told when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.merging import merge
from selaras.people.faults import Unfit
from selaras.prepare.actions.outreach import hold_outreach, note_attendance
from selaras.prepare.models import Attendance, Outreach
from selaras.prepare.queries.outreach import open_outreach, see_outreach, see_told
from tests.cast import actor
from tests.people.someone import VILLAGE, registered

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def held(who: str = "village", **changes: Any) -> Outreach:
    told = {
        "on": TODAY(), "area": VILLAGE, "venue": "Balai desa", "items": ["costs", "complaints"], "language": "jv", "women": 12, "men": 3, "once": "k",
    }  # fmt: skip
    with acting(actor(who)):
        return hold_outreach(**(told | changes))


def came(session: Outreach, person_id: Any, who: str = "village"):
    with acting(actor(who)):
        return note_attendance(outreach_id=session.pk, person_id=person_id)


def test_the_law_names_thirteen_items():
    assert len(law().information_on(TODAY())) == 13


def test_what_she_was_told_and_when():
    her = registered("village").person_id
    first = held(on=TODAY() - timedelta(9))
    came(first, her)
    came(held(once="b", items=["costs", "risks"]), her)
    with acting(actor("dinas")):
        told = see_told(her)
        days = {line.rule.id: (line.first, line.last) for line in told.lines}
        assert days["costs"] == (TODAY() - timedelta(9), TODAY()) and days["risks"] == (TODAY(), TODAY())
        assert days["complaints"] == (TODAY() - timedelta(9), TODAY() - timedelta(9)) and days["wages"] == (None, None)
        assert told.sessions == (), "she stands with both already"
        page = open_outreach(first.pk)
        assert [one.person_id for one in page.came] == [her]
        assert {rule.id for rule, given in page.items if given} == {"costs", "complaints"} and len(page.items) == 13
    with acting(actor("desk")), pytest.raises(NotThere):
        see_told(her)


def test_a_session_is_seen_in_its_area_and_counted():
    held()
    held(once="b", women=1, men=0, venue="Mushala", language="id")
    for who in ("village", "dinas", "province", "bp3mi"):
        with acting(actor(who)):
            found = see_outreach()
            assert (found.total, found.women, found.men) == (2, 13, 3), who
            assert see_outreach(language="id").total == see_outreach(text="mushala").total == 1
            assert see_outreach(since=TODAY() + timedelta(1)).total == 0
    with acting(actor("desk")):
        assert see_outreach().total == 0
    with pytest.raises(Refused, match="not_your_area"):
        held("desk")
    with pytest.raises(Refused, match="not_your_role"):
        held("agency")


def test_each_fault_of_a_session_is_named():
    def faults(**changes: Any) -> set[tuple[str, str]]:
        with pytest.raises(Unfit) as wrong:
            held(**changes)
        return {(f.field, f.code) for f in wrong.value.faults}

    assert faults(on=TODAY() + timedelta(1)) == {("on", "day_to_come")}
    assert faults(area="99") == {("area", "unknown_area")}
    assert faults(venue=" ") == {("venue", "venue_missing")} and faults(venue="x" * 121) == {("venue", "too_long")}
    assert faults(items=[]) == {("items", "items_missing")} and faults(items=["secrets"]) == {("items", "unknown_information")}
    assert faults(language="tlh") == {("language", "unknown_language")}
    assert faults(women=0, men=0) == {("women", "nobody_came")} and faults(men=2001) == {("women", "heads_absurd")}


def test_pressed_by_eight_at_once_each_is_there_once():
    her = registered("village").person_id

    def press(_n: int) -> None:
        try:
            came(held(), her)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    with acting(actor("village")):
        assert (Outreach.objects.count(), Attendance.objects.count()) == (1, 1)


def test_what_stood_under_a_merged_record_is_hers():
    her = registered("village").person_id
    again = registered("village", name="Siti Nurhaliza", numbers=[]).person_id
    came(held(), again)
    with acting(actor("reviewer")):
        merge(keep=her, lose=again, reason="satu orang")
    came(held(), her)  # once more, under the record that stands
    with acting(actor("village")):
        assert Attendance.objects.count() == 1 and [one.person_id for one in open_outreach(held().pk).came] == [her]
        assert {line.rule.id for line in see_told(again).lines if line.first} == {"costs", "complaints"}
        assert see_told(again).person_id == her
