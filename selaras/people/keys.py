"""The search keys of a person: of every form of her name, with every birth year and home that her records give."""

from collections.abc import Iterable

from selaras.engines.linkage.names import name_keys


def search_keys_of(names: Iterable[str], told: Iterable[tuple[int | None, str | None]]) -> set[int]:
    """Make the keys to store: each name form with each (birth year, home area code) that is told of her."""
    pairs = list(dict.fromkeys((year, (home or "")[:4] or None) for year, home in told)) or [(None, None)]
    found: set[int] = set()
    for name in dict.fromkeys(names):
        for year, home in pairs:
            found.update(name_keys(name, year, home))
    return found
