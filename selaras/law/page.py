"""Writes the law tables as one page for people: what holds, on which basis, since when, and what nobody is sure of."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from selaras.law.placed import turns
from selaras.law.shapes import Evidence, GateRow, Law, Scheme, Step

HEAD = """# The law that Selaras keeps

This page is made from `selaras/law/*.toml` by `selaras law docs`; a test fails while it is not current. Each row names its basis and
its first day. A change is a new row with a new first day, never an edit, and a journey is judged by the rows of its own first day.

**Unsure** means that no text was read that settles it, or that sources contradict one another. What is unsure is shown to people as
unsure, and decides nothing alone. It is to be asked of a lawyer of the ministry, not of this page.
"""
Cell = Callable[[Any], str]


def page(law: Law) -> str:
    """Give the whole page as Markdown."""
    parts = [HEAD, "## Instruments\n", _sources(law), "## Schemes\n", _schemes(law)]
    today = max(day for rows in _tables(law) for day in turns(list(rows), date.min, None) if day != date.min)
    for scheme in law.schemes:
        if scheme.until is None:
            parts += [f"## {scheme.label_en}: steps and gate\n", _walk(law, scheme, today), _gate(law, scheme, today)]
    earlier = [row for rows in (law.steps, law.gate) for row in rows if row.until is not None]
    parts += ["## Steps and lines of the gate that held before\n", _earlier(law, earlier)]
    parts += ["## Evidence\n", _evidence(law)]
    for title, rows, columns in _lists(law):
        parts += [f"## {title}\n", _rows(law, rows, columns)]
    return "\n".join(parts).rstrip() + "\n"


def _tables(law: Law) -> Iterable[Sequence[Any]]:
    return law.schemes, law.steps, law.gate, law.evidence


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "/").strip() or "–" for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _basis(law: Law, row: Any) -> str:
    said = law.cite(row.basis, "en")
    return f"{said}; a hold: {law.cite(row.hold_basis, 'en')}" if getattr(row, "hold_basis", "") else said


def _held(row: Any) -> str:
    return f"{row.since} to {row.until}" if row.until else str(row.since)


def _doubt(row: Any) -> str:
    return f"**unsure**: {row.note_en}" if row.unsure and row.note_en else "**unsure**" if row.unsure else row.note_en


def _name(row: Any) -> str:
    return f"{row.label_en}<br>*{row.label}*<br>`{row.id}`"


def _sources(law: Law) -> str:
    rows = (
        (f"{s.short_en or s.title_en}<br>`{s.id}`", f"{s.title_en}<br>*{s.title}*", s.status, _held(s), _doubt(s))
        for s in law.sources
    )  # fmt: skip
    return _table(("Name", "Instrument", "Status", "Since", "Note"), rows)


def _schemes(law: Law) -> str:
    def age(s: Scheme) -> str:
        return f"{s.age_min} to {s.age_max}" if s.age_max else f"from {s.age_min}"

    rows = (
        (_name(s), s.placing, ", ".join(s.employer_kinds), ", ".join(s.countries) or "any that is open", age(s), _basis(law, s),
         _held(s), _doubt(s))
        for s in law.schemes
    )  # fmt: skip
    return _table(("Scheme", "Placed by", "Employers", "Countries", "Age", "Basis", "Since", "Note"), rows)


def _clock(law: Law, clock_id: str, day: date) -> str:
    clock = law.clock(clock_id, day)
    units = ("days", clock.days), ("working days", clock.workdays), ("months", clock.months), ("years", clock.years)
    number, unit = next((n, unit) for unit, n in units if n is not None)
    return f"{number} {unit[:-1] if number == 1 else unit}{' (unsure)' if clock.unsure else ''}"


def _due(law: Law, step: Step, day: date) -> str:
    start = {"start": "the first day", step.id: "when it is asked for"}.get(step.clock_from, f"`{step.clock_from}`")
    said = [f"within {_clock(law, step.clock, day)} of {start}"] if step.clock else []
    return "; ".join([*said, *([f"ends {_clock(law, step.expires, day)} after {start}"] if step.expires else [])])


def _step(law: Law, step: Step, day: date) -> tuple[str, ...]:
    marks = [word for word, on in (("optional", step.optional), ("may repeat", step.repeats), ("last", step.ends)) if on]
    proof = ", ".join(f"`{e}`" for e in step.evidence)
    asked = f"<br>asked for, not required: {', '.join(f'`{e}`' for e in step.asked)}" if step.asked else ""
    return (
        _name(step) + (f"<br>({', '.join(marks)})" if marks else ""),
        f"{step.office_en}<br>done by: {', '.join(step.by)}",
        ", ".join(f"`{a}`" for a in step.after),
        proof + asked,
        _due(law, step, day),
        _basis(law, step),
        _held(step),
        _doubt(step),
    )


def _walk(law: Law, scheme: Scheme, day: date) -> str:
    head = ("Step", "Who has it", "After", "Evidence", "Clock", "Basis", "Since", "Note")
    return _table(head, (_step(law, step, day) for step in law.steps_of(scheme.id, day)))


def _asks(row: GateRow) -> str:
    met = f"evidence `{row.evidence}`" if row.evidence else f"test `{row.test}`" if row.test else ""
    met = met or f"through {', '.join(f'`{t}`' for t in row.through)}"
    return f"{met}, where `{row.when}`" if row.when else met


def _gate(law: Law, scheme: Scheme, day: date) -> str:
    rows = (
        (row.group, _name(row), _asks(row), _basis(law, row), _held(row), _doubt(row)) for row in law.gate_of(scheme.id, day)
    )
    return _table(("Group", "Line of the gate", "Met by", "Basis", "Since", "Note"), rows)


def _earlier(law: Law, rows: Iterable[Step | GateRow]) -> str:
    told = ((_name(row), ", ".join(row.schemes), _basis(law, row), _held(row), _doubt(row)) for row in rows)
    return _table(("Row", "Schemes", "Basis", "Held", "Note"), told)


def _evidence(law: Law) -> str:
    feeds = {feed.id: feed.label_en for feed in law.feeds}

    def holds(row: Evidence) -> str:
        said = [f"{row.valid_months} months"] if row.valid_months else ["to its own last day"] if row.ends else []
        return "; ".join([*said, *([f"at most {row.months_before} months old"] if row.months_before else [])])

    rows = (
        (_name(row), f"{row.about}{', only the result' if row.private else ''}", holds(row), row.file, ", ".join(row.verifiers),
         f"{feeds[row.feed]}; while it is down: {row.manual_en}" if row.feed else "", _basis(law, row), _held(row), _doubt(row))
        for row in law.evidence
    )  # fmt: skip
    head = ("Evidence", "About", "Holds", "Scan", "Verified by", "System, and the manual path", "Basis", "Since", "Note")
    return _table(head, rows)


def _rows(law: Law, rows: Iterable[Any], columns: Sequence[tuple[str, Cell]]) -> str:
    head = [name for name, _ in columns]
    told = ((*(cell(row) for _, cell in columns), _basis(law, row), _held(row), _doubt(row)) for row in rows)
    return _table([*head, "Basis", "Since", "Note"], told)


def _amount(number: int) -> str:
    return f"Rp{number:,}"


def _lists(law: Law) -> list[tuple[str, Sequence[Any], list[tuple[str, Cell]]]]:
    named: list[tuple[str, Cell]] = [("Name", _name)]
    lettered: list[tuple[str, Cell]] = [("Letter", lambda r: r.letter), *named]

    def bounds(r: Any) -> str:
        return " ".join([*([f"at least {r.least}"] if r.least else []), *([f"at most {r.most}"] if r.most else [])])

    def any_(names: Sequence[str], word: str) -> str:
        return ", ".join(names) or word

    terms = [*lettered, ("Kind", lambda r: r.kind), ("Bounds", bounds), ("Schemes", lambda r: ", ".join(r.schemes))]
    payers: list[tuple[str, Cell]] = [
        ("Rule", lambda r: f"`{r.id}`"),
        ("Items", lambda r: ", ".join(r.items)),
        ("Jobs", lambda r: any_(r.jobs, "any")),
        ("Countries", lambda r: any_(r.countries, "any")),
        ("May be asked to pay", lambda r: ", ".join(r.payers)),
    ]

    def premium(r: Any) -> str:
        return f"{_amount(r.amount)} to {_amount(r.amount_max)}" if r.amount_max else _amount(r.amount)

    credit: list[tuple[str, Cell]] = [
        ("Ceiling", lambda r: _amount(r.ceiling)),
        ("Interest a year", lambda r: f"{r.rate_percent:g} % effective"),
        ("Term", lambda r: f"at most {r.months_max} months"),
        ("Grace", lambda r: f"{r.grace_months} months"),
    ]
    clock: list[tuple[str, Cell]] = [("Counts", lambda r: _clock(law, r.id, r.since))]
    who: list[tuple[str, Cell]] = [("Whose", lambda r: "duty of the worker" if r.duty else f"right of the {r.whose}")]
    return [
        ("What a contract must say", law.terms, terms),
        ("Items of cost", law.costs, named),
        ("Jobs freed of placement costs", law.jobs, named),
        ("Who may be asked to pay", law.payers, payers),
        ("Social-security premiums", law.premiums, [*named, ("Stage", lambda r: r.stage), ("Amount", premium)]),
        ("Placement credit", law.credits, [*named, *credit]),
        ("Causes of return", law.causes, lettered),
        ("Information due to candidates", law.information, lettered),
        ("Early warnings", law.signals, named),
        ("Rights and duties", law.rights, [*who, *lettered]),
        ("Clocks", law.clocks, [*named, *clock]),
        ("Partner systems", law.feeds, [*named, ("Owner", lambda r: r.owner)]),
    ]
