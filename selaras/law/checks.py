"""What the law tables must keep among themselves: days, names, order; refused with the place of the row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from selaras.law.placed import Placed, turns
from selaras.law.rows import LawFault
from selaras.law.shapes import Law
from selaras.law.shapes.order import Circle, in_order

Found = Mapping[str, Sequence[Placed]]
DAY = timedelta(days=1)
SELF = "worker"


def check(law: Law, found: Found) -> None:
    """Refuse tables that contradict themselves or one another."""
    for table, placed in found.items():
        _days(table, placed)
        if table != "sources":
            _cited(placed, law)
    _clocks(found["clocks"])
    _roles(found["roles"])
    _limits(found["limits"], law)
    _schemes(found, law)
    _steps(found, law)
    _evidence(found)
    _gate(found, law)
    _money(found)


def _days(table: str, placed: Iterable[Placed]) -> None:
    """One id holds at most once on each day, and from its first row to its last without a day between."""
    grouped: dict[tuple[str, str], list[Placed]] = {}
    for row in placed:
        for name in row.names:
            grouped.setdefault(name, []).append(row)
    for (row_id, scheme), same in grouped.items():
        of = f" of {scheme}" if scheme else ""
        for first, second in pairwise(sorted(same, key=lambda p: p.row.since)):
            if first.row.until is None or first.row.until >= second.row.since:
                raise LawFault(
                    f"{second.where}: {table} ({row_id}{of}): two rows hold on {second.row.since};"
                    f" end the first, {first.where}, before"
                )
            if first.row.until + DAY != second.row.since:
                raise LawFault(
                    f"{second.where}: {table} ({row_id}{of}): no row holds from {first.row.until + DAY}"
                    f" to {second.row.since - DAY}; the one before is {first.where}"
                )


def _cited(placed: Iterable[Placed], law: Law) -> None:
    known = {s.id for s in law.sources}
    for p in placed:
        for basis in filter(None, (p.row.basis, getattr(p.row, "hold_basis", ""))):
            if basis.partition(":")[0] not in known:
                raise LawFault(f"{p.where}: basis {basis} names no source in sources.toml")


def _named(p: Placed, key: str, names: Iterable[str], known: Iterable[str], what: str) -> None:
    if strange := sorted(set(names) - set(known)):
        raise LawFault(f"{p.where}: {key} names {strange[0]}, which is no {what}")


def _held(p: Placed, key: str, names: Iterable[str], others: Sequence[Placed], what: str) -> None:
    """A name must stand for a row on every day on which this one holds, in one of this one's schemes where it has any."""
    for name in names:
        same = [o for o in others if o.row.id == name]
        if not same:
            raise LawFault(f"{p.where}: {key} names {name}, which is no {what}")
        for day in turns([o.row for o in same], p.row.since, p.row.until):
            if not any(o.row.holds_on(day) for o in same):
                raise LawFault(f"{p.where}: {key} names {name}, but no such {what} holds on {day}")


def _clocks(placed: Iterable[Placed]) -> None:
    for p in placed:
        given = [n for n in (p.row.days, p.row.workdays, p.row.months, p.row.years) if n is not None]
        if len(given) != 1 or given[0] < 1:
            raise LawFault(f"{p.where}: a clock counts days, workdays, months or years: one of them, at least 1")


def _roles(placed: Sequence[Placed]) -> None:
    known = {p.row.id for p in placed}
    for p in placed:
        if strange := sorted(set(p.row.gives) - known):
            raise LawFault(f"{p.where}: gives {strange[0]}, which is no role")


def _limits(placed: Iterable[Placed], law: Law) -> None:
    """A limit of nothing, or of what no role may do, is a mistake: what it was meant for would go unlimited."""
    done = {address for role in law.roles for address in role.may}
    for p in placed:
        if p.row.per_hour < 1:
            raise LawFault(f"{p.where}: per_hour must be at least 1")
        if p.row.id not in done:
            raise LawFault(f"{p.where}: no role may do this")


def _schemes(found: Found, law: Law) -> None:
    actors = {SELF, *(role.id for role in law.roles)}
    for p in found["schemes"]:
        _named(p, "started_by", p.row.started_by, actors, "role")
        if p.row.age_max and p.row.age_max < p.row.age_min:
            raise LawFault(f"{p.where}: age_max is below age_min")
        if odd := [c for c in p.row.countries if len(c) != 3 or not c.isupper()]:
            raise LawFault(f"{p.where}: countries names {odd[0]}, which is no code of three capital letters")


