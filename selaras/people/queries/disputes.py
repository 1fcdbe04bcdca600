"""Questions whether two records are one person: the open ones, and one with both sides. For national reviewers only."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from selaras.ground.act import NotThere, ask, note
from selaras.ground.scope import current
from selaras.people.doubts import PROPOSED, other_of, paper_of, shared_numbers
from selaras.people.models import Dispute, Event, Ruling
from selaras.people.queries.opening import OpenPerson, open_person
from selaras.people.queries.rows import PersonRow, rows_of


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question in the list: the record that it hangs on and the other one; `proposed` when an officer asked to merge them."""

    id: UUID
    at: dt.datetime
    proposed: bool
    state: str
    mine: str
    one: PersonRow
    other: PersonRow
    paper: str = ""  # the kind of paper whose number stands with both


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The open questions, those first that this officer has not answered; `more` when not all are shown."""

    rows: tuple[Conflict, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Word:
    """What one officer said; hidden from who has not spoken herself."""

    officer: str
    at: dt.datetime
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """One question with both records; `shared` names the kinds of numbers that stand with both."""

    id: UUID
    at: dt.datetime
    proposed: bool
    state: str
    verdict: str
    mine: str
    one: OpenPerson
    other: OpenPerson
    shared: tuple[str, ...]
    words: tuple[Word, ...]
    paper: str = ""

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.one.id


def _open() -> QuerySet[Event]:
    rows: QuerySet[Event] = Event.objects.filter(kind="conflict")
    return rows.filter(Q(dispute__isnull=True) | ~Q(dispute__state=Dispute.State.SETTLED))


@ask
def see_conflicts(limit: int = 50) -> Conflicts:
    """List the open questions, the oldest first; two persons who were merged meanwhile are no question any more."""
    events = list(_open().select_related(None).order_by("at", "id")[: limit + 1])
    more, events = len(events) > limit, events[:limit]
    pairs = [(e, e.person_id, other_of(e)) for e in events]
    rows = {row.id: row for row in rows_of({i for _, a, b in pairs for i in (a, b)})}
    states = dict(Dispute.objects.filter(event__in=events).values_list("event_id", "state"))
    mine = _mine([e.id for e in events])
    note(count=len(events))
    found = [
        Conflict(e.id, e.at, e.reason == PROPOSED, states.get(e.id, Dispute.State.OPEN), mine.get(e.id, ""), rows[a], rows[b], paper_of(e))
        for e, a, b in pairs
        if a in rows and b in rows
    ]
    return Conflicts(tuple(sorted(found, key=lambda c: bool(c.mine))), more)


def _mine(conflicts: list[UUID]) -> dict[UUID, str]:
    hers = Ruling.objects.filter(dispute__in=conflicts, officer=current().address, undone_at__isnull=True)
    return dict(hers.values_list("dispute_id", "verdict"))


@ask
def see_conflict(conflict_id: UUID) -> ConflictPage:
    """Open one question; both records are opened, each with a ledger line of its own."""
    told = Event.objects.filter(id=conflict_id, kind="conflict").first()
    if told is None:
        raise NotThere("not there")
    row = Dispute.objects.filter(event=told).first()
    other = other_of(told)
    mine = _mine([told.id]).get(told.id, "")
    shown = bool(mine) or (row is not None and row.state == Dispute.State.SETTLED)
    words = Ruling.objects.filter(dispute=row, undone_at__isnull=True).order_by("at") if row else []
    note(subjects=[other], conflict=str(conflict_id))
    return ConflictPage(
        id=told.id, at=told.at, proposed=told.reason == PROPOSED, state=row.state if row else Dispute.State.OPEN,
        verdict=row.verdict if row else "", mine=mine, one=open_person(told.person_id), other=open_person(other),
        shared=tuple(sorted({kind for kind, _ in shared_numbers(told.person_id, other)})),
        # Blind, as in the review queue: who has not spoken yet sees that somebody did, but not what.
        words=tuple(Word(w.officer_name, w.at, w.verdict if shown else "", w.reason if shown else "") for w in words),
        paper=paper_of(told),
    )  # fmt: skip


def numbers_of_both(one: UUID, other: UUID) -> list[str]:
    """List the kinds of identifying numbers that stand with both of two persons whom the caller has opened."""
    return sorted({kind for kind, _ in shared_numbers(one, other)})
