"""Persons per country as an expectation with an interval, from match probabilities and not from a threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.coding import coded
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.linking import Linkage
from selaras.engines.linkage.meaning import ABROAD, DEAD, NOTHING, kind_of, rank_of
from selaras.engines.linkage.registers import Register

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
UNKNOWN = "XXX"
SEXES = ("man", "woman", "unknown")
_DRAWS = 400
# Weights may lean: a common error of the log-odds, and one of each country's own, drawn anew for each simulated count.
_COMMON_ERROR = 0.35
_COUNTRY_ERROR = 0.35
# What was never compared may be anything from nothing to the double of its estimate.
_UNSEEN_ERROR = 0.5
_SURE = 14.0
_DAY_BITS, _RANK_BITS, _ID_BITS = 27, 3, 32
_EDGES = np.linspace(-_SURE, _SURE, int(20 * _SURE) + 1)
_MIDDLES = (_EDGES[:-1] + _EDGES[1:]) / 2


@dataclass(frozen=True)
class _Standing:
    """Where everybody stands: per row whether it is `counted`, its time (`order`: later is greater) and its `country` (as many as `known` for
    none); per person (by lowest row) the `latest` and the `second` latest counted row."""

    linkage: Linkage
    known: pl.Series
    country: I64
    order: I64
    counted: npt.NDArray[np.bool_]
    latest: I64
    second: I64


def headcount(
    registers: Sequence[Register], linkage: Linkage, as_of: date | None = None, *, still_there: bool = False
) -> pl.DataFrame:
    """Persons by last known country: iso3, expected, low, high (95 %); `registers` as given to `link`, in that order.

    Each person once, in the country of her latest row up to `as_of` that puts her abroad (see `meaning`); rows that are nobody are
    left out; `XXX` is a country that no table knows. This is not a count of who is present today.

    `still_there`: only those of whom no later row says that she came home, and none that she died: another figure, under
    another name. Who came home unrecorded is still in it; how old a row may be is no matter of this engine.
    """
    return _by_country(_standing(_laid(registers), linkage, as_of, still_there))


def headcounts(
    registers: Sequence[Register], linkage: Linkage, as_of: date | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`headcount`, the same by sex (iso3, sex: man, woman or unknown, expected, low, high), and who is `still_there`.

    A person's sex is what most of her rows say; unknown where none does, or where they say both equally often. Intervals do not
    add, so the parts have their own.
    """
    laid = _laid(registers)
    standing = _standing(laid, linkage, as_of, False)
    sex = _sexes(linkage.persons.label, pl.concat([r.rows["sex"] for r in registers]).to_numpy())
    size = len(standing.known) + 1
    cell = standing.country * len(SEXES) + sex
    cell[standing.country == size - 1] = (size - 1) * len(SEXES)
    of = pl.DataFrame({"iso3": standing.known.cast(pl.String)}).join(pl.DataFrame({"sex": SEXES}), how="cross", maintain_order="left_right")
    by_sex = _shown(of, _weighed(standing, cell, len(of))).sort("iso3", "sex")
    return _by_country(standing), by_sex, _by_country(_standing(laid, linkage, as_of, True))


@dataclass(frozen=True)
class _Laid:
    """What a headcount reads of all rows: what kind of event (see `meaning`), its day, whether they are somebody, country, order."""

    kind: npt.NDArray[np.uint8]
    event: npt.NDArray[np.int32]
    valid: npt.NDArray[np.bool_]
    known: pl.Series
    country: I64
    order: I64


def _laid(registers: Sequence[Register]) -> _Laid:
    rows = pl.concat([r.rows.select("row_id", "event", "country", "valid", "means") for r in registers])
    means = rows["means"].to_numpy()
    kind, rank = kind_of(means), rank_of(means)
    names = rows["country"].cast(pl.String).fill_null(UNKNOWN)
    found = coded(names)
    by_name = found.values.arg_sort().to_numpy()
    known = found.values.gather(by_name)
    country = np.argsort(by_name).astype(np.int64)[found.codes]
    country[kind != ABROAD] = len(known)
    # Whoever died is in no country, whatever a later row says. One number holds it all: dead, day, rank, and the id for ties.
    time = ((kind == DEAD).astype(np.int64) << _DAY_BITS | rows["event"].to_numpy().astype(np.int64)) << _RANK_BITS | rank.astype(np.int64)
    order = time << _ID_BITS | rows["row_id"].rank("ordinal").to_numpy().astype(np.int64)
    return _Laid(kind, rows["event"].to_numpy(), rows["valid"].to_numpy(), known, country, order)


