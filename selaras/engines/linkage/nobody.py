"""Rows that are nobody: tests, placeholders and rows that say nothing by which a person could be known."""

import re

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.spelling import words_of
from selaras.engines.linkage.wording import Wording

_TYPED = words_of(
    "TEST TES TESTING TESTER COBA COBAIN CONTOH ADMIN ADMINISTRATOR USER DUMMY SAMPLE ASDF ASDFG ASDFGH QWERTY QWE ZXC"
    " ZXCV HAHA HEHE HIHI SAYA AKU NN NONAME NULL NONE NIHIL KOSONG UNKNOWN ANONIM ANONYMOUS XXX AAA ABC ABCD BBB"
)
_PHRASES = frozenset({"TIDAK ADA", "TIDAK TAHU", "TANPA NAMA", "NO NAME", "NAMA", "N A", "BELUM ADA", "TDK ADA"})
_REPEATED = re.compile(r"^(.{1,2})\1{2,}$")
_LEAST_CROWD = 12


def is_placeholder_name(name: str) -> bool:
    """True for a standardised name that nobody bears: TEST, ASDF, AAAA, TIDAK ADA."""
    if name in _PHRASES or name == "":
        return True
    return all(is_placeholder_word(word) for word in name.split())


def is_placeholder_word(word: str) -> bool:
    """True for a word that is typed where a name is asked for."""
    return word in _TYPED or _REPEATED.match(word) is not None


def crowd_of(dates: I32) -> I32:
    """The yyyymmdd dates that hold ten times the median of the register's dates and at least a dozen rows.

    Learnt from the register itself, so that a form's default (its build day, 01-01-1900) is found whatever it is.
    """
    return crowd_among(*np.unique(dates[dates > 0], return_counts=True))


def crowd_among(values: I32, counts: I64) -> I32:
    """`crowd_of` of dates that are counted already: `counts` rows have each of the `values`."""
    if not len(values):
        return values
    return np.asarray(values[counts >= max(_LEAST_CROWD, 10 * float(np.median(counts)))])


def crowded_dates(dates: I32, crowd: I32) -> npt.NDArray[np.bool_]:
    """Which of the yyyymmdd dates are defaults rather than birthdays: 1 January, before 1905, or one of the `crowd`."""
    usual = (dates % 10000 == 101) | (dates < 19050000)
    return np.asarray((dates > 0) & (usual | np.isin(dates, crowd)))


def nobody(rows: pl.DataFrame, unreal: npt.NDArray[np.bool_], crowd: I32) -> npt.NDArray[np.bool_]:
    """For each standardised row, True when it is nobody; `unreal`: rows whose name nobody bears; `crowd`: see `crowd_of`.

    A row is nobody when its name is a placeholder and no number vouches for it, or when beside a name it says nothing
    of its own: no number, no kin, no home, and no birth date except one that a form fills in by itself.
    """
    number = rows["nik_valid"].to_numpy() | (rows["passport"] > 0).to_numpy()
    home = ((rows["mother"] >= 0) | (rows["village"] >= 0) | (rows["regency"] >= 0)).to_numpy()
    phone = (rows["phone"] > 0).to_numpy()
    dates = rows["birth"].to_numpy()
    birth = (dates > 0) & ~crowded_dates(dates, crowd)
    return np.asarray((unreal & ~number) | ~(number | home | phone | birth))


def unreal_names(wording: Wording) -> npt.NDArray[np.bool_]:
    """`is_placeholder_name` of each name of a wording."""
    typed = np.array([is_placeholder_word(word) for word in wording.spelt], dtype=bool)
    starts = np.concatenate([[0], wording.ends[:-1]]) if len(wording.ends) else wording.ends
    real = np.concatenate([[0], np.cumsum(~typed[wording.words])])
    out = np.asarray(real[wording.ends] == real[starts])
    phrases = [phrase.split() for phrase in _PHRASES]
    positions = {word: at for at, word in enumerate(wording.spelt)}
    for phrase in phrases:
        codes = [positions.get(word, -1) for word in phrase]
        same = wording.ends - starts == len(codes)
        for at, code in enumerate(codes):
            here = np.flatnonzero(same)
            same[here] = wording.words[starts[here] + at] == code
        out |= same
    return out
