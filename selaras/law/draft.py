"""Lays a draft of rules over the tables and says, for one scheme and one first day, what it would change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from selaras.law.load import built, found_in
from selaras.law.placed import Placed, by_scheme
from selaras.law.rows import LawFault, parsed
from selaras.law.shapes import Evidence, GateRow, Law, Step

DAY = timedelta(days=1)
WORDS = frozenset({"id", "basis", "since", "until", "unsure", "note", "note_en", "label", "label_en", "office", "office_en"})
"""Keys that say something about a rule and change nothing for a journey."""
ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference for the journeys of one scheme and first day: which row, and how.

    `kind`: added, removed or changed; `what`: step, gate or evidence; `keys`: what about it is different, before and after.
    """

    kind: str
    what: str
    id: str
    basis: str
    keys: tuple[tuple[str, Any, Any], ...] = ()


def drafted(tables: Mapping[str, str], name: str, draft: str, since: date | None = None) -> Law:
    """Give the law as it would be with a draft: each of its rows takes the place of the row of the same id from its first day.

    A draft holds rows of any tables, each under its own [[header]]. An [[ends]] row (table, id, on, and schemes where it ends for some
    only) ends a rule without another in its place. With `since` the whole draft begins on that day instead.
    """
    found = found_in(tables)
    data = parsed(name, draft)
    if not data:
        raise LawFault(f"{name}: holds no row; write one under a header such as [[steps]], or [[ends]] to end one")
    endings = data.pop(ENDS, [])
    for table, rows in found_in({name: draft}, only=ENDS, file=name).items():
        for placed in rows:
            row = placed.row if since is None else _moved(placed, since)
            found[table] = [*_made_room(found[table], row, row.until), Placed(row, placed.where)]
    for number, ending in enumerate(endings, start=1):
        _end(found, ending, f"{name}: [[ends]] row {number}", since)
    return built(found)


def _moved(placed: Placed, since: date) -> Any:
    if placed.row.until is not None and placed.row.until < since:
        raise LawFault(f"{placed.where}: ends on {placed.row.until}, before the {since} on which it is to begin")
    return replace(placed.row, since=since)


def _made_room(rows: Iterable[Placed], row: Any, until: date | None) -> Iterator[Placed]:
    """Give the rows without the days, and the schemes, that another row of the same id takes."""
    for old in rows:
        over = old.row.until is not None and old.row.until < row.since
        later = until is not None and old.row.since > until
        apart = by_scheme(old.row) and not set(old.row.schemes) & set(row.schemes)
        if old.row.id != row.id or over or later or apart:
            yield old
            continue
        piece = old.row
        if by_scheme(piece):
            kept = tuple(s for s in piece.schemes if s not in row.schemes)
            if kept:
                yield replace(old, row=replace(piece, schemes=kept))
            piece = replace(piece, schemes=tuple(s for s in piece.schemes if s in row.schemes))
        if piece.since < row.since:
            yield replace(old, row=replace(piece, until=row.since - DAY))
        if until is not None and (piece.until is None or piece.until > until):
            yield replace(old, row=replace(piece, since=until + DAY))


def _end(found: dict[str, list[Placed]], ending: Any, where: str, since: date | None) -> None:
    keys = {"table", "id", "on", "schemes"}
    if not isinstance(ending, dict) or not {"table", "id", "on"} <= set(ending) <= keys or type(ending["on"]) is not date:
        raise LawFault(f"{where}: needs table, id and on (the last day), and schemes where it ends for some only")
    last: date = ending["on"] if since is None else since - DAY
    rows = found.get(ending["table"], [])
    same = [p for p in rows if p.row.id == ending["id"] and (p.row.until is None or p.row.until > last)]
    if not same:
        raise LawFault(f"{where}: {ending['table']} has no row {ending['id']} that holds after {last}")
    schemes = tuple(ending.get("schemes", ())) or tuple({s for p in same if by_scheme(p.row) for s in p.row.schemes})
    if strange := sorted(set(schemes) - {s for p in same if by_scheme(p.row) for s in p.row.schemes}):
        raise LawFault(f"{where}: {ending['id']} does not hold for {strange[0]} after {last}")
    mark = replace(same[0].row, since=last + DAY, until=None, **({"schemes": schemes} if by_scheme(same[0].row) else {}))
    found[ending["table"]] = list(_made_room(rows, mark, None))


def changes(before: Law, after: Law, scheme: str, day: date) -> tuple[Change, ...]:
    """Say what differs for a journey of a scheme that began on a day."""
    steps = (_steps(before, scheme, day), _steps(after, scheme, day))
    gates = ({g.id: g for g in law.gate_of(scheme, day)} for law in (before, after))
    asked = {e for side in steps for s in side.values() for e in s.evidence} | {g.evidence for g in before.gate_of(scheme, day)}
    papers = ({e: row for e in sorted(asked) if (row := law.evidence_of(e, day))} for law in (before, after))
    return (*_differ("step", *steps), *_differ("gate", *gates), *_differ("evidence", *papers), *_clocks(before, after, scheme, day))


def _steps(law: Law, scheme: str, day: date) -> dict[str, Step]:
    return {s.id: s for s in law.steps_of(scheme, day)}


def _differ(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*before, *(n for n in after if n not in before)]:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            row: Any = old if new is None else new
            yield Change("added" if old is None else "removed", what, name, row.basis)
        elif keys := tuple(_keys(old, new)):
            yield Change("changed", what, name, new.basis, keys)


def _keys(old: Step | GateRow | Evidence, new: Step | GateRow | Evidence) -> Iterator[tuple[str, Any, Any]]:
    for field in fields(old):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if field.name not in WORDS | {"schemes", "order"} and was != is_:
            yield field.name, was, is_
    if old.unsure != new.unsure:
        yield "unsure", old.unsure, new.unsure


def _clocks(before: Law, after: Law, scheme: str, day: date) -> Iterator[Change]:
    """A clock that counts otherwise changes each step that it runs for."""
    units = ("days", "workdays", "months", "years")
    for step in _steps(after, scheme, day).values():
        for name in filter(None, (step.clock, step.expires)):
            old, new = (next((c for c in law.clocks if c.id == name and c.holds_on(day)), None) for law in (before, after))
            if old is not None and new is not None:
                keys = tuple((u, getattr(old, u), getattr(new, u)) for u in units if getattr(old, u) != getattr(new, u))
                if keys:
                    yield Change("changed", "clock", step.id, new.basis, keys)
