"""Whether an officer entered somebody whom a bulk verb entered, too, each without seeing the other."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from selaras.people.numbers import IDENTIFYING

REGISTERING = 7_305_006
"""Shared by whoever enters a number and looks first who bears it; a run that ends asks for it alone, to see what came meanwhile."""
PATIENCE = 2.0  # seconds to wait for registrations under way
SKEW = timedelta(minutes=5)  # by which the clocks of two machines may differ

# Ids are in the order of time, so the key alone finds what is new.
_TWICE = """
select exists (select 1 from people_event e
  join people_identifier mine on mine.person_id = e.person_id
  join people_identifier other on other.index = mine.index and other.kind = mine.kind and other.person_id <> mine.person_id
  join people_person a on a.id = mine.person_id join people_person b on b.id = other.person_id
  where e.id >= %(since)s and e.kind in ('registered', 'joined', 'added') and other.id >= %(since)s and mine.kind = any(%(kinds)s)
    and a.merged_into_id is null and b.merged_into_id is null)
"""


def registered_meanwhile(since: datetime) -> bool:
    """Say whether, since a moment, a number was entered by an officer and by the bulk verb of this transaction, for two persons.

    Call it at the end of the transaction: registrations that begin after it wait until this transaction ends, and then see what
    it wrote. When some go on for longer than one waits the answer is yes, to be sure.
    """
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            # Never waited for: a registration under way may itself wait for a row that this transaction holds.
            cursor.execute("select pg_try_advisory_xact_lock(%s)", (REGISTERING,))
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > until:
                return True
            time.sleep(0.02)
        first = UUID(int=int((since - SKEW).timestamp() * 1000) << 80)
        cursor.execute(_TWICE, {"since": first, "kinds": sorted(IDENTIFYING)})
        return bool(cursor.fetchone()[0])
