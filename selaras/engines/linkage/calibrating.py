"""Whether a probability means what it says: what the other columns say of a pair, beside what its NIKs say, without any truth."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import U64, level_of
from selaras.engines.linkage.grouping import I16, KINDS, WITNESSES
from selaras.engines.linkage.model import Model, weigh

EDGES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
_LEAST = 200
_MOST = 2_000_000
# The share of pairs, those that look least alike, of whom none is taken for a match.
_HOPELESS = 0.1
_NIK_AGREES = (lv.NIK_EQUAL, lv.NIK_LAST_DIGIT, lv.NIK_ONE_DIGIT)


def calibration(model: Model, pattern: U64, group: I16) -> list[dict[str, Any]]:
    """Bins of the probability that the weights without the NIK give: low, high, pairs, expected and observed share of matches.

    Pairs with a NIK on both sides that something else found. Observed follows from how many agree on the NIK, given how many of
    those who share a passport do (a person's NIK is mistyped or changed at times), and how many of the hopeless do. Empty where
    too few pairs tell; of very many a part is read.
    """
    step = max(1, len(pattern) // _MOST)
    pattern, group = pattern[::step], group[::step]
    seen = group % KINDS == WITNESSES
    pattern, group = pattern[seen], group[seen]
    nik = level_of(pattern, lv.NIK.name)
    agrees = np.isin(nik, _NIK_AGREES)
    passport = level_of(pattern, "passport") == lv.PASSPORT_EQUAL
    said = weigh(replace(model, nik=np.zeros_like(model.nik)), pattern, group).astype(np.float64)
    chance = 1 / (1 + np.exp(-np.clip(said, -40, 40)))
    hopeless = said <= np.quantile(said, _HOPELESS) if len(said) else agrees
    if passport.sum() < _LEAST or hopeless.sum() < _LEAST:
        return []
    own, chanced = float(agrees[passport].mean()), float(agrees[hopeless].mean())
    if own - chanced < 0.5:
        return []
    place = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
    return [
        {
            "low": EDGES[at],
            "high": EDGES[at + 1],
            "pairs": int(mine.sum()),
            "expected": round(float(chance[mine].mean()), 5),
            "observed": round(float(np.clip((agrees[mine].mean() - chanced) / (own - chanced), 0, 1)), 5),
        }
        for at in range(len(EDGES) - 1)
        if (mine := _in(place, at)).any()
    ]


def _in(place: npt.NDArray[np.intp], at: int) -> npt.NDArray[np.bool_]:
    return np.asarray(place == at)
