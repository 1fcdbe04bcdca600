"""How many names somebody recovers from an encoded register: without the key by frequencies, with it by trying all names.

Without the key the attacker has the encoded file and a public list of names with their true shares, and knows how birth
dates, places and mothers' names are spread. She sees how many rows share each hash, and guesses for each row the
name that makes those numbers likeliest. This is the frequency attack in its strongest form: she knows the
shares exactly, and uses all hashes of a row at once. (Christen, Schnell, Vatsalan and Ranbaduge, 2017, align frequent
filters with frequent values; where the salt differs from row to row there is nothing else to align.)
"""

from dataclasses import dataclass
from math import lgamma

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import Register
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.columns import Columns, encode
from selaras.engines.linkage.mixing import mix
from selaras.engines.linkage.veiled.keyed import Key, keyed
from selaras.engines.linkage.veiled.rows import VeiledRows
from selaras.engines.linkage.veiled.scheme import AT, WORDS, Domain

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
_BATCH = 4096
# Larger groups than this tell no more than this one.
_MOST = 3000


@dataclass(frozen=True)
class Known:
    """What is public: `names` (their code, commonest first), the `share` of rows with each, and per row `true`, the place of
    its name in the list, -1 for a name that is not in it (used for scoring only)."""

    names: U64
    share: F64
    true: I64


def public_list(c: Columns, most: int) -> Known:
    """The `most` commonest names of a register by how they sound, with their exact shares: more than any list tells."""
    full = np.where(c.names.has_words(c.rows["name"]), c.names.full[c.rows["name"]], np.uint64(0))
    names, code, count = np.unique(full, return_inverse=True, return_counts=True)
    order = np.argsort(-count, kind="stable")
    order = order[names[order] > 0][:most]
    place = np.full(len(names), -1)
    place[order] = np.arange(len(order))
    return Known(names[order], count[order] / len(full), place[code])


def shared_by(hashes: npt.NDArray[np.generic]) -> I64:
    """How many rows share each row's hash; 0 for a row without one."""
    _, code, count = np.unique(hashes, return_inverse=True, return_counts=True)
    return np.where(hashes == 0, 0, np.minimum(count, _MOST)[code])


def odds_of_sizes(rows: int, known: Known, salt: F64, most: int) -> F64:
    """ln P(a row's hash is shared by n rows | its name), for n from 0 (says nothing) to `most`, per name.

    `salt`: shares of the values that the name is hashed with. A group's size is 1 + Poisson(rows x share x share).
    """
    salt = salt[salt > 0]
    bins = np.unique(np.round(np.log(salt) * 8), return_inverse=True)[1]
    weight = np.bincount(bins, weights=salt)
    expected = rows * known.share[:, None] * (np.bincount(bins, weights=salt * salt) / weight)
    out = np.zeros((most + 1, len(known.share)))
    for n in range(1, most + 1):
        out[n] = np.log((np.exp((n - 1) * np.log(expected) - expected - lgamma(n)) * weight).sum(axis=1) + 1e-300)
    return out


def guesses(known: Known, seen: list[tuple[I64, F64]], grade: I64 | None = None, of: I64 | None = None) -> tuple[I64, F64]:
    """The likeliest name of each row and how sure it is; `seen`: sizes and their odds; `grade` of rows, `of` names."""
    rows = len(known.true)
    best, sure = np.empty(rows, dtype=np.int64), np.empty(rows)
    for start in range(0, rows, _BATCH):
        part = slice(start, start + _BATCH)
        odds = np.zeros((len(known.true[part]), len(known.share))) + np.log(known.share)
        for size, table in seen:
            odds += table[size[part]]
        if grade is not None and of is not None:
            odds[of[None, :] != grade[part][:, None]] = -1e9
        best[part] = odds.argmax(axis=1)
        sure[part] = 1 / np.exp(odds - odds.max(axis=1, keepdims=True)).sum(axis=1)
    return best, sure


def _shares(values: npt.NDArray[np.generic]) -> F64:
    held = values[values != 0]
    return np.asarray(np.unique(held, return_counts=True)[1] / max(len(held), 1))


