"""Reads the law tables and refuses what does not hold together, naming the table and the row."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar, cast

from selaras.law.shapes import Clock, Indicator, Law, Limit, Role, Row, Sharing, Source

HERE = Path(__file__).parent
Shape = TypeVar("Shape", Source, Role, Clock, Indicator, Sharing, Limit)


class LawFault(ValueError):
    """A law table that cannot be used, with the table and the row."""


def _rows(table: str, shape: Callable[..., Shape], data: Mapping[str, Any]) -> tuple[Shape, ...]:
    unknown = set(data) - {table}
    if unknown:
        raise LawFault(f"{table}.toml: unknown section {sorted(unknown)[0]}; only [[{table}]] is read")
    known = {f.name: f for f in fields(cast(Any, shape))}
    out: list[Shape] = []
    for number, raw in enumerate(data.get(table, ()), start=1):
        where = f"{table}.toml row {number} ({raw.get('id', 'without id')})"
        strange = set(raw) - set(known)
        if strange:
            raise LawFault(f"{where}: unknown key {sorted(strange)[0]}")
        missing = [n for n, f in known.items() if f.default is MISSING and n not in raw]
        if missing:
            raise LawFault(f"{where}: {missing[0]} is missing")
        for name in ("since", "until"):
            if name in raw and type(raw[name]) is not date:
                raise LawFault(f"{where}: {name} is not a date")
        if raw.get("until") is not None and raw["until"] < raw["since"]:
            raise LawFault(f"{where}: ends before it begins")
        out.append(shape(**{k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}))
    return tuple(out)


def _no_overlap(table: str, rows: Iterable[Source | Row]) -> None:
    grouped: dict[str, list[Source | Row]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    for same in grouped.values():
        ordered = sorted(same, key=lambda r: r.since)
        for first, second in pairwise(ordered):
            if first.until is None or first.until >= second.since:
                raise LawFault(f"{table}.toml ({first.id}): two rows hold on {second.since}; end the first before")


def _cited(table: str, rows: Iterable[Row], sources: Mapping[str, Source]) -> None:
    for row in rows:
        if row.basis.partition(":")[0] not in sources:
            raise LawFault(f"{table}.toml ({row.id}): basis {row.basis} names no source in sources.toml")


def read(tables: Mapping[str, str]) -> Law:
    """Build the law from the text of its tables (name without .toml → text)."""
    data: dict[str, Any] = {}
    for name, text in tables.items():
        try:
            data[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            raise LawFault(f"{name}.toml: {fault}") from fault
    law = Law(
        sources=_rows("sources", Source, data.get("sources", {})),
        roles=_rows("roles", Role, data.get("roles", {})),
        clocks=_rows("clocks", Clock, data.get("clocks", {})),
        indicators=_rows("indicators", Indicator, data.get("indicators", {})),
        sharing=_rows("sharing", Sharing, data.get("sharing", {})),
        limits=_rows("limits", Limit, data.get("limits", {})),
    )
    _no_overlap("sources", law.sources)
    by_id = {s.id: s for s in law.sources}
    checked: tuple[tuple[str, Sequence[Row]], ...] = (
        ("roles", law.roles),
        ("clocks", law.clocks),
        ("indicators", law.indicators),
        ("sharing", law.sharing),
        ("limits", law.limits),
    )
    for table, rows in checked:
        _no_overlap(table, rows)
        _cited(table, rows, by_id)
    _given(law.roles)
    _limited(law)
    return law


def _given(roles: Sequence[Role]) -> None:
    known = {role.id for role in roles}
    for role in roles:
        if strange := sorted(set(role.gives) - known):
            raise LawFault(f"roles.toml ({role.id}): gives {strange[0]}, which is no role")


def _limited(law: Law) -> None:
    """A limit of nothing, or of what no role may do, is a mistake: what it was meant for would go unlimited."""
    done = {address for role in law.roles for address in role.may}
    for row in law.limits:
        if row.per_hour < 1:
            raise LawFault(f"limits.toml ({row.id}): per_hour must be at least 1")
        if row.id not in done:
            raise LawFault(f"limits.toml ({row.id}): no role may do this")


@cache
def law() -> Law:
    """Give the law that ships with the product, read once."""
    return read({path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.toml"))})
