"""What a standing verdict does at once to the records of a pair, and how it is taken back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground.act import Refused, as_job
from selaras.people.actions.bulk import upsert_persons
from selaras.people.actions.merging import merge, unmerge
from selaras.people.queries.surviving import surviving
from selaras.reconcile.actions.linking import reading
from selaras.reconcile.actions.linking.composing import compose
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.turn import move_alone
from selaras.reconcile.models import Link, Pair, Record

WHY_FROM_PAIR = 3


def bring_about(pair: Pair, verdict: str, officers: str) -> int:
    """Make one person of two, or two of one; nothing for `unsure`. Gives how many records moved.

    A record that is nobody's yet waits for the next run, which holds to the verdict.
    """
    move_alone()
    left, right = _persons(pair)
    if left is None or right is None or verdict == "unsure":
        return 0
    if verdict == "same" and left != right:
        return _join(pair, left, right, officers)
    if verdict == "different" and left == right:
        return _part(pair, left, officers)
    return 0


def _persons(pair: Pair) -> tuple[UUID | None, UUID | None]:
    found = [Record.objects.get(pk=pk).person_id for pk in (pair.left_id, pair.right_id)]
    left, right = (None if person is None else surviving(person) for person in found)
    return left, right


def _join(pair: Pair, one: UUID, other: UUID, officers: str) -> int:
    """The person with more records stays, the elder one where they have as many."""
    sizes = {person: Record.objects.filter(person_id=person).count() for person in (one, other)}
    keep = min((one, other), key=lambda person: (-sizes[person], person))
    lose = other if keep == one else one
    moving = list(Record.objects.select_for_update(of=("self",)).filter(person_id=lose))
    pair.merge_event = merge(keep=keep, lose=lose, reason=f"pair {pair.pk}").event_id
    _move(moving, keep, pair, officers, "judgement")
    _recompose([keep])
    return len(moving)


def _part(pair: Pair, person: UUID, officers: str) -> int:
    """The side with fewer records becomes a new person; the right record's side where they have as many."""
    records = list(Record.objects.select_for_update(of=("self",)).filter(person_id=person).order_by("id"))
    side = _sides(pair, records)
    mine = {who: [r for r in records if side[r.pk] == who] for who in (pair.left_id, pair.right_id)}
    away = min((pair.right_id, pair.left_id), key=lambda who: len(mine[who]))
    # The new person must stand before a link can point at her.
    new = uuid7()
    _recompose([new], {r.pk: new for r in mine[away]})
    _move(mine[away], new, pair, officers, "judgement")
    _recompose([person])
    return len(mine[away])


def _sides(pair: Pair, records: list[Record]) -> dict[UUID, UUID]:
    """Which of the pair's two records each record of the person stands with: grown along the firmest pairs first."""
    ids = [r.pk for r in records]
    side: dict[UUID, UUID] = {pair.left_id: pair.left_id, pair.right_id: pair.right_id}
    ties = Pair.objects.filter(left_id__in=ids, right_id__in=ids).exclude(pk=pair.pk).exclude(verdict="different")
    edges = list(ties.order_by("-weight", "id").values_list("left_id", "right_id"))
    grown = True
    while grown:
        grown = False
        for a, b in edges:
            if (a in side) != (b in side):
                side[a] = side[b] = side.get(a) or side[b]
                grown = True
                break
    return {pk: side.get(pk, pair.left_id) for pk in ids} | side


def _move(records: Iterable[Record], person: UUID, pair: Pair, officers: str, how: str) -> None:
    now = timezone.now()
    why = [r for r in pair.reasons if r[2] and r[0] != "pair.start"][:WHY_FROM_PAIR]
    for record in records:
        Link.objects.filter(record=record, until__isnull=True).update(until=now)
        Link.objects.create(
            record=record, person_id=person, former_id=record.person_id, judged=pair, decided_by=officers, how=how,
            why=why, since=now,
        )  # fmt: skip
        record.person_id = person
        record.nobody = False
        record.save(update_fields=["person", "nobody"])


def take_back(pair: Pair, officer: str) -> int:
    """Undo what the standing verdict did, where no later run or judgement moved the records on. Gives how many went back."""
    move_alone()
    stayed = Link.objects.filter(judged=pair, how="judgement", until__isnull=True)
    links = list(stayed.select_for_update(of=("self",)).order_by("id"))
    touched = {link.person_id for link in links}
    if pair.merge_event is not None:
        touched |= _unmerged(pair.merge_event)
        pair.merge_event = None
    homes: set[UUID] = set()
    for link in links:
        if link.former_id is not None:
            home = surviving(link.former_id)
            homes.add(home)
            _move([Record.objects.get(pk=link.record_id)], home, pair, officer, "undone")
    # A person made by a separation, of whom no record is left, goes back into the one she came from.
    for person in sorted({link.person_id for link in links} - homes):
        if len(homes) == 1 and not Record.objects.filter(person_id=person).exists():
            merge(keep=next(iter(homes)), lose=person, reason=f"pair {pair.pk}")
    _recompose(touched | homes)
    return len(links)


def _unmerged(event: UUID) -> set[UUID]:
    try:
        undone = unmerge(event_id=event, reason="judgement undone")
    except Refused as fault:
        if fault.code != "undone_already":  # an officer took the merge back by hand before
            raise
        return set()
    return {undone.keep, undone.lose}


def _recompose(persons: Iterable[UUID], instead: dict[UUID, UUID] | None = None) -> None:
    """Write anew what the registers say of these persons; `instead`: records that are to be theirs in a moment."""
    wanted = {surviving(person) for person in persons}
    current = Record.objects.filter(withdrawn_at__isnull=True)
    mine = current.filter(pk__in=list(instead)) if instead else current.filter(person_id__in=wanted)
    found: dict[str, list[Any]] = {}
    for row in mine.order_by("source_id", "row_id").values_list("source_id", *reading.COLUMNS):
        found.setdefault(row[0], []).append(row[1:])
    if not found:
        return
    rows = pl.concat([reading.columns_of(source, lines, {}) for source, lines in found.items()])
    if instead:
        theirs = {str(record): str(person) for record, person in instead.items()}
        rows = rows.with_columns(person=pl.col("record").replace_strict(theirs, return_dtype=pl.String))
    composed = compose(rows, reading.registers_of(rows), reading.trusts(), Homes())
    with as_job("link"):
        upsert_persons(
            persons=composed.persons, names=composed.names, numbers=composed.numbers, presences=composed.presences,
            run="judgement",
        )  # fmt: skip
