"""The registers whose columns are known, loaded from `layouts.toml`, and the recognising of one from its header."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from selaras.engines.reading.shapes import CANONICAL, REQUIRED

DateOrder = Literal["dmy", "mdy", "ymd"]
# What a dated row of a register says of where somebody is: that she was entered for going there, that she said she is
# there, that she left for there, that she crossed the border, that she came home or died, or only that she lives or not.
Event = Literal["registration", "report", "departure", "crossing", "return", "population"]
# How far a column is believed that no layout speaks of: typed by hand, with the usual slips.
USUAL_TRUST = 50
# A layout is recognised when this share of its columns is there: one or two renamed ones must not hide it.
RECOGNISED_SHARE = 0.7

_REPEATED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class Layout:
    """One known register: canonical column <- headings it goes by, what must be there, the order of its dates.

    `joined`: canonical column <- headings whose cells are put together with a space, such as given name and surname.
    `event`: what its dated rows mean. `trust`: canonical column -> 0 to 100, see `layouts.toml`.
    """

    name: str
    title: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    dates: dict[str, DateOrder]
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    event: Event = "report"
    trust: dict[str, int] = field(default_factory=dict)

    def mapping(self, header: Sequence[str]) -> dict[str, str | None]:
        """Canonical column -> the heading of `header` that stands for it, or None where there is none."""
        found: dict[str, str | None] = {}
        for canonical in CANONICAL:
            keys = {heading_key(name): rank for rank, name in enumerate(self.columns.get(canonical, ()))}
            hits = [(keys[heading_key(h)], place, h) for place, h in enumerate(header) if heading_key(h) in keys]
            found[canonical] = min(hits)[2] if hits else None
        return found | {canonical: parts[0] for canonical, parts in self.parts(header).items()}

    def parts(self, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Canonical column -> the headings of `header` that make it up, for those columns that are put together."""
        there = {heading_key(heading): heading for heading in reversed(header)}
        found = {
            canonical: tuple(there[heading_key(name)] for name in names if heading_key(name) in there)
            for canonical, names in self.joined.items()
        }
        return {canonical: parts for canonical, parts in found.items() if parts}


def words(heading: str) -> list[str]:
    """The words of a heading without case, accents and punctuation; a repeat mark such as ` (2)` is left out."""
    plain = unicodedata.normalize("NFKD", _REPEATED.sub("", heading)).casefold()
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=1 << 12)
def heading_key(heading: str) -> str:
    """What two headings share when they are the same but for case, spaces and punctuation."""
    return "".join(words(heading))


def word_key(heading: str) -> str:
    """Like `heading_key`, but the order of the words does not count either (`LAHIR TEMPAT` = `TEMPAT LAHIR`)."""
    return " ".join(sorted(words(heading)))


@cache
def load_layouts() -> dict[str, Layout]:
    """Every layout of `layouts.toml` by name. Raises ValueError for a column that is not canonical."""
    return {name: _layout("layouts.toml", name, table) for name, table in _tables()["layouts"].items()}


def read_layout(path: Path) -> Layout:
    """A layout that its owner wrote: a TOML file with `columns`, and maybe `joined`, `dates`, `required` and `title`.

    Raises ValueError, with one sentence, for a file that is no such layout.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ValueError(f"{path.name}: the layout cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ValueError(f"{path.name}: the layout is no TOML file: {error}") from None
    return _layout(path.name, path.stem, table)


def _layout(file: str, name: str, table: Mapping[str, Any]) -> Layout:
    columns, joined = _headings(file, table, "columns"), _headings(file, table, "joined")
    dates, required = dict(table.get("dates", {})), tuple(table.get("required", REQUIRED))
    trust, event = dict(table.get("trust", {})), table.get("event", "report")
    unknown = {*columns, *joined, *dates, *required, *trust} - set(CANONICAL)
    if unknown:
        raise ValueError(f"{file}: {name} names unknown columns {sorted(unknown)}; known are {', '.join(CANONICAL)}.")
    wrong = {order for order in dates.values() if order not in get_args(DateOrder)}
    if wrong:
        raise ValueError(f"{file}: {name} orders dates by {sorted(map(str, wrong))}; known are dmy, mdy and ymd.")
    if event not in get_args(Event):
        raise ValueError(f"{file}: {name} has the event {str(event)!r}; known are {', '.join(get_args(Event))}.")
    if not all(type(told) is int and 0 <= told <= 100 for told in trust.values()):
        raise ValueError(f"{file}: {name} has a trust that is no whole number from 0 to 100.")
    return Layout(name, str(table.get("title", name)), columns, required, dates, joined, event, trust)


def _headings(file: str, table: Mapping[str, Any], part: str) -> dict[str, tuple[str, ...]]:
    """Column -> headings of one table of a layout; a heading may stand by itself."""
    given = table.get(part, {})
    lists = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
    if not all(isinstance(value, list) and all(isinstance(one, str) for one in value) for value in lists.values()):
        raise ValueError(f"{file}: in {part!r} each column has a heading or a list of headings.")
    return {name: tuple(value) for name, value in lists.items()}


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
