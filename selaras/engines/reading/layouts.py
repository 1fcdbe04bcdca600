"""The registers whose columns are known, loaded from `layouts.toml`, and the recognising of one from its header."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from selaras.engines.reading.shapes import CANONICAL

DateOrder = Literal["dmy", "mdy", "ymd"]
# A layout is recognised when this share of its columns is there: one or two renamed ones must not hide it.
RECOGNISED_SHARE = 0.7

_REPEATED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class Layout:
    """One known register: canonical column <- headings it goes by, what must be there, the order of its dates."""

    name: str
    title: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    dates: dict[str, DateOrder]

    def mapping(self, header: Sequence[str]) -> dict[str, str | None]:
        """Canonical column -> the heading of `header` that stands for it, or None where there is none."""
        found: dict[str, str | None] = {}
        for canonical in CANONICAL:
            keys = {heading_key(name): rank for rank, name in enumerate(self.columns.get(canonical, ()))}
            hits = [(keys[heading_key(h)], place, h) for place, h in enumerate(header) if heading_key(h) in keys]
            found[canonical] = min(hits)[2] if hits else None
        return found


def words(heading: str) -> list[str]:
    """The words of a heading without case, accents and punctuation; a repeat mark such as ` (2)` is left out."""
    plain = unicodedata.normalize("NFKD", _REPEATED.sub("", heading)).casefold()
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def heading_key(heading: str) -> str:
    """What two headings share when they are the same but for case, spaces and punctuation."""
    return "".join(words(heading))


def word_key(heading: str) -> str:
    """Like `heading_key`, but the order of the words does not count either (`LAHIR TEMPAT` = `TEMPAT LAHIR`)."""
    return " ".join(sorted(words(heading)))


@cache
def load_layouts() -> dict[str, Layout]:
    """Every layout of `layouts.toml` by name. Raises ValueError for a column that is not canonical."""
    layouts = {}
    for name, table in _tables()["layouts"].items():
        unknown = (set(table["columns"]) | set(table["dates"]) | set(table["required"])) - set(CANONICAL)
        if unknown:
            raise ValueError(f"layouts.toml: {name} names unknown columns {sorted(unknown)}")
        columns = {canonical: tuple(headings) for canonical, headings in table["columns"].items()}
        layouts[name] = Layout(name, table["title"], columns, tuple(table["required"]), dict(table["dates"]))
    return layouts


@cache
def all_headings() -> dict[str, tuple[str, ...]]:
    """Canonical column -> every heading known for it, from all layouts and the synonyms."""
    synonyms = _tables()["synonyms"]
    return {
        canonical: tuple(
            dict.fromkeys(
                [h for layout in load_layouts().values() for h in layout.columns.get(canonical, ())]
                + list(synonyms.get(canonical, ()))
            )
        )
        for canonical in CANONICAL
    }


@cache
def _known_keys() -> frozenset[str]:
    names = [heading for headings in all_headings().values() for heading in headings]
    return frozenset(key(name) for name in names for key in (heading_key, word_key))


def is_known(heading: str) -> bool:
    """Whether some register heads a column like this."""
    return bool(words(heading)) and (heading_key(heading) in _known_keys() or word_key(heading) in _known_keys())


def recognise(header: Iterable[str]) -> Layout | None:
    """The known layout that this header belongs to, or None; tolerant to case, spaces, punctuation and order.

    A column or two may be missing or renamed (`check_mapping` then names them); below 70 % it is another form.
    """
    headings = list(header)
    best: tuple[float, Layout] | None = None
    for layout in load_layouts().values():
        found = sum(heading is not None for heading in layout.mapping(headings).values())
        share = found / len(layout.columns)
        if share >= RECOGNISED_SHARE and (best is None or share > best[0]):
            best = (share, layout)
    return best[1] if best else None


@cache
def _tables() -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads(files("selaras.engines.reading").joinpath("layouts.toml").read_text("utf-8"))
    return loaded
