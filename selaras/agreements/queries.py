"""Questions about agreements: does one allow this data to flow, and which are there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from selaras.agreements.models import Agreement, Clause
from selaras.ground.act import ask, note
from selaras.law.load import law
from selaras.law.shapes import Sharing


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether data may flow: the columns that may, or the code of the reason why not."""

    allowed: bool
    code: str = ""  # agreement.unknown, .not_yet, .ended, .not_register, .not_purpose, .not_columns
    agreement_id: UUID | None = None
    columns: frozenset[str] = frozenset()  # every column that a clause lets flow, asked for or not
    missing: tuple[str, ...] = ()  # asked for, and let flow by no clause
    clauses: tuple[str, ...] = ()
    basis: str = ""
    since: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause as a page shows it: what it lets flow, from whom to whom, what for."""

    number: str
    text: str
    source: str
    owner: str
    receiver: str
    purpose: str
    basis: str
    columns: tuple[str, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement as a page shows it."""

    id: UUID
    number: str
    kind: str
    title: str
    parties: str
    since: date
    until: date | None
    ended_on: date | None
    ended_why: str
    holds: bool
    clauses: tuple[ClauseLine, ...]


def allows(number: str, *, source: str, purpose: str, columns: Collection[str], day: date) -> Answer:
    """Say whether the agreement of this number lets these columns of a register be used for a purpose on a day."""
    agreement = Agreement.objects.filter(number__iexact=number.strip()).first() if number.strip() else None
    if agreement is None:
        return Answer(False, "agreement.unknown")
    last = _last_day(agreement)
    about = {"agreement_id": agreement.pk, "since": agreement.since, "ended": last}
    if day < agreement.since:
        return Answer(False, "agreement.not_yet", **about)
    if last is not None and day > last:
        return Answer(False, "agreement.ended", **about)
    rows = [(clause, row) for clause in _clauses(agreement) if (row := _sharing(clause, day)) is not None]
    rows = [(clause, row) for clause, row in rows if row.source == source]
    if not rows:
        return Answer(False, "agreement.not_register", **about)
    rows = [(clause, row) for clause, row in rows if row.purpose == purpose]
    if not rows:
        return Answer(False, "agreement.not_purpose", **about)
    flowing = frozenset(column for _, row in rows for column in row.columns)
    missing = tuple(column for column in columns if column not in flowing)
    return Answer(
        not missing,
        "agreement.not_columns" if missing else "",
        columns=flowing,
        missing=missing,
        clauses=tuple(clause.number for clause, _ in rows),
        basis=rows[0][1].basis,
        **about,
    )


def number_of(agreement_id: UUID) -> str:
    """Give an agreement's number."""
    return Agreement.objects.values_list("number", flat=True).get(pk=agreement_id)


def numbers_in_force(day: date | None = None) -> list[tuple[str, str]]:
    """List the agreements in force as number and title, for a choice."""
    day = day or timezone.localdate()
    return [(a.number, a.title) for a in Agreement.objects.order_by("number") if _holds(a, day)]


@ask
def see_agreements(day: date | None = None) -> list[AgreementLine]:
    """List all agreements with their clauses, those in force first."""
    day = day or timezone.localdate()
    found = [_line(agreement, day) for agreement in Agreement.objects.order_by("number").prefetch_related("clauses")]
    note(count=len(found))
    return sorted(found, key=lambda line: not line.holds)


def _last_day(agreement: Agreement) -> date | None:
    ends = [d for d in (agreement.until, agreement.ended_on) if d is not None]
    return min(ends) if ends else None


def _holds(agreement: Agreement, day: date) -> bool:
    last = _last_day(agreement)
    return agreement.since <= day and (last is None or day <= last)


def _clauses(agreement: Agreement) -> list[Clause]:
    return sorted(agreement.clauses.all(), key=lambda clause: clause.number)


def _sharing(clause: Clause, day: date) -> Sharing | None:
    """The row of the law on which a clause relies, as it holds on a day."""
    return next((row for row in law().sharing if row.id == clause.sharing and row.holds_on(day)), None)


def _line(agreement: Agreement, day: date) -> AgreementLine:
    clauses = []
    for clause in _clauses(agreement):
        row = _sharing(clause, day)
        shown = row or next(row for row in law().sharing if row.id == clause.sharing)
        about = (shown.source, shown.owner, shown.receiver, shown.purpose, shown.basis, shown.columns)
        clauses.append(ClauseLine(clause.number, clause.text, *about, row is not None))
    return AgreementLine(
        agreement.pk, agreement.number, agreement.kind, agreement.title, agreement.parties, agreement.since,
        agreement.until, agreement.ended_on, agreement.ended_why, _holds(agreement, day), tuple(clauses),
    )  # fmt: skip
