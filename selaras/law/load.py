"""Reads the law tables and refuses what does not hold together, naming file, row and line."""

from collections.abc import Mapping, Sequence
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
    """Build the law from the text of its files: name without .toml → text."""
    return built(found_in(tables))


def found_in(tables: Mapping[str, str], *, only: str = "", file: str = "") -> dict[str, list[Placed]]:
    """Read the rows of files: name without .toml → text.

    What follows an underscore in a name only divides a long table: steps.toml and steps_crew.toml are both `steps`. A file that is given
    by `file` holds rows of any table, beside the section `only`, which is left to who asks.
    """
    found: dict[str, list[Placed]] = {name: [] for name in TABLES}
    for name, text in tables.items():
        place = file or f"{name}.toml"
        stem = name.partition("_")[0]
        held = tuple(TABLES) if file else TOGETHER.get(stem, (stem,))
        for section, raws in parsed(place, text).items():
            if file and section == only:
                continue
            if section not in held or section not in TABLES:
                raise LawFault(f"{place}: unknown section {section}; only {' '.join(f'[[{h}]]' for h in held)} is read")
            found[section] += (Placed(row, where) for row, where in rows(place, section, TABLES[section], raws, text))
    return found


def built(found: Mapping[str, Sequence[Placed]]) -> Law:
    """Build the law from rows that were read, and refuse what does not hold together."""
    given: dict[str, Any] = {name: tuple(placed.row for placed in rows_) for name, rows_ in found.items()}
    law_ = Law(**given)
    check(law_, found)
    return law_


def texts() -> dict[str, str]:
    """Give the text of the tables that ship with the product."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.toml"))}


@cache
def law() -> Law:
    """Give the law that ships with the product, read once."""
    return read(texts())
