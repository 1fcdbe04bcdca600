"""Who opened my record: the newest first, however much bulk work the record has seen."""

import pytest
from django.db import connections
from uuid6 import uuid7

from selaras.ground.scope import acting
from selaras.people.queries.watching import who_opened
from tests.cast import actor
from tests.people.someone import registered

pytestmark = pytest.mark.usefixtures("committed")


def test_the_newest_bulk_work_is_told_after_thousands_of_older_lines():
    person = registered().person_id
    with connections["owner"].cursor() as owner:
        lines = [(uuid7(), n) for n in range(1_500)]
        # The rows lie in any order in the table, so that "the first thousand" are not the newest.
        owner.executemany(
            "insert into ground_ledgerline (id, at, actor, actor_name, office, verb, outcome, count, content, detail)"
            " values (%s, now(), 'job:link', %s, '', 'people.upsert_persons', 'done', 1, '', '{}')",
            [(line, str(n)) for line, n in lines],
        )
        owner.executemany(
            "insert into ground_ledgersubject (id, line_id, subject) values (gen_random_uuid(), %s, %s)",
            [(line, person) for line, _ in lines],
        )
    with acting(actor("village")):
        told = [line.actor_name for line in who_opened(person, limit=20).lines]
    assert told[:10] == [str(n) for n in range(1_499, 1_489, -1)]
