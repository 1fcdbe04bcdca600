"""What a dated row says of where a person is: there, home, dead or nothing; and which of two rows of one day says it last."""

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.reading import Event

U8 = npt.NDArray[np.uint8]
NOTHING, ABROAD, HOME, DEAD = range(4)
KIND_BITS = 2
# Of two rows of one day the later here counts: what was seen happening beats what was told, and that what was planned.
EVENTS: tuple[Event, ...] = ("registration", "report", "departure", "return", "crossing", "population")
USUAL: Event = "report"
# A row of which nobody said otherwise.
STANDARD = ABROAD | EVENTS.index(USUAL) << KIND_BITS

_DEATH = r"(?i)MENINGGAL|WAFAT|TEWAS|\bMATI\b|DEATH|\bDEAD\b|\bDIED\b|DECEASED"
_OUT = r"(?i)^\s*(KELUAR|BERANGKAT|KEBERANGKATAN|OUT|EXIT|DEPARTURE|DEPART(ED)?|K|D)\s*$"
_IN = r"(?i)^\s*(MASUK|DATANG|KEDATANGAN|IN|ENTRY|ARRIVAL|ARRIVED?|M|A)\s*$"


def meanings(event: Event, status: pl.Series, cause: pl.Series) -> U8:
    """Of each row its kind (two bits), and above it the rank of its register's events.

    A registration, a report and a departure put her abroad. A crossing does so when she left (`status`), and brings her home when
    she came in; one without a readable direction says nothing. A return brings her home, or is a death by its `cause`. The
    population register says nothing of where she is, unless she died.
    """
    if event == "crossing":
        kind = np.where(_has(status, _OUT), ABROAD, np.where(_has(status, _IN), HOME, NOTHING))
    elif event == "return":
        kind = np.where(_has(cause, _DEATH), DEAD, HOME)
    elif event == "population":
        kind = np.where(_has(status, _DEATH), DEAD, NOTHING)
    else:
        kind = np.full(len(status), ABROAD)
    out: U8 = (kind | EVENTS.index(event) << KIND_BITS).astype(np.uint8)
    return out


def kind_of(means: U8) -> U8:
    """What each row says: NOTHING, ABROAD, HOME or DEAD."""
    return np.asarray(means & ((1 << KIND_BITS) - 1))


def rank_of(means: U8) -> U8:
    """The rank of each row among rows of one day."""
    return np.asarray(means >> KIND_BITS)


def _has(column: pl.Series, pattern: str) -> npt.NDArray[np.bool_]:
    """Which cells hold the pattern; a cell that is missing does not."""
    found: npt.NDArray[np.bool_] = column.cast(pl.String).str.contains(pattern).fill_null(False).to_numpy()
    return found
