"""Link registers: the stages in order, timed, with one result that a room or a file can use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from time import perf_counter, process_time
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import memory
from selaras.engines.linkage.blocking import Candidates, candidates
from selaras.engines.linkage.calibrating import calibration
from selaras.engines.linkage.clerical import Pool, pool_of
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.columns import Bool, Columns, encode
from selaras.engines.linkage.comparing import U64, compare, levels_of
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.copying import mark_copies
from selaras.engines.linkage.grouping import MOST_REGISTERS, groups_of, passport_witnesses, witnesses
from selaras.engines.linkage.judged import Judged, Read, told, with_judged
from selaras.engines.linkage.lending import lent_niks
from selaras.engines.linkage.model import F32, VERSION, Model, learn, silver_of, weigh
from selaras.engines.linkage.records import PHONE_SHARED
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.resolving import JUDGED, MOST, Persons, resolve
from selaras.engines.linkage.reviewing import LEAST_EFFECT, effects
from selaras.engines.linkage.shifting import shift_groups
from selaras.engines.linkage.statistics import Statistics
from selaras.engines.linkage.teaching import teach

Progress = Callable[[str, int, int | None], None]

# Pairs less likely than this are not listed; they are still counted.
_LEAST_LISTED = 0.01
REVIEW_SHARE = 0.01
_DECISIONS = pl.Series(["link", "review", "no"])
STAGES = ("encode", "block", "compare", "learn", "resolve", "list")


class Rows(Protocol):
    """What linking reads of coded rows, beside what finding candidates and comparing read.

    `rows`: records with at least `source` and `phone`.
    """

    @property
    def row_id(self) -> pl.Series:
        """The id of each row."""

    @property
    def rows(self) -> npt.NDArray[Any]:
        """The rows as records."""

    @property
    def shared_numbers(self) -> dict[str, int]:
        """How many numbers of which kind are borne by many and put aside."""

    @property
    def valid(self) -> Bool:
        """Rows that are somebody."""

    def flag(self, bit: int) -> Bool:
        """Rows that have a flag."""

    def __len__(self) -> int:
        """How many rows there are."""


C = TypeVar("C", bound=Rows)


@dataclass(frozen=True)
class Linkage:
    """Result of a run.

    `clusters`: rec_id, source, cluster_id (least rec_id of the person), valid; one line per row, in the order given.
    `pairs`: left, right, probability, weight (ln odds), decision (link, review, no), judged, joined, effect (what a
    judgement would change, see `reviewing`), left_rows and right_rows (how many rows hang on each side), group and one level
    per comparison; pairs of at least 1 % probability, all judged ones and all within a person. `model`: plain values, see
    `Model.as_dict`. `run`: version, stage seconds, CPU seconds, peak memory in MB, counts, and what judgements changed.
    `alone`: the persons as they would be without any judgement, when there is one. `drawable`: pairs kept for a sample to be
    read by people (see `clerical`): stratum, left, right, probability; `run["strata"]` says of how many.
    """

    clusters: pl.DataFrame
    pairs: pl.DataFrame
    model: dict[str, Any]
    run: dict[str, Any]
    persons: Persons = field(repr=False)
    seed: int = 0
    alone: Persons | None = field(default=None, repr=False)
    drawable: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)


class Watch:
    """Wall and CPU seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, dict[str, float]] = {}
        self._wall, self._cpu = perf_counter(), process_time()

    def lap(self, stage: str) -> None:
        """Close a stage."""
        wall, cpu = perf_counter(), process_time()
        self.stages[stage] = {"wall": round(wall - self._wall, 3), "cpu": round(cpu - self._cpu, 3)}
        self._wall, self._cpu = wall, cpu


def link(
    registers: Iterable[Register],
    judged: Judged = (),
    progress: Progress | None = None,
    seed: int = 0,
    model: dict[str, Any] | None = None,
    statistics: Statistics | None = None,
    keep: Callable[[Columns, Candidates, F32, Persons, Model], None] | None = None,
    held: Judged = (),
    read: Read = (),
) -> Linkage:
    """Find which rows of all registers are the same person.

    `judged`: (left row id, right row id, same|different|unsure); same and different are held to, whatever the weights, and
    teach the weights (see `teaching`). `held`: the same for what is known otherwise than by comparing rows; it teaches nothing. `read`:
    pairs of a drawn sample with the number of pairs that each stands for; they teach and are not held to.
    `model`: a saved model to score with instead of learning one; `statistics`: what was frozen with it (`Columns.frozen`), so
    that a row means what it meant then. `keep` is given the coded rows, the candidates, their weights, the persons and the
    model before they are let go. The same input gives the same output.
    """
    watch = Watch()
    tell = progress or _silent
    tell("encode", 0, None)
    memory.give_back()
    given = list(registers)
    if not given:
        raise ValueError("There is no register to link.")
    if len(given) > MOST_REGISTERS:
        raise ValueError(f"{len(given)} registers are too many to link at once; {MOST_REGISTERS} are the most.")
    rows_of, faults = {r.source: len(r) for r in given}, {r.source: r.faults for r in given}
    watch.lap("read")
    # Given away one by one, so that each column is let go once it is coded.
    c = encode((given.pop(0) for _ in range(len(given))), statistics)
    watch.lap("encode")
    return link_coded(c, candidates, compare, rows_of, faults, judged, progress, seed, model, watch, keep, held, read)