def _standing(laid: _Laid, linkage: Linkage, as_of: date | None, still_there: bool) -> _Standing:
    counted = laid.valid & ((laid.kind != NOTHING) if still_there else (laid.kind == ABROAD))
    if as_of is not None:
        counted &= laid.event <= as_of.year * 10000 + as_of.month * 100 + as_of.day
    latest, second = _latest(linkage.persons.label, laid.order, counted)
    return _Standing(linkage, laid.known, laid.country, laid.order, counted, latest, second)


def _by_country(standing: _Standing) -> pl.DataFrame:
    of = pl.DataFrame({"iso3": standing.known})
    return _shown(of, _weighed(standing, standing.country, len(of))).sort("iso3")


def _weighed(standing: _Standing, cell: I64, cells: int) -> tuple[F64, F64, F64]:
    """Expectation and interval of each cell; `cell`: that of each row, as many as `cells` for none."""
    s, nowhere = standing, cells + 1
    base = np.bincount(cell[s.latest[s.latest >= 0]], minlength=nowhere)[:-1].astype(np.float64)
    where, sign, weight = _doubts(s.linkage, s.order, s.counted, s.latest, s.second, cell)
    there = where < cells
    unseen = _unseen(s.linkage, s.counted, s.latest, s.second, cell, nowhere)[:-1]
    return _simulate(base, where[there], sign[there], weight[there], unseen, s.linkage.seed)


def _shown(of: pl.DataFrame, counted: tuple[F64, F64, F64]) -> pl.DataFrame:
    """The cells that hold anybody, or may."""
    table = of.with_columns(**{name: pl.Series(one) for name, one in zip(("expected", "low", "high"), counted, strict=True)})
    return table.filter((pl.col("expected") > 0) | (pl.col("high") > 0))


def _sexes(label: npt.NDArray[np.int32], sex: npt.NDArray[np.int8]) -> I64:
    """The sex of the person of each row, as a place in `SEXES`."""
    men, women = (np.bincount(label[sex == one], minlength=len(label)) for one in (1, 2))
    person = np.where(men > women, SEXES.index("man"), np.where(women > men, SEXES.index("woman"), SEXES.index("unknown")))
    return person[label].astype(np.int64)


