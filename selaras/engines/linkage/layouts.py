"""Which heading of a table means which canonical column, by the layouts that reading knows."""

from collections.abc import Sequence
from pathlib import Path

from selaras.engines.reading import CANONICAL, Layout, load_layouts, read_layout


class UnknownLayout(ValueError):
    """The header fits no known layout, or a required column is missing; the text says which, without any value."""


def own_layout(layout: str | None) -> Layout | None:
    """The owner's layout when a TOML file is named, else None; raises `UnknownLayout` for a file that is none."""
    if layout is None or not layout.endswith(".toml"):
        return None
    try:
        return read_layout(Path(layout))
    except ValueError as error:
        raise UnknownLayout(str(error)) from None


def columns_of(headers: Sequence[str], layout: str | None = None) -> dict[str, str | None]:
    """Canonical column → its heading: by the named layout (or TOML file), else by the reading that explains most headings.

    Canonical headings are a layout of their own; so a table made by hand with a few of a register's columns is read too.
    """
    literal = {name: name if name in headers else None for name in CANONICAL}
    if layout == "canonical":
        return literal
    if own := own_layout(layout):
        return own.mapping(headers)
    if layout is not None:
        if layout not in load_layouts():
            raise UnknownLayout(f"There is no layout {layout!r}; known are canonical, {', '.join(load_layouts())}.")
        return load_layouts()[layout].mapping(headers)
    readings = [literal, *(known.mapping(headers) for known in load_layouts().values())]
    return max(readings, key=lambda columns: sum(heading is not None for heading in columns.values()))


def recognise(headers: Sequence[str], layout: str | None = None) -> dict[str, str]:
    """Mapping header → canonical column; raises `UnknownLayout` when no column can serve as row id or name."""
    mapping = {heading: name for name, heading in columns_of(headers, layout).items() if heading is not None}
    missing = {"row_id", "name"} - set(mapping.values())
    if missing:
        raise UnknownLayout(
            f"The header has no column for {' and '.join(sorted(missing))}. Found: {', '.join(list(headers)[:12])}."
        )
    return mapping
