"""How often one officer may do a thing in an hour: the limits of the law tables, counted in the ledger."""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.utils import timezone

from selaras.ground.scope import Actor
from selaras.law.load import law
from selaras.law.shapes import Limit

HOUR = dt.timedelta(hours=1)
# One walk along the index of an officer's lines, over the last hour only. What was refused did not happen,
# unless the limit says that a refused form tells something, too; that line was written apart, and outlives the verb.
_DONE = """
select count(*) from (select 1 from ground_ledgerline
  where actor = %s and at >= %s and verb = %s and (outcome <> 'refused' or %s and detail->>'code' = 'unfit') limit %s) done
"""


def exceeded(actor: Actor, address: str) -> Limit | None:
    """Give the limit that one more would break, or None. Jobs have none: the role table ties their hands."""
    if actor.kind == "job" or not settings.SELARAS_HOURLY_LIMITS:
        return None
    limit = law().limit(address, timezone.localdate())
    if limit is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_DONE, (actor.address, timezone.now() - HOUR, address, limit.unfit, limit.per_hour))
        return limit if cursor.fetchone()[0] >= limit.per_hour else None
