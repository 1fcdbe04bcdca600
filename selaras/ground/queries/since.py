"""What others did to a subject since a page was shown: by what the page could see, not by clocks."""

import re
from uuid import UUID

from django.db import connection

from selaras.ground.models import LedgerLine
from selaras.ground.queries.ledger import Line, as_line
from selaras.ground.scope import current, opening

SNAPSHOT = re.compile(r"\d{1,20}:\d{1,20}:[\d,]{0,400}")


def snapshot() -> str:
    """Give what this moment sees of the database, as a form carries it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def changes_since(subject: UUID, seen: str) -> list[Line]:
    """List what others did to a subject that the snapshot did not see, the oldest first; the caller has found it within reach.

    Named jobs are left out: what they do follows from an act of somebody, often of the actor herself.
    """
    if not SNAPSHOT.fullmatch(seen):
        return []
    with opening(subject):
        rows = LedgerLine.objects.filter(subject=subject, outcome="done").exclude(actor=current().address).exclude(actor__startswith="job:")
        return [as_line(row) for row in rows.extra(where=["not pg_visible_in_snapshot(xid, %s::pg_snapshot)"], params=[seen]).order_by("id")]
