"""Questions about early warnings: a list without words, one opened with a ledger line, counts that hide small cells."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from selaras.engines.disclosure import open_cells, with_totals
from selaras.ground.act import NotThere, ask, handed_to, note
from selaras.ground.keeping import read_back
from selaras.ground.models import KeptFile
from selaras.people.actions.scans import ENDINGS
from selaras.people.places import area_names
from selaras.people.queries.parties import stands_on
from selaras.prepare.models import Signal
from selaras.prepare.queries.earlier import Earlier, earlier_of
from selaras.prepare.queries.listing import note_list

LEAST = 5
"""A count below this is hidden, and so is any other that would give it away: few warnings of a place tell who gave them."""
REGENCY = 4


@dataclass(frozen=True, slots=True)
class SignalLine:
    """All that a list or a board shows of a warning."""

    id: UUID
    kind: str
    on: dt.date
    place: str
    state: str


@dataclass(frozen=True, slots=True)
class Signals:
    """One page of warnings, how many there are in all, and how many wait for an answer."""

    rows: tuple[SignalLine, ...]
    total: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """One warning with its words, and what came of it."""

    line: SignalLine
    words: str
    agency: str
    agency_key: str
    standing: tuple[tuple[str, dt.date], ...]
    """Where the agency stood on the day of what was seen: each standing with its first day."""
    company: str
    photo: bool
    by: str
    office: str
    at: dt.datetime
    answer: str
    answered_by: str
    answered_office: str
    answered_at: dt.datetime | None
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class OpenPhoto:
    """A photograph: its parts, read from disk as they are asked for, and a name that tells nothing."""

    name: str
    media_type: str
    size: int
    parts: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class CountLine:
    """How many warnings of a kind came from a regency; None for either: over all of them. A hidden count is None."""

    kind: str | None
    place: str | None
    count: int | None


@ask
def see_signals(
    *, kind: str = "", state: str = "", since: dt.date | None = None, offset: int = 0, limit: int = 50, file: str = ""
) -> Signals:
    """List the warnings within reach by kind, place, day and state, the newest first."""
    rows = Signal.objects.order_by("-on", "-id")
    waiting = rows.filter(state=Signal.State.REPORTED).count()
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(on__gte=since) if since else rows
    page = list(rows.values_list("id", "kind", "on", "area_id", "state")[offset : offset + limit])
    places = area_names(area for *_, area, _ in page)
    note_list([row[0] for row in page], file)
    return Signals(tuple(SignalLine(i, k, on, places.get(area, area), s) for i, k, on, area, s in page), rows.count(), waiting)


@ask
def open_signal(signal_id: UUID) -> OpenSignal:
    """Open the words of one warning within reach. Not in reach is not there."""
    row = Signal.objects.select_related("agency").filter(id=signal_id).first()
    if row is None:
        raise NotThere("not there")
    note(signal=str(row.id), kind=row.kind)
    line = SignalLine(row.id, row.kind, row.on, area_names([row.area_id]).get(row.area_id, row.area_id), row.state)
    return OpenSignal(
        line, row.words, row.agency.name if row.agency else "", row.agency.key if row.agency else "", _stood(row), row.company,
        row.photo_id is not None, row.by_name, row.office, row.at, row.answer, row.answered_by_name, row.answered_office, row.answered_at,
        earlier_of(row.earlier),
    )  # fmt: skip


def _stood(row: Signal) -> tuple[tuple[str, dt.date], ...]:
    return tuple((kind, line.since) for kind, line in stands_on(row.agency_id, row.on).items()) if row.agency_id else ()


@ask
def open_signal_photo(signal_id: UUID) -> OpenPhoto:
    """Open the photograph of a warning within reach."""
    row = Signal.objects.filter(id=signal_id).first()
    if row is None or row.photo_id is None:
        raise NotThere("not there")
    note(signal=str(row.id))
    with handed_to("scan"):  # the file's own row is the nation's: whoever opens the warning sees its photograph
        kept = KeptFile.objects.get(pk=row.photo_id)
    return OpenPhoto(f"{row.kind}.{ENDINGS.get(kept.media_type, 'bin')}", kept.media_type, kept.size, read_back(kept))


@ask
def see_signal_counts(*, since: dt.date | None = None) -> list[CountLine]:
    """Count the warnings within reach by kind and regency, over both too; small cells are hidden, with what would give them away."""
    rows = Signal.objects.filter(on__gte=since) if since else Signal.objects.all()
    cells: Counter[tuple[str | None, str | None]] = Counter()
    for kind, area, count in rows.values_list("kind", "area_id").annotate(n=Count("id")).order_by():
        cells[kind, area[:REGENCY]] += count
    shown = open_cells(cells, LEAST) if cells else set()
    names = area_names({place for _, place in cells if place})
    whole = with_totals(cells)
    note(count=sum(cells.values()))
    lines = [CountLine(k, names.get(p, p) if p else None, n if (k, p) in shown else None) for (k, p), n in whole.items()]
    return sorted(lines, key=lambda one: (one.place is not None, one.place or "", one.kind is not None, one.kind or ""))
