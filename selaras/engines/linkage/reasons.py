"""Why two rows were held to be one person or two: reason codes with parameters and weights; no language here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Any

from selaras.engines.linkage import levels as lv

START = "pair.start"
_GRADE = re.compile(r"^(rarity\.\w+?)_(\d)$")


@dataclass(frozen=True)
class Reason:
    """One comparison's say: a stable code, what a sentence needs to be exact, and its weight in natural log-odds."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
    weight: float = 0.0


def _public(code: str) -> tuple[str, dict[str, Any]]:
    """Grades of rarity are one code with parameters: the grade and about one in how many rows shares the name."""
    if graded := _GRADE.match(code):
        grade = int(graded[2])
        edges = (0.0, *lv.RARITY_EDGES)
        return graded[1], {"grade": grade, "grades": len(edges), "one_in": round(exp(edges[grade - 1]))}
    return code, {}


REASON_CODES: tuple[str, ...] = (
    *dict.fromkeys(_public(code)[0] for comparison in (lv.NIK, *lv.COMPARISONS) for code, _ in comparison.levels),
    START,
)


def reasons(pair_row: Mapping[str, Any], model: Mapping[str, Any] | None = None) -> list[Reason]:
    """The reasons of one row of `Linkage.pairs`, strongest first; their weights add up to the pair's weight.

    `model` is `Linkage.model`; without it the starting weights are shown.
    """
    birth = pair_row["birth"]
    side = "birth_agrees" if lv.BIRTH_EQUAL <= birth <= lv.BIRTH_IN_NIK else "birth_differs"
    found = []
    for comparison in (lv.NIK, *lv.COMPARISONS):
        code, weight = comparison.levels[pair_row[comparison.name]]
        if model is not None:
            table = model["nik"][side] if comparison is lv.NIK else model["weights"][comparison.name]
            weight = table[code]
        public, params = _public(code)
        found.append(Reason(public, params, float(weight)))
    if model is not None:
        start = model["intercept"] + model["intercepts"].get(str(pair_row["group"]), 0.0)
        found.append(Reason(START, {"group": pair_row["group"]}, float(start)))
    return sorted(found, key=lambda reason: (-abs(reason.weight), reason.code))
