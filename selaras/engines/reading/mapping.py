"""Which heading stands for which canonical column: proposed for an unknown file, and checked before it is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from selaras.engines.reading.faults import Fault, Params
from selaras.engines.reading.layouts import all_headings, heading_key, recognise, word_key, words
from selaras.engines.reading.shapes import CANONICAL, REQUIRED

ALIKE = 0.80  # below this, two headings are not thought to be one


@dataclass(frozen=True, slots=True)
class Proposal:
    """The heading proposed for a column (None: none fits) and how sure that is, 0 to 1."""

    heading: str | None
    confidence: float


def propose_mapping(header: Sequence[str]) -> dict[str, Proposal]:
    """Canonical column -> the heading that most likely stands for it; no heading is used twice.

    A known layout is proposed as it is. 1.0: a known heading; 0.95: its words in another order; less: alike in writing.
    """
    layout = recognise(header)
    taken: dict[str, Proposal] = {}
    if layout is not None:
        taken = {name: Proposal(heading, 1.0) for name, heading in layout.mapping(header).items() if heading}
    used = {proposal.heading for proposal in taken.values()}
    scores = sorted(
        (-_likeness(heading, known), CANONICAL.index(canonical), place)
        for canonical, known in all_headings().items()
        if canonical not in taken
        for place, heading in enumerate(header)
    )
    for minus, index, place in scores:
        canonical, heading = CANONICAL[index], header[place]
        if -minus >= ALIKE and canonical not in taken and heading not in used:
            taken[canonical] = Proposal(heading, round(-minus, 3))
            used.add(heading)
    return {canonical: taken.get(canonical, Proposal(None, 0.0)) for canonical in CANONICAL}


def check_mapping(
    header: Sequence[str], mapping: Mapping[str, str | None], *, chosen: Collection[str] = ()
) -> list[Fault]:
    """Every reason why `mapping` (canonical column -> heading of `header`) does not fit this header; empty: it fits.

    `chosen`: columns whose heading a person picked although the file has it twice. `column.missing` with `required`
    false is a warning; every other fault must be mended before the file can be read (`is_fatal`).
    """
    faults = [Fault("column.unknown", {"canonical": name}) for name in mapping if name not in CANONICAL]
    layout = recognise(header)
    spare = [heading for heading in header if heading not in mapping.values()]
    expected = set(REQUIRED) | (set(layout.columns) if layout else set())
    needed = {*REQUIRED, *(layout.required if layout else ())}
    for canonical in CANONICAL:
        heading = mapping.get(canonical)
        if heading is None:
            if canonical in expected:
                known = (layout.columns.get(canonical) if layout else None) or all_headings()[canonical]
                required = canonical in needed
                nearest = _nearest(spare, known)
                params: Params = {
                    "canonical": canonical,
                    "known_as": known,
                    "required": required,
                    "nearest": nearest,
                }
                faults.append(Fault("column.missing", params))
        elif heading not in header:
            nearest = _nearest(spare, (heading, *all_headings()[canonical]))
            faults.append(Fault("column.renamed", {"canonical": canonical, "heading": heading, "nearest": nearest}))
        else:
            alike = tuple(place for place, h in enumerate(header, 1) if heading_key(h) == heading_key(heading))
            if len(alike) > 1 and canonical not in chosen:
                faults.append(Fault("column.doubled", {"canonical": canonical, "heading": heading, "positions": alike}))
    for heading in dict.fromkeys(h for h in mapping.values() if h is not None):
        canonicals = tuple(name for name in CANONICAL if mapping.get(name) == heading)
        if len(canonicals) > 1:
            faults.append(Fault("column.shared", {"heading": heading, "canonicals": canonicals}))
    return faults


def is_fatal(fault: Fault) -> bool:
    """Whether a fault of a mapping keeps the file from being read."""
    return not (fault.code == "column.missing" and fault.params["required"] is False)


def _nearest(spare: Sequence[str], known: Sequence[str]) -> str | None:
    """The heading not in use that a column most likely was renamed to, or None; only shown, never taken by itself."""
    scores = [
        (max(fuzz.token_set_ratio(" ".join(words(heading)), " ".join(words(name))) for name in known), heading)
        for heading in spare
        if words(heading)
    ]
    best = max(scores, default=(0.0, ""))
    return best[1] if best[0] >= 100 * ALIKE else None


def _likeness(heading: str, known: Sequence[str]) -> float:
    key, by_word = heading_key(heading), word_key(heading)
    if not key:
        return 0.0
    if any(key == heading_key(name) for name in known):
        return 1.0
    if any(by_word == word_key(name) for name in known):
        return 0.95
    return max((fuzz.ratio(key, heading_key(name)) / 100 * 0.9 for name in known), default=0.0)
