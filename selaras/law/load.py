"""Reads the law tables and refuses what does not hold together, naming file, row and line."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from selaras.law import shapes
from selaras.law.checks import check
from selaras.law.placed import Placed
from selaras.law.rows import LawFault, parsed, rows
from selaras.law.shapes import Law

__all__ = ["LawFault", "law", "read"]

HERE = Path(__file__).parent
TABLES: dict[str, Any] = {
    "sources": shapes.Source,
    "roles": shapes.Role,
    "clocks": shapes.Clock,
    "indicators": shapes.Indicator,
    "sharing": shapes.Sharing,
    "limits": shapes.Limit,
    "schemes": shapes.Scheme,
    "steps": shapes.Step,
    "evidence": shapes.Evidence,
    "feeds": shapes.Feed,
    "gate": shapes.GateRow,
    "terms": shapes.Term,
    "costs": shapes.CostItem,
    "jobs": shapes.CostJob,
    "payers": shapes.CostRule,
    "premiums": shapes.Premium,
    "credits": shapes.Credit,
    "causes": shapes.Cause,
    "information": shapes.Information,
    "signals": shapes.Signal,
    "rights": shapes.Right,
}
TOGETHER = {"costs": ("costs", "jobs", "payers"), "money": ("premiums", "credits"), "evidence": ("evidence", "feeds")}
"""Files that hold more than the table of their own name."""


def read(tables: Mapping[str, str]) -> Law:
    """Build the law from the text of its files: name without .toml → text.

    What follows an underscore in a name only divides a long table: steps.toml and steps_crew.toml are both `steps`.
    """
    found: dict[str, list[Placed]] = {name: [] for name in TABLES}
    for name, text in tables.items():
        file, data = f"{name}.toml", parsed(f"{name}.toml", text)
        stem = name.partition("_")[0]
        held = TOGETHER.get(stem, (stem,))
        for section, raws in data.items():
            if section not in held or section not in TABLES:
                raise LawFault(f"{file}: unknown section {section}; only {' '.join(f'[[{h}]]' for h in held)} is read")
            found[section] += (Placed(row, where) for row, where in rows(file, section, TABLES[section], raws, text))
    given: dict[str, Any] = {name: tuple(placed.row for placed in rows_) for name, rows_ in found.items()}
    built = Law(**given)
    check(built, found)
    return built


def texts() -> dict[str, str]:
    """Give the text of the tables that ship with the product."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.toml"))}


@cache
def law() -> Law:
    """Give the law that ships with the product, read once."""
    return read(texts())