def link_coded(
    c: C,
    find: Callable[[C, Progress | None], Candidates],
    liken: Callable[[C, I32, I32, Progress | None], U64],
    rows_of: Mapping[str, int],
    faults: Mapping[str, Mapping[str, int]],
    judged: Judged = (),
    progress: Progress | None = None,
    seed: int = 0,
    model: dict[str, Any] | None = None,
    watch: Watch | None = None,
    keep: Callable[[C, Candidates, F32, Persons, Model], None] | None = None,
    held: Judged = (),
    read: Read = (),
) -> Linkage:
    """`link` for rows that are coded already, in whatever way: `find` gives candidates, `liken` their patterns of levels."""
    watch = watch or Watch()
    tell = progress or _silent
    found = find(c, progress)
    found, said = with_judged(c, found, judged, held, read)
    fixed = said.fixed
    watch.lap("block")
    pattern = liken(c, found.left, found.right, progress)
    watch.lap("compare")
    tell("learn", 0, None)
    group = memory.aside(groups_of(c.rows["source"], found, pattern))
    if model:
        learnt = Model.from_dict(model)
    else:
        learnt = learn(silver_of(pattern, witnesses(found, group), passport_witnesses(found, pattern), seed))
        # Scored as it is saved: whoever reads the model again finds the same pairs.
        learnt = Model.from_dict(shift_groups(learnt, pattern, group, lent_niks(c.rows, found, group)).as_dict())
    weight = memory.aside(weigh(learnt, pattern, group))
    found = mark_copies(c.rows, found, weight)
    unaided, spread = learnt, 0.0
    if not model and len(said.at):
        learnt, spread = teach(learnt, said.verdicts(pattern, group, weight), seed)
    alone = settled(len(c), found, weight) if len(said.at) or fixed.any() else None
    if spread:
        learnt = Model.from_dict(learnt.as_dict())
        weight = memory.aside(weigh(learnt, pattern, group))
        found = mark_copies(c.rows, found, weight)
    watch.lap("learn")
    tell("resolve", 0, None)
    persons = settled(len(c), found, weight, fixed)
    watch.lap("resolve")
    if keep:
        keep(c, found, weight, persons, learnt)
        watch.lap("keep")
    # What is needed of all pairs is taken first, and the pairs are let go before the rows are listed.
    pool = pool_of(persons.label, found.left, found.right, weight, seed)
    drawable = drawable_pairs(c.row_id, found, weight, pool)
    calibrated = calibration(learnt, pattern, group)
    pairs = memory.frame_aside(list_pairs(c, found, pattern, group, weight, fixed, persons))
    compared = found.skipped, len(found)
    del found, pattern, group, weight, fixed
    counts = _counts(c, compared, pairs, persons, learnt)
    clusters = clusters_of(c.row_id, c.rows["source"], c.valid, persons)
    watch.lap("list")
    run = {
        "version": VERSION,
        "stages": watch.stages,
        "cpu_seconds": round(sum(stage["cpu"] for stage in watch.stages.values()), 2),
        **memory.told(),
        "counts": {"rows": dict(rows_of), **counts},
        "faults": dict(faults),
        "calibration": calibrated,
        "seed": seed,
        "strata": {"strata": [asdict(stratum) for stratum in pool.strata], "beyond": round(pool.beyond, 3)},
    }
    if alone:
        run["judged"] = told(said, spread, (unaided, alone), (learnt, persons), pairs, c.valid)
    return Linkage(clusters, pairs, learnt.as_dict(), run, persons, seed, alone, drawable)


def settled(rows: int, found: Candidates, weight: F32, fixed: npt.NDArray[np.int8] | None = None) -> Persons:
    """Persons, with what is held to outweighing every sum of weights."""
    decided = np.clip(weight, -MOST, MOST, out=memory.empty(len(weight), np.float32))
    if fixed is not None:
        decided[fixed != 0] = fixed[fixed != 0] * JUDGED
    return resolve(rows, found.left, found.right, decided, found.found)