def without_the_key(register: Register, v: VeiledRows, names: int = 1000) -> dict[str, float]:
    """Shares of rows whose name is recovered without the key; `v`: the veiled rows of `register`, in its order."""
    c = encode([register])
    known = public_list(c, names)
    born, birth = _salts(c)
    home, place = (c.place_says[c.rows[kind]].astype(np.uint64) for kind in ("home", "birth_place"))
    mother = np.where(c.names.has_words(c.rows["mother"]), c.names.full[c.rows["mother"]], np.uint64(0))
    parts = (birth >> 5, birth >> 9 << 5 | birth & 31, birth & 511, birth >> 9)
    kinds = {
        "date": (v.whole_name(), born),
        "home": (v.column("name_home"), home),
        "place": (v.column("name_place"), place),
        "mother": (v.column("name_mother"), mother),
        **{
            f"part_{at}": (np.ascontiguousarray(v.short[:, AT["birth_parts"] + at]), mix(home, part) * (home > 0))
            for at, part in enumerate(parts)
        },
    }
    seen = []
    for hashes, salt in kinds.values():
        size = shared_by(hashes)
        seen.append((size, odds_of_sizes(len(c), known, _shares(salt), int(size.max(initial=0)))))
    grade = v.rows["grade"].astype(np.int64)
    first = np.array([grade[np.argmax(known.true == at)] for at in range(len(known.names))])
    bare = np.where(known.true >= 0, known.names[known.true], np.uint64(0))
    best, sure = guesses(known, seen, grade, first)
    right = (best == known.true) & (known.true >= 0)
    surest = np.argsort(-sure)[: max(len(right) // 100, 1)]
    alone, _ = guesses(known, seen)
    return {
        "rows": len(c),
        "commonest_name": float(known.share[0]),
        "bare_hashes": _aligned(known, bare),
        "grade_only": float((guesses(known, [], grade, first)[0] == known.true).mean()),
        "frequencies": float((alone == known.true).mean()),
        "frequencies_and_grade": float(right.mean()),
        "names_recovered": len(np.unique(best[right])),
        "surest_hundredth_right": float(right[surest].mean()),
    }


def _salts(c: Columns) -> tuple[I64, I64]:
    birth, inside = rc.order_free(c.rows["birth"]), rc.order_free(c.rows["nik_birth"])
    return np.where(birth > 0, birth, inside).astype(np.int64), c.rows["birth"].astype(np.int64)


def _aligned(known: Known, hashes: U64) -> float:
    """Rows recovered when the k-th commonest hash is held to be the k-th commonest name; equals are guessed among."""
    size = shared_by(hashes).astype(np.float64)
    share, equals = np.unique(np.round(known.share * len(hashes)), return_counts=True)
    among = dict(zip(share.tolist(), equals.tolist(), strict=True))
    chance = np.array([1 / among[s] if s in among else 0.0 for s in size])
    return float(np.where(known.true >= 0, chance, 0).mean())


def with_the_key(key: Key, register: Register, v: VeiledRows, sample: int = 100, names: int = 1000) -> float:
    """Share of drawn rows, with a name in the list, whose name is recovered by somebody who has the key: all dates and names tried."""
    c = encode([register])
    known = public_list(c, names)
    drawn = np.flatnonzero((known.true >= 0) & (v.column("birth") > 0))
    drawn = np.random.default_rng(0).permutation(drawn)[:sample]
    dates = np.unique(rc.order_free(c.rows["birth"]))
    dates = dates[dates > 0]
    of_date = dict(zip(keyed(key, Domain.BIRTH, dates).tolist(), dates.tolist(), strict=True))
    heard = c.names.heard
    right = 0
    for row in drawn:
        tried = keyed(key, Domain.WORD, np.full(len(heard), of_date[int(v.long[row, AT["birth"]])]), heard)
        words = v.long[row, AT["words"] : AT["words"] + WORDS]
        found = {int(heard[at]) for at in np.flatnonzero(np.isin(tried, words[words > 0]))}
        name = c.names.table[c.rows["name"][row], rc.HEARD : rc.HEARD + rc.WORDS]
        right += found == {int(heard[code]) for code in name if code >= 0}
    return right / max(len(drawn), 1)
