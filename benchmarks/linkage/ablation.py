"""What each key and each comparison brings: the whole linkage again with one of them left out.

`python -m benchmarks linkage ablation DATA_DIR`. Nothing in the engine is switched: of the candidates those go that only the
key had found, and a comparison left out has the level "missing" in every pair; then the engine learns and resolves anew.
"""

from typing import Any

import numpy as np

from benchmarks.linkage import scoring
from benchmarks.linkage.parts import COMPARISONS, Bool, Parts, asked_parts, without, without_key
from benchmarks.linkage.running import percent
from benchmarks.machine import table
from selaras.engines.linkage import Linkage, headcount
from selaras.engines.linkage.blocking import KEYS

# A name's rarity is read off the name: it goes when the name goes, and is left out by itself too.
TOGETHER = {"name": ("name", "rarity")}


def scored(parts: Parts, linkage: Linkage) -> dict[str, Any]:
    """Agreement and headcount of one linkage."""
    rows = scoring.linked(parts.rows, linkage.clusters)
    return scoring.pairwise(rows) | {"count": scoring.by_intervals(rows, headcount(parts.registers, linkage))}


def line(name: str, parts: Parts, now: dict[str, Any], whole: dict[str, Any], of: Bool | None) -> dict[str, Any]:
    """One line of the table; differences are against the whole engine."""
    recall = parts.recall(of)
    own = {} if of is None else {"pairs less": int((~of).sum()), "true pairs less": int((parts.true & ~of).sum())}
    return {
        "without": name,
        "F1 across": f"{now['cross']['f1']:.4f}",
        "change": f"{100 * (now['cross']['f1'] - whole['cross']['f1']):+.2f}",
        "F1 all": f"{now['all']['f1']:.4f}",
        "change ": f"{100 * (now['all']['f1'] - whole['all']['f1']):+.2f}",
        "count: sum": percent(now["count"]["sum"]),
        "worst of 1,000": percent(now["count"]["worst"]),
        "covered": percent(now["count"]["covered"], 0),
        "recall of candidates, across": f"{recall['cross']:.4f}",
        **own,
    }


def main() -> None:
    """Leave out one after another, and print two tables."""
    data, before, parts = asked_parts(__doc__)
    whole = scored(parts, parts.linked())
    everything = np.ones(len(parts.found), dtype=bool)
    keys = [line("nothing", parts, whole, whole, everything)]
    for key in KEYS:
        chosen, bits = without_key(parts, key)
        keys.append(line(key, parts, scored(parts, parts.linked(chosen, bits=bits)), whole, chosen))
    compared = []
    for name in COMPARISONS:
        linkage = parts.linked(pattern=without(parts.pattern, TOGETHER.get(name, (name,))))
        compared.append(line(" and ".join(TOGETHER.get(name, (name,))), parts, scored(parts, linkage), whole, None))
    print(f"`python -m benchmarks linkage ablation {data.name}`: {before}; changes in hundredths of F1\n")
    print(f"Keys; {len(parts.found):,} pairs with all of them:\n\n{table(keys)}\n\nComparisons:\n\n{table(compared)}")


if __name__ == "__main__":
    main()