def drawable_pairs(row_id: pl.Series, found: Candidates, weight: F32, pool: Pool) -> pl.DataFrame:
    """The pairs kept for drawing, with the ids of their rows."""
    return pl.DataFrame(
        {
            "stratum": pool.stratum,
            "left": row_id.gather(found.left[pool.at]),
            "right": row_id.gather(found.right[pool.at]),
            "probability": 1 / (1 + np.exp(-weight[pool.at].astype(np.float64))),
        }
    )


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody asked for."""


def clusters_of(row_id: pl.Series, source: npt.NDArray[np.uint16], valid: Bool, persons: Persons) -> pl.DataFrame:
    """A line per row; ids are put in order once, and compared as numbers."""
    first = np.full(len(persons.label), -1, dtype=np.int32)
    _first_rows(persons.label, row_id.rank("ordinal").to_numpy(), first)
    return pl.DataFrame(
        {
            "rec_id": row_id,
            "source": source.astype(np.int8),
            "cluster_id": row_id.gather(first[persons.label]),
            "valid": valid,
        }
    )


@compiled
def _first_rows(label: I32, order: Any, first: I32) -> None:
    """By the lowest row of each person, the one of her rows that comes first in `order`."""
    for row in range(len(label)):
        own = label[row]
        if first[own] < 0 or order[row] < order[first[own]]:
            first[own] = row


def list_pairs(
    c: Rows,
    found: Candidates,
    pattern: U64,
    group: npt.NDArray[np.int16],
    weight: F32,
    fixed: npt.NDArray[np.int8],
    persons: Persons,
) -> pl.DataFrame:
    """The pairs worth listing, in the form of `Linkage.pairs`. `fixed`: 1 judged the same, -1 judged different, else 0."""
    pairs, shown = decided_pairs(c.row_id, c.valid, found, weight, fixed, persons)
    return pairs.with_columns(levels_told(pattern[shown], group[shown]))


def levels_told(pattern: U64, group: npt.NDArray[np.int16]) -> list[pl.Series]:
    """The group of each pair and one level per comparison, as columns of `Linkage.pairs`."""
    levels = levels_of(pattern)
    told = {comparison.name: levels[:, at] for at, comparison in enumerate((lv.NIK, *lv.COMPARISONS))}
    return pl.DataFrame({"group": group.astype(np.int32), **told}).get_columns()


def decided_pairs(
    row_id: pl.Series, valid: Bool, found: Candidates, weight: F32, fixed: npt.NDArray[np.int8], persons: Persons
) -> tuple[pl.DataFrame, I64]:
    """The pairs worth listing with all that is said of them but their levels, and the place of each among the candidates."""
    shown = listed(persons.label, found, weight, fixed)
    decided = np.clip(weight[shown], -MOST, MOST)
    decided[fixed[shown] != 0] = fixed[shown][fixed[shown] != 0] * JUDGED
    order = np.argsort(-decided, kind="stable")
    shown, decided = shown[order], decided[order]
    w, verdict = weight[shown].astype(np.float64), fixed[shown]
    probability = 1 / (1 + np.exp(-np.clip(w, -40, 40)))
    left, right = found.left[shown], found.right[shown]
    asked = effects(persons, left, right, decided, valid)
    effect = np.where(verdict == 0, asked.effect, 0)
    review = np.zeros(len(shown), dtype=bool)
    review[np.argsort(-effect, kind="stable")[: int(REVIEW_SHARE * len(row_id))]] = True
    review &= effect >= LEAST_EFFECT
    same = np.where(verdict != 0, verdict > 0, w > 0)
    pairs = pl.DataFrame(
        {
            "left": row_id.gather(left),
            "right": row_id.gather(right),
            "probability": np.where(verdict != 0, (verdict > 0).astype(np.float64), probability),
            "weight": w,
            "decision": _DECISIONS.gather(np.where(review, 1, np.where(same, 0, 2))),
            "judged": verdict != 0,
            "joined": persons.label[left] == persons.label[right],
            "effect": effect,
            "left_rows": asked.left_rows,
            "right_rows": asked.right_rows,
        }
    )
    return pairs, shown


def listed(label: I32, found: Candidates, weight: F32, fixed: npt.NDArray[np.int8]) -> I64:
    """Places of the pairs to list: the likely, the judged, and all within a person."""
    keep = np.empty(len(found), dtype=bool)
    likely = np.float32(_odds(_LEAST_LISTED))

    def part(i: int, j: int) -> None:
        keep[i:j] = (weight[i:j] >= likely) | (fixed[i:j] != 0)
        keep[i:j] |= label[found.left[i:j]] == label[found.right[i:j]]

    in_parts(len(found), part, least=1 << 18)
    return np.flatnonzero(keep)


def _odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def _counts(
    c: Rows,
    compared: tuple[int, int],
    pairs: pl.DataFrame,
    persons: Persons,
    model: Model,
) -> dict[str, Any]:
    decided = dict(pairs["decision"].value_counts().rows())
    skipped, candidates = compared
    return {
        "nobody": int((~c.valid).sum()),
        "candidates": candidates,
        "rows_in_blocks_cut_short": skipped,
        "silver_pairs": model.silver_pairs,
        "pairs": {decision: int(decided.get(decision, 0)) for decision in ("link", "review", "no")},
        "persons": int(np.count_nonzero(np.bincount(persons.label[c.valid]))),
        "shared_numbers": c.shared_numbers,
        "phones_shared": int(np.unique(c.rows["phone"][c.flag(PHONE_SHARED)]).size),
    }