def _latest(
    label: npt.NDArray[np.int32], order: npt.NDArray[np.int64], counted: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Per person (by lowest row), the latest and the second latest counted row; -1 for none."""
    latest = np.full(len(label), -1, dtype=np.int64)
    second = np.full(len(label), -1, dtype=np.int64)
    _two_latest(label, order, counted, latest, second)
    return latest, second


@compiled
def _two_latest(label: npt.NDArray[np.int32], order: I64, counted: npt.NDArray[np.bool_], latest: I64, second: I64) -> None:
    for row in range(len(label)):
        if not counted[row]:
            continue
        person = label[row]
        if latest[person] < 0 or order[row] > order[latest[person]]:
            second[person] = latest[person]
            latest[person] = row
        elif second[person] < 0 or order[row] > order[second[person]]:
            second[person] = row


def _doubts(
    linkage: Linkage,
    order: npt.NDArray[np.int64],
    counted: npt.NDArray[np.bool_],
    latest: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    country: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where each uncertain joining would change the count: country, +1 or -1, and the ln odds of that change."""
    p = linkage.persons
    row, other, weight, joined = p.doubt_row, p.doubt_other, p.doubt_weight, p.doubt_joined
    open_to_doubt = np.abs(weight) < _SURE
    # A row that leaves its person is counted where it stands; when it was the latest, the next latest is counted too.
    apart = joined & open_to_doubt & counted[row]
    leaving = row[apart]
    home = p.label[leaving]
    stays = np.where(latest[home] == leaving, second[home], leaving)
    alone = stays >= 0
    split_at, split_odds = country[stays[alone]], -weight[apart][alone]
    # Two persons that are one lose the earlier of their latest rows.
    together = ~joined & open_to_doubt
    one, two = latest[row[together]], latest[other[together]]
    both = (one >= 0) & (two >= 0)
    one, two = one[both], two[both]
    lost = np.where(order[one] < order[two], one, two)
    merge_at, merge_odds = country[lost], weight[together][both]
    where = np.concatenate([split_at, merge_at])
    sign = np.concatenate([np.ones(len(split_at)), -np.ones(len(merge_at))])
    return where, sign, np.concatenate([split_odds, merge_odds])


def _unseen(
    linkage: Linkage,
    counted: npt.NDArray[np.bool_],
    latest: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    country: npt.NDArray[np.int64],
    countries: int,
) -> npt.NDArray[np.float64]:
    """Persons counted twice per country because no key ever put their rows side by side: a capture-recapture estimate.

    Families of keys are the occasions of capture. From the joinings that only one family found, and that two found, follows how
    many none found (Chao 1987, bias-corrected). It assumes that a match is as likely to be found by one family whether
    or not another found it; as matches with few usable columns are missed by all, it is rather too low.
    """
    p = linkage.persons
    rows = np.flatnonzero((p.label != np.arange(len(p.label))) & counted)
    times = np.bitwise_count(p.found[rows])
    once, twice = rows[times == 1], int((times == 2).sum())
    missed = len(once) * (len(once) - 1) / (2 * (twice + 1)) if len(once) else 0.0
    home = p.label[once]
    stays = np.where(latest[home] == once, second[home], once)
    lost = np.bincount(country[stays[stays >= 0]], minlength=countries).astype(np.float64)
    return np.asarray(missed * lost / max(lost.sum(), 1), dtype=np.float64)


def _simulate(
    base: npt.NDArray[np.float64],
    where: npt.NDArray[np.int64],
    sign: npt.NDArray[np.float64],
    odds: npt.NDArray[np.float64],
    unseen: npt.NDArray[np.float64],
    seed: int,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Expectation and 95 % interval per country: chance of each joining, and a common error of all weights.

    Doubts of like odds in one country are drawn together: a table of odds is exact to a twentieth of a nat.
    """
    rng = np.random.default_rng(seed)
    size, bins = len(base), len(_MIDDLES)
    expected = base - unseen + np.bincount(where, weights=sign / (1 + np.exp(-odds)), minlength=size)
    bin_of = np.clip(np.searchsorted(_EDGES, odds) - 1, 0, bins - 1)
    tables = {
        way: np.bincount(where[own] * bins + bin_of[own], minlength=size * bins).reshape(size, bins)
        for way, own in ((1.0, sign > 0), (-1.0, sign < 0))
    }
    # Most places of the tables are empty: chances are worked out where doubts are, and put among the zeros.
    held = {way: np.nonzero(count) for way, count in tables.items()}
    errors = [
        (
            rng.normal(0, _COMMON_ERROR) + rng.normal(0, _COUNTRY_ERROR, size),
            max(rng.normal(1, _UNSEEN_ERROR), 0),
            rng.normal(0, 1, size),
        )
        for _ in range(_DRAWS)
    ]
    draws = np.empty((_DRAWS, size))

    def part(i: int, j: int) -> None:
        doubts, spreads = np.zeros((size, bins)), np.zeros((size, bins))
        for draw in range(i, j):
            lean, missed, chanced = errors[draw]
            mean, spread = np.zeros(size), np.zeros(size)
            for way, count in tables.items():
                at, of = held[way]
                chance = 1 / (1 + np.exp(-(_MIDDLES[of] - way * lean[at])))
                doubts.fill(0)
                spreads.fill(0)
                doubts[at, of] = likely = count[at, of] * chance
                spreads[at, of] = likely * (1 - chance)
                mean += way * doubts.sum(axis=1)
                spread += spreads.sum(axis=1)
            draws[draw] = base - unseen * missed + mean + chanced * np.sqrt(spread)

    in_parts(_DRAWS, part, least=1)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    # Persons are whole: the interval is rounded outward.
    return (
        np.maximum(expected, 0),
        np.maximum(np.floor(np.minimum(low, expected)), 0),
        np.ceil(np.maximum(high, expected)),
    )
