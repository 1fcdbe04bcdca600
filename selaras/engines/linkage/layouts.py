"""Which heading of a table means which canonical column, by the layouts that reading knows."""

from collections.abc import Sequence

from selaras.engines.reading import CANONICAL, load_layouts


class UnknownLayout(ValueError):
    """The header fits no known layout, or a required column is missing; the text says which, without any value."""


def columns_of(headers: Sequence[str], layout: str | None = None) -> dict[str, str | None]:
    """Canonical column → its heading: by the named layout, else by the reading that explains most headings.

    Canonical headings are a layout of their own; so a table made by hand with a few of a register's columns is read too.
    """
    literal = {name: name if name in headers else None for name in CANONICAL}
    if layout == "canonical":
        return literal
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
