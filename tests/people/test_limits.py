"""How often one officer may look up, open and add numbers in an hour: counted in the ledger, refused with one clear sentence."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from uuid6 import uuid7

from selaras.doors.office.refusals import sentence
from selaras.ground.act import Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.adding import add_identifier
from selaras.people.actions.bulk import upsert_persons
from selaras.people.models import Identifier
from selaras.people.queries.finding import find_by_name, find_by_number
from selaras.people.queries.numbers import reveal_number
from tests.cast import BY_KEY, actor
from tests.people.frames import persons
from tests.people.someone import NIK, registered

pytestmark = pytest.mark.usefixtures("committed")


def lines(who: str, verb: str, count: int, *, ago: dt.timedelta = dt.timedelta(minutes=5), outcome: str = "read") -> None:
    """Let somebody have done a thing so often, a while ago."""
    officer = actor(who)
    with acting(officer):
        LedgerLine.objects.bulk_create(
            LedgerLine(at=timezone.now() - ago, actor=officer.address, verb=verb, outcome=outcome) for _ in range(count)
        )


def opened() -> Any:
    return reveal_number(Identifier.objects.filter(kind="nik").values_list("id", flat=True)[0], "identity")


def added() -> Any:
    person_id = Identifier.objects.filter(kind="nik").values_list("person_id", flat=True)[0]
    return add_identifier(person_id=person_id, kind="phone", value="0812 9999 0000")


DOINGS: dict[str, Callable[[], Any]] = {
    "people.find_by_number": lambda: find_by_number(NIK),
    "people.find_by_name": lambda: find_by_name("Siti Nurhaliza", 1990),
    "people.reveal_number": opened,
    "people.add_identifier": added,
}


def most(verb: str) -> int:
    limit = law().limit(verb, timezone.localdate())
    assert limit is not None and limit.basis.startswith("HOUSE:")
    return limit.per_hour


@pytest.mark.parametrize("verb", DOINGS)
def test_one_more_than_an_hour_allows_is_refused_for_this_officer_alone_and_is_a_ledger_line(verb: str):
    registered()
    lines("village", verb, most(verb) - 1)
    lines("village", verb, 500, ago=dt.timedelta(minutes=61))
    lines("village", verb, 50, outcome="refused")
    lines("village", "people.open_person", 300)
    with acting(actor("village")):
        DOINGS[verb]()
        with pytest.raises(Refused, match="too_often") as refused:
            DOINGS[verb]()
    assert refused.value.params == {"most": most(verb)} and refused.value.basis == "HOUSE:limits"
    with acting(actor("dinas")):
        DOINGS[verb]()
    with as_job("seal", reads_ledger=True):
        told = LedgerLine.objects.filter(verb=verb, outcome="refused", detail__code="too_often")
        assert [line.actor for line in told] == [actor("village").address]


def test_the_page_says_it_in_one_sentence_in_both_languages():
    registered()
    lines("village", "people.find_by_number", most("people.find_by_number"))
    client = Client(HTTP_ACCEPT_LANGUAGE="id")
    client.force_login(officer_by_email(BY_KEY["village"].email))
    answer = client.post(reverse("people_find"), {"q": NIK}, follow=True)
    assert "lebih sering daripada yang boleh bagi satu petugas" in answer.content.decode()
    with translation.override("en"):
        assert str(sentence(Refused("too_often")).what) == "You did this more often in this hour than one officer may."


def test_jobs_have_no_limit_and_measuring_may_switch_it_off(settings):
    lines("village", "people.find_by_number", most("people.find_by_number"))
    settings.SELARAS_HOURLY_LIMITS = False
    with acting(actor("village")):
        find_by_number(NIK)


def test_the_check_is_one_statement_by_index():
    lines("village", "people.find_by_number", 100)
    with connections["owner"].cursor() as owner:
        owner.execute(
            "insert into ground_ledgerline (id, at, actor, actor_name, office, verb, outcome, count, content, detail) select gen_random_uuid(),"
            " now() - n * interval '0.3 second', 'officer:' || n % 500, '', '', 'people.find_by_number', 'read', 0, '', '{}' from generate_series(1, 10000) n"
        )
        owner.execute("analyze ground_ledgerline")
    with acting(actor("village")), CaptureQueriesContext(connection) as asked:
        find_by_number(NIK)
    counting = [q["sql"] for q in asked if "ground_ledgerline" in q["sql"] and "count(*)" in q["sql"]]
    assert len(counting) == 1
    with acting(actor("village")), connection.cursor() as cursor:
        cursor.execute("explain analyze " + counting[0])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "ledger_by_actor" in plan and "Seq Scan on ground_ledgerline" not in plan, plan


def test_a_search_by_name_tells_the_ledger_whom_it_showed():
    with as_job("link"):
        upsert_persons(persons=persons(*({"person_id": str(uuid7()), "name": "Warsinah Kusuma"} for _ in range(3))), run="uji")
    with acting(actor("reviewer")):
        found = find_by_name("Warsinah Kusuma")
    with as_job("seal", reads_ledger=True):
        line = LedgerLine.objects.get(verb="people.find_by_name")
        assert line.count == len(found.rows) == 3
        with connection.cursor() as cursor:
            cursor.execute("select subject from ground_ledgersubject where line_id = %s", [line.id])
            assert {row[0] for row in cursor.fetchall()} == {row.id for row in found.rows}
