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


def layout_of(headers: Sequence[str], layout: str | None = None) -> Layout | None:
    """The layout of a table: the named one (or TOML file), else the one that explains most headings; None: canonical headings.

    Canonical headings are a layout of their own; so a table made by hand with a few of a register's columns is read too.
    Raises `UnknownLayout` for a name that is none.
    """
    if layout == "canonical":
        return None
    if own := own_layout(layout):
        return own
    if layout is not None:
        if layout not in load_layouts():
            raise UnknownLayout(f"There is no layout {layout!r}; known are canonical, {', '.join(load_layouts())}.")
        return load_layouts()[layout]
    explained: dict[str | None, int] = {None: sum(name in headers for name in CANONICAL)}
    for name, known in load_layouts().items():
        explained[name] = sum(heading is not None for heading in known.mapping(headers).values())
    best = max(explained, key=lambda name: explained[name])
    return load_layouts()[best] if best else None


def columns_of(headers: Sequence[str], layout: str | None = None) -> dict[str, str | None]:
    """Canonical column → its heading, by `layout_of`."""
    known = layout_of(headers, layout)
    return known.mapping(headers) if known else {name: name if name in headers else None for name in CANONICAL}


def recognise(headers: Sequence[str], layout: str | None = None) -> dict[str, str]:
    """Mapping header → canonical column; raises `UnknownLayout` when no column can serve as row id or name."""
    mapping = {heading: name for name, heading in columns_of(headers, layout).items() if heading is not None}
    missing = {"row_id", "name"} - set(mapping.values())
    if missing:
        raise UnknownLayout(
            f"The header has no column for {' and '.join(sorted(missing))}. Found: {', '.join(list(headers)[:12])}."
        )
    return mapping
