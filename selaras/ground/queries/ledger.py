"""Questions about the ledger: its lines, who opened a record, and whether it is whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.ground import sealing
from selaras.ground.act import ask, note
from selaras.ground.models import LedgerLine, LedgerSubject, Seal
from selaras.ground.scope import opening


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger line as a page shows it."""

    id: UUID
    at: datetime
    actor: str
    actor_name: str
    office: str
    verb: str
    outcome: str
    subject: UUID | None
    count: int
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of checking the ledger."""

    lines: int
    sealed: int
    seals: int
    unsealed: int
    last_seal: datetime | None
    findings: tuple[sealing.Finding, ...]

    @property
    def whole(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.findings


def as_line(row: LedgerLine) -> Line:
    """Give a line as a page shows it."""
    return Line(
        row.id, row.at, row.actor, row.actor_name, row.office, row.verb, row.outcome, row.subject, row.count, row.detail
    )


@ask
def read_ledger(
    *,
    verb: str = "",
    outcome: str = "",
    actor: str = "",
    subject: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Line]:
    """List ledger lines, the newest first; `after` is the last line of the page before."""
    rows: QuerySet[LedgerLine] = LedgerLine.objects.order_by("-id")
    for condition in (
        Q(verb=verb) if verb else None,
        Q(outcome=outcome) if outcome else None,
        Q(actor=actor) if actor else None,
        Q(subject=subject) if subject else None,
        Q(at__gte=since) if since else None,
        Q(at__lt=until) if until else None,
        Q(id__lt=after) if after else None,
    ):
        if condition is not None:
            rows = rows.filter(condition)
    found = [as_line(row) for row in rows[:limit]]
    note(count=len(found))
    return found


def lines_about(subject: UUID, limit: int = 100) -> list[Line]:
    """List who did what with one subject, bulk work included; the caller has found the subject within reach."""
    with opening(subject):
        # list() inside: the database shows these lines only while the subject is open. Ids are in the order of time: the newest.
        bulk = list(LedgerSubject.objects.filter(subject=subject).order_by("-line_id").values_list("line_id", flat=True)[:limit])
        return [
            as_line(row)
            for row in LedgerLine.objects.filter(Q(subject=subject) | Q(id__in=bulk)).order_by("-id")[:limit]
        ]


@ask
def verify_ledger(progress: Callable[[str, int, int | None], None] | None = None) -> Proof:
    """Check every seal, every sealed line and every copy outside; name what is wrong."""
    findings: list[sealing.Finding] = []
    previous, sealed, last, made_at = b"", 0, 0, None
    total = Seal.objects.count()
    bounds: list[tuple[int, int, int]] = []
    for done, seal in enumerate(Seal.objects.order_by("number").iterator(20), start=1):
        if seal.number != last + 1:
            findings += [sealing.Finding("seal_missing", n) for n in range(last + 1, seal.number)]
        findings += sealing.check_seal(seal, previous)
        findings += sealing.check_lines(seal)
        previous, last, made_at = bytes(seal.root), seal.number, seal.made_at
        sealed += seal.count
        bounds.append((seal.number, seal.generation, seal.to_xid))
        if progress:
            progress("seals", done, total)
    findings += sealing.copies_beyond(last)
    lines, unsealed = _counts(bounds)
    if findings or lines - unsealed != sealed:
        findings += _added()
    note(count=lines, findings=len(findings))
    return Proof(lines, sealed, total, unsealed, made_at, tuple(findings))


def _counts(bounds: list[tuple[int, int, int]]) -> tuple[int, int]:
    ends: dict[int, int] = {}
    for _, generation, to_xid in bounds:
        ends[generation] = max(to_xid, ends.get(generation, 0))
    lines = unsealed = 0
    for row in LedgerLine.objects.values("generation").annotate(n=Count("id")):
        lines += row["n"]
        end = ends.get(row["generation"], 0)
        unsealed += LedgerLine.objects.filter(generation=row["generation"], xid__gte=end).count()
    return lines, unsealed


def _added() -> list[sealing.Finding]:
    """Name the lines that stand inside a sealed window without being in its list."""
    found = []
    for seal in Seal.objects.order_by("number").iterator(20):
        listed = {line_id for line_id, _ in sealing.unpacked(seal.lines)}
        inside = LedgerLine.objects.filter(generation=seal.generation, xid__gte=seal.from_xid, xid__lt=seal.to_xid)
        found += [
            sealing.Finding("added", seal.number, i) for i in inside.values_list("id", flat=True) if i not in listed
        ]
    return found
