"""The registers that are taken in, and the capacity that each one's words stand for; read from two tables."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CAPACITIES = ("worker", "student", "spouse", "child", "crew", "other")

_NOT_WORD = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its key, names, owner, layout of the reading engine, promised rhythm in days, trust 0 to 100."""

    key: str
    name: str
    name_en: str
    owner: str
    layout: str
    every_days: int
    trust: int


@dataclass(frozen=True, slots=True)
class Capacities:
    """How one register says the capacity: the column, the words, and what stands for none and for an unknown one."""

    column: str
    without: str
    unknown: str
    words: Mapping[str, str]

    def read(self, text: str | None) -> tuple[str, bool]:
        """Give the capacity of a text, and whether the text was known."""
        if not text:
            return self.without, True
        found = self.words.get(_plain(text))
        return (self.unknown, False) if found is None else (found, True)


@cache
def registers() -> dict[str, Register]:
    """Give every register by its key, in the order of the table."""
    return {row["key"]: Register(**row) for row in _table("sources")["sources"]}


@cache
def capacities(source: str) -> Capacities:
    """Give how one register says the capacity."""
    row = dict(_table("capacities")[source])
    given = {key: row.pop(key) for key in ("column", "without", "unknown")}
    strange = set(row) - set(CAPACITIES)
    if strange:
        raise ValueError(f"capacities.toml ({source}): {sorted(strange)[0]} is no capacity")
    words = {_plain(word): capacity for capacity, known in row.items() for word in known}
    return Capacities(**given, words=words)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.upper())


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
