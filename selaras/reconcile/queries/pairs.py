"""The review queue and a pair of records side by side; opening a pair is a ledger line about both persons."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from selaras.ground.act import NotThere, Refused, ask, note
from selaras.ground.scope import current
from selaras.people.numbers import masked
from selaras.people.queries.numbers import REASONS
from selaras.reconcile.models import Judgement, Pair, Record

FIELDS = (
    "name", "nik", "birth_date", "sex", "birth_place", "mother", "passport", "phone", "regency", "village", "country",
    "city", "status", "agency", "sector", "event_date",
)  # fmt: skip
"""What a reviewer compares, in this order."""
SEALED = frozenset({"nik", "passport", "phone"})
STATES = ("open", "waiting", "disputed", "settled")
# Which comparison of the engine speaks of which field.
_ABOUT = {
    "name": "name", "nik": "nik", "birth": "birth_date", "sex": "sex", "birth_place": "birth_place", "mother": "mother",
    "passport": "passport", "phone": "phone", "home": "regency", "village": "village", "country": "country",
}  # fmt: skip
# Levels at which the two values are not the same, however the model weighs that.
_DIFFER = frozenset(
    {
        "different", "different_doubtful", "some_words", "same_region_birth_other_serial", "same_birth_other_region",
        "one_digit", "one_digit_of_region", "one_character",
        "renewed", "other_day", "other_month", "other_year", "near", "same_year", "first_january",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair as the queue lists it: nothing personal."""

    id: UUID
    probability: float
    matters: float
    state: str
    verdict: str
    mine: str
    reasons: tuple[tuple[str, dict[str, Any], float], ...]
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """A part of the queue and how far it has come."""

    lines: tuple[PairLine, ...]
    total: int
    open: int
    waiting: int
    disputed: int
    settled: int
    left_for_me: int


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair."""

    record_id: UUID
    source: str
    row_id: str
    person_id: UUID | None
    event_date: date | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both records; `sign` is same, alike, differs, or empty where it cannot be said. Numbers are masked."""

    field: str
    left: str
    right: str
    sign: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One standing judgement; the verdict is shown to those who have judged themselves."""

    officer: str
    at: datetime
    verdict: str
    reason: str
    mine: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    """All that a reviewer sees of one pair."""

    id: UUID
    left: Side
    right: Side
    compared: tuple[Compared, ...]
    reasons: tuple[tuple[str, dict[str, Any], float], ...]
    probability: float
    weight: float
    decision: str
    state: str
    verdict: str
    said: tuple[Said, ...]
    mine: str
    same_person: bool
    changes: dict[str, Any]


def _queue(officer: str, state: str) -> QuerySet[Pair]:
    """The pairs of a state that the model left to people; `todo` is what this officer can still judge."""
    rows: QuerySet[Pair] = Pair.objects.filter(Q(decision="review") | ~Q(state="open"))
    mine = Judgement.objects.filter(pair=OuterRef("pk"), officer=officer, undone_at__isnull=True)
    if state == "todo":
        return rows.exclude(state="settled").filter(~Exists(mine))
    if state == "mine":
        return rows.filter(Exists(mine))
    return rows.filter(state=state) if state in STATES else rows


def next_pair(after: UUID | None = None) -> UUID | None:
    """Give the pair that this officer should judge next: the one whose judgement changes most."""
    todo = _queue(current().address, "todo").order_by("-matters", "id")
    if after is not None:
        todo = todo.exclude(pk=after)
    return todo.values_list("pk", flat=True).first()


@ask
def see_queue(state: str = "todo", start: int = 0, limit: int = 25) -> Queue:
    """List pairs of the queue, those first whose judgement changes most, and say how far the queue has come."""
    officer = current().address
    rows = _queue(officer, state).order_by("-matters", "id")
    found = list(rows[start : start + limit])
    verdicts = dict(
        Judgement.objects.filter(pair__in=found, officer=officer, undone_at__isnull=True).values_list("pair_id", "verdict")
    )
    lines = tuple(
        PairLine(
            p.pk, p.probability, p.matters, p.state, p.verdict, verdicts.get(p.pk, ""),
            tuple((code, params, weight) for code, params, weight in p.reasons), p.changes,
        )
        for p in found
    )  # fmt: skip
    counted = dict(_queue(officer, "").values_list("state").annotate(n=Count("pk")).order_by())
    note(count=len(lines))
    return Queue(
        lines, rows.count(), *(counted.get(s, 0) for s in STATES), left_for_me=_queue(officer, "todo").count()
    )


@ask
def see_pair(pair_id: UUID) -> PairPage:
    """Open a pair: both records side by side, what agrees and differs, and what each comparison says."""
    pair = Pair.objects.filter(pk=pair_id).select_related(None).first()
    if pair is None:
        raise NotThere("not there")
    records = {r.pk: r for r in Record.objects.filter(pk__in=[pair.left_id, pair.right_id])}
    left, right = records[pair.left_id], records[pair.right_id]
    officer = current().address
    said = list(Judgement.objects.filter(pair=pair, undone_at__isnull=True).order_by("at"))
    mine = next((j.verdict for j in said if j.officer == officer), "")
    open_to_me = bool(mine) or pair.state == Pair.State.SETTLED
    persons = [p for p in (left.person_id, right.person_id) if p is not None]
    note(subjects=list(dict.fromkeys(persons)), pair=str(pair_id))
    reasons = tuple((code, params, weight) for code, params, weight in pair.reasons)
    return PairPage(
        id=pair.pk,
        left=side(left),
        right=side(right),
        compared=compared(left, right, reasons),
        reasons=reasons,
        probability=pair.probability,
        weight=pair.weight,
        decision=pair.decision,
        state=pair.state,
        verdict=pair.verdict,
        # Blind: who has not judged yet sees that somebody did, but not what.
        said=tuple(
            Said(j.officer_name, j.at, j.verdict if open_to_me else "", j.reason if open_to_me else "", j.officer == officer)
            for j in said
        ),
        mine=mine,
        same_person=left.person_id is not None and left.person_id == right.person_id,
        changes={} if pair.state == Pair.State.SETTLED else pair.changes,
    )


def side(record: Record, blind: bool = False) -> Side:
    """Tell one record of a pair; `blind`: not whose it is, for that would say what the model thinks."""
    person = None if blind else record.person_id
    return Side(record.pk, record.source_id, record.row_id, person, record.event_date, record.withdrawn_at is not None)


def compared(left: Record, right: Record, reasons: tuple[tuple[str, dict[str, Any], float], ...]) -> tuple[Compared, ...]:
    """Put the fields of both records side by side; without reasons only what reads the same is marked."""
    one, other = json.loads(left.values), json.loads(right.values)
    levels = {}
    for code, _, _ in reasons:
        comparison, _, level = code.partition(".")
        if comparison in _ABOUT:
            levels[_ABOUT[comparison]] = level
    found = []
    for field in FIELDS:
        a, b = str(one.get(field) or ""), str(other.get(field) or "")
        if a or b:
            sealed = field in SEALED
            shown = (masked(a), masked(b)) if sealed else (a, b)
            found.append(Compared(field, *shown, _sign(a, b, levels.get(field, "missing")), sealed))
    return tuple(found)


def _sign(left: str, right: str, level: str) -> str:
    """Say how two values compare: as they are read, equal ones are the same; else as far as the model's level goes, never `same`."""
    if not left or not right:
        return ""
    if _bare(left) == _bare(right):
        return "same"
    if level == "missing":
        return ""
    return "differs" if level in _DIFFER else "alike"


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class OpenNumbers:
    """One kind of number of both records, in full."""

    pair_id: UUID
    field: str
    left: str
    right: str


@ask
def open_numbers(pair_id: UUID, field: str, reason: str) -> OpenNumbers:
    """Open one kind of number of both records of a pair, for a stated reason; a line about both persons."""
    if reason not in REASONS:
        raise Refused("reason_missing")
    pair = Pair.objects.filter(pk=pair_id).select_related(None).first()
    if pair is None or field not in SEALED:
        raise NotThere("not there")
    records = {r.pk: r for r in Record.objects.filter(pk__in=[pair.left_id, pair.right_id])}
    left, right = records[pair.left_id], records[pair.right_id]
    persons = [p for p in (left.person_id, right.person_id) if p is not None]
    note(subjects=list(dict.fromkeys(persons)), pair=str(pair_id), kind=field, reason=reason)
    one, other = json.loads(left.values), json.loads(right.values)
    return OpenNumbers(pair_id, field, str(one.get(field) or ""), str(other.get(field) or ""))
