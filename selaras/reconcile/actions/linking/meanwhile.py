"""What officers' verdicts moved while a run worked: it stays as they left it, and the next run looks at those persons again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import polars as pl
from django.db import connection

from selaras.people.models import Person
from selaras.reconcile.actions.linking.composing import Composed
from selaras.reconcile.models import Link

# A verdict may begin before a run and take effect after it has read; none takes longer.
_SLACK = timedelta(hours=1)


def verdict_links(since: datetime | None) -> dict[str, tuple[str, ...]]:
    """The links that verdicts made since then (or a little before), and the persons whom each concerns; within acting."""
    if since is None:
        return {}
    made = Link.objects.filter(run__isnull=True, since__gt=since - _SLACK)
    return {str(pk): tuple(str(p) for p in persons if p) for pk, *persons in made.values_list("pk", "person_id", "former_id")}


# What `laying.switch` leaves as it is, asked for before it does.
_LEFT = """
select s.person_id::text, r.source_id, r.row_id from reconcile_stagedlink s join reconcile_record r on r.id = s.record_id
where s.run_id = %s and s.person_id is not null and r.person_id is distinct from s.former_id
"""


@dataclass(frozen=True)
class Meanwhile:
    """Persons whom verdicts moved while a run worked; rows that it leaves with them, and to whom it would have given them."""

    persons: frozenset[str]
    rows: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


def meanwhile(run: UUID, since: datetime | None, known: Collection[str]) -> Meanwhile:
    """Find out before the switch, within its transaction; `since`: when the run began, `known`: links that stood before it read."""
    moved = {person for link, persons in verdict_links(since).items() if link not in known for person in persons}
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [run])
        left = cursor.fetchall()
    others = {person for person, _, _ in left}
    moved |= {str(pk) for pk in Person.objects.filter(pk__in=others).values_list("pk", flat=True)}
    return Meanwhile(frozenset(moved), tuple((source, row) for _, source, row in left), tuple(sorted(others)))


def without(composed: Composed, now: Meanwhile) -> Composed:
    """What was composed, but of these persons, and without the stays of these rows: it says what was before the verdicts."""
    if not (now.persons or now.rows) or not len(composed.persons):
        return composed
    others = ~pl.col("person_id").is_in(list(now.persons))
    frames = {name: getattr(composed, name).filter(others) for name in ("persons", "names", "numbers", "presences")}
    away = pl.DataFrame(list(now.rows), schema={"source": pl.String, "source_row": pl.String}, orient="row")
    frames["presences"] = frames["presences"].join(away, on=["source", "source_row"], how="anti")
    return replace(composed, **frames)


def gone_without(gone: Mapping[str, str], persons: Collection[str]) -> dict[str, str]:
    """Persons of whom no row is left, but not those to whom a verdict gave one."""
    return {lose: keep for lose, keep in gone.items() if lose not in persons}