def _steps(found: Found, law: Law) -> None:
    actors = {SELF, *(role.id for role in law.roles)}
    steps = found["steps"]
    for p in steps:
        _named(p, "schemes", p.row.schemes, {s.row.id for s in found["schemes"]}, "scheme")
        _named(p, "by", p.row.by, actors, "role")
        _named(p, "after", p.row.after, {s.row.id for s in steps}, "step")
        _held(p, "evidence", p.row.evidence, found["evidence"], "evidence")
        _held(p, "asked", p.row.asked, found["evidence"], "evidence")
        _held(p, "clock", filter(None, (p.row.clock, p.row.expires)), found["clocks"], "clock")
        if not p.row.by:
            raise LawFault(f"{p.where}: by is empty, so nobody could do this step")
        if bool(p.row.clock or p.row.expires) != bool(p.row.clock_from):
            raise LawFault(f"{p.where}: a clock and clock_from go together")
        if p.row.optional and p.row.ends:
            raise LawFault(f"{p.where}: the last step cannot be optional")
    for scheme in found["schemes"]:
        mine = [p for p in steps if scheme.row.id in p.row.schemes]
        for day in turns([p.row for p in mine], scheme.row.since, scheme.row.until):
            _walk(scheme, [p for p in mine if p.row.holds_on(day)], day)


def _walk(scheme: Placed, today: Sequence[Placed], day: date) -> None:
    """On each day a scheme can be walked: from a first step, to one last, with clocks that can start."""
    where, named = scheme.where, {p.row.id: p for p in today}
    try:
        steps = in_order([p.row for p in today])
    except Circle as circle:
        raise LawFault(f"{where}: on {day} its steps wait for one another: {circle}") from circle
    if not steps:
        raise LawFault(f"{where}: on {day} it has no step")
    if len([s for s in steps if s.ends]) != 1:
        raise LawFault(f"{where}: on {day} it has {len([s for s in steps if s.ends])} last steps (ends = true); one is needed")
    for step in steps:
        for before in step.after:
            if named[before].row.ends:
                raise LawFault(f"{named[step.id].where}: comes after {before}, which is the last step")
        if step.clock_from not in ("", "start", step.id) and step.clock_from not in named:
            raise LawFault(f"{named[step.id].where}: clock_from names {step.clock_from}, which {scheme.row.id} does not have on {day}")


def _evidence(found: Found) -> None:
    roles = {p.row.id for p in found["roles"]}
    for p in found["evidence"]:
        _named(p, "verifiers", p.row.verifiers, roles, "role")
        _held(p, "feed", filter(None, (p.row.feed,)), found["feeds"], "feed")
        if p.row.feed and not (p.row.manual and p.row.manual_en):
            raise LawFault(f"{p.where}: a feed can be down: manual and manual_en must say what is done then")


def _gate(found: Found, law: Law) -> None:
    groups = {"requirement", "document", "permit", "state"}
    for p in found["gate"]:
        _named(p, "schemes", p.row.schemes, {s.row.id for s in found["schemes"]}, "scheme")
        _held(p, "evidence", filter(None, (p.row.evidence,)), found["evidence"], "evidence")
        if sum(map(bool, (p.row.evidence, p.row.test, p.row.through))) != 1:
            raise LawFault(f"{p.where}: a line is met by evidence, by a test or through other lines: one of the three")
        for scheme in p.row.schemes:
            others = [o for o in found["gate"] if scheme in o.row.schemes and not o.row.through]
            known = {o.row.id for o in others} | ({o.row.group for o in others} & groups)
            _named(p, f"through ({scheme})", p.row.through, known, "line or group of it")
    for scheme in found["schemes"]:
        mine = [p.row for p in found["gate"] if scheme.row.id in p.row.schemes]
        if found["gate"] and not any(row.group == "requirement" for row in law.gate_of(scheme.row.id, scheme.row.since)):
            raise LawFault(f"{scheme.where}: the gate has no requirement for it on {scheme.row.since} ({len(mine)} lines in all)")


def _money(found: Found) -> None:
    for p in found["payers"]:
        _held(p, "items", p.row.items, found["costs"], "cost")
        _held(p, "jobs", p.row.jobs, found["jobs"], "job")
        _named(p, "schemes", p.row.schemes, {s.row.id for s in found["schemes"]}, "scheme")
        if not p.row.items or not p.row.payers:
            raise LawFault(f"{p.where}: a rule names items and who may be asked to pay them")
    for n, p in enumerate(found["payers"]):
        for other in found["payers"][:n]:
            if shared := _both(p, other):
                raise LawFault(f"{p.where}: says who pays {shared}, as {other.where} does for the same case on the same day")
    for p in found["premiums"]:
        _held(p, "not_for", p.row.not_for, found["schemes"], "scheme")
    for p in found["credits"]:
        _held(p, "evidence", p.row.evidence, found["evidence"], "evidence")
    for p in found["terms"]:
        _named(p, "schemes", p.row.schemes, {s.row.id for s in found["schemes"]}, "scheme")


def _both(one: Placed, other: Placed) -> str:
    """Give an item for which two rules hold on one day, equally close to the case, or nothing."""
    a, b = one.row, other.row
    if a.closeness != b.closeness or (a.until and a.until < b.since) or (b.until and b.until < a.since):
        return ""
    apart = any(x and y and not set(x) & set(y) for x, y in ((a.countries, b.countries), (a.jobs, b.jobs), (a.schemes, b.schemes)))
    return "" if apart else next(iter(sorted(set(a.items) & set(b.items))), "")
