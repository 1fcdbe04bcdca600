"""All registers coded once as whole numbers: what blocking and comparing read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64, Coded, coded, together
from selaras.engines.linkage.mixing import U64, runs
from selaras.engines.linkage.naming import Names, code_names
from selaras.engines.linkage.nobody import crowded_dates
from selaras.engines.linkage.places import PROVINCES
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.texts import Texts

Bool = npt.NDArray[np.bool_]

_MOST_NAMES_ON_ONE_NUMBER = 4
_RARE_COUNTRY = 3.0


@dataclass(frozen=True)
class Columns:
    """All rows of all registers: `rows` as `ROW` records, their ids, and the names and places that they point to."""

    row_id: pl.Series
    rows: npt.NDArray[Any]
    names: Names
    places: Texts
    phones: I64
    shared_numbers: dict[str, int]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def valid(self) -> Bool:
        """Rows that are somebody."""
        return self.flag(rc.VALID)

    def flag(self, bit: int) -> Bool:
        """Rows that have a flag."""
        return np.asarray((self.rows["flags"] & bit) > 0)


def encode(registers: Sequence[Register]) -> Columns:
    """Code the rows of all registers, in order. Numbers borne under many names are put aside and counted."""
    given = [r.rows for r in registers]

    def column(name: str) -> pl.Series:
        return pl.concat([rows[name] for rows in given])

    row_id = column("row_id")
    rows = np.zeros(len(row_id), dtype=rc.ROW)
    names, codes = code_names(
        [
            (r.rows[kind].to_numpy(), words)
            for r in registers
            for kind, words in (("name", r.names), ("mother", r.mothers))
        ]
    )
    rows["name"] = np.concatenate(codes[0::2])
    rows["mother"] = np.concatenate(codes[1::2])
    full = names.full[rows["name"]] if len(rows) else np.zeros(0, dtype=np.uint64)
    numbers = {"nik": column("nik").to_numpy().copy(), "passport": column("passport").to_numpy().copy()}
    shared = {}
    for kind, number in numbers.items():
        crowd = borne_by_many(number, full)
        shared[kind] = len(runs(number[crowd])[0])
        number[crowd] = 0
        rows[kind] = number
    rc.nik_signs(numbers["nik"], rows["nik_signs"])
    phone, phones = _phones(column("phone").to_numpy())
    rows["phone"] = phone
    birth, event = column("birth").to_numpy(), column("event").to_numpy()
    rows["birth"], rows["event_year"] = rc.packed_date(birth), event // 10000
    latest = int(event.max()) // 10000 if len(event) else 0
    nik_birth, nik_sex = _inside_nik(numbers["nik"], column("nik_valid").to_numpy(), birth, latest)
    rows["nik_birth"] = rc.packed_date(nik_birth)
    sex = column("sex").to_numpy()
    sex = np.where(sex == 0, nik_sex, sex).astype(np.uint16)
    kinds = ("birth_place", "regency", "village")
    coded_places, places = together(
        [Coded(r.rows[kind].to_numpy(), r.places[kind]) for r in registers for kind in kinds]
    )
    rows["birth_place"], regency, rows["village"] = (np.concatenate(coded_places[at::3]) for at in range(3))
    rows["home"] = _home(regency, numbers["nik"])
    rows["country"] = coded(column("country")).codes
    at = 0
    for source, table in enumerate(given):
        rows["source"][at : at + len(table)] = source
        at += len(table)
    province = np.append(places.is_in(PROVINCES).to_numpy(), False)
    disagrees = (nik_birth > 0) & (birth > 0) & (rc.order_free(rows["nik_birth"]) != rc.order_free(rows["birth"]))
    flags = sex
    for bit, flag in (
        (rc.BIRTH_COMMON, crowded_dates(birth)),
        (rc.PHONE_SHARED, borne_by_many(rows["phone"], full, 2)),
        (rc.NIK_DISAGREES, disagrees),
        (rc.COUNTRY_RARE, _rare(rows["country"])),
        (rc.PLACE_IS_PROVINCE, province[rows["birth_place"]]),
        (rc.VALID, column("valid").to_numpy()),
        (rc.HOME_SAID, regency >= 0),
    ):
        flags = flags | flag * np.uint16(bit)
    rows["flags"] = flags
    return Columns(row_id, rows, names, Texts.of(places), phones, shared)


def _rare(codes: npt.NDArray[np.int16]) -> Bool:
    """Rows whose code is one of the rare ones: -ln(share) among the rows that have one."""
    present = codes[codes >= 0]
    share = np.bincount(present, minlength=1) / max(len(present), 1)
    with np.errstate(divide="ignore"):
        rare = np.append(-np.log(share) >= _RARE_COUNTRY, False)
    out: Bool = rare[codes]
    return out


def _phones(numbers: I64) -> tuple[I32, I64]:
    """A code for each distinct telephone number, 0 for none, and the numbers by their codes."""
    known = runs(np.append(numbers, 0))[0]
    return np.searchsorted(known, numbers).astype(np.int32), known


def borne_by_many(number: npt.NDArray[Any], full: U64, most: int = _MOST_NAMES_ON_ONE_NUMBER) -> Bool:
    """Rows whose number is borne under more than `most` differently sounding names: an office's, not a person's."""
    values, times = runs(number)
    crowd = values[(times > most) & (values > 0)]
    if not len(crowd):
        return np.zeros(len(number), dtype=bool)
    place = np.minimum(np.searchsorted(crowd, number), len(crowd) - 1)
    at = np.flatnonzero(crowd[place] == number)
    names = pl.DataFrame({"n": place[at], "f": full[at]}).unique().group_by("n").len()
    many = np.zeros(len(crowd), dtype=bool)
    many[names.filter(pl.col("len") > most)["n"].to_numpy()] = True
    out = np.zeros(len(number), dtype=bool)
    out[at] = many[place[at]]
    return out


def _inside_nik(nik: I64, valid: Bool, birth: I32, latest_year: int) -> tuple[I32, npt.NDArray[np.int8]]:
    """Birth date and sex written in a NIK of sound structure; 0 elsewhere. The century follows the row's birth."""
    usable = valid & (nik > 0)
    coded = nik // 10**4 % 10**6
    raw_day, month, short = coded // 10**4, coded // 100 % 100, coded % 100
    year = np.where(short + 2000 <= (latest_year or 2025), short + 2000, short + 1900)
    said = birth // 10000
    year = np.where((said > 0) & (said % 100 == short), said, year)
    day = raw_day % 40
    date = np.where(usable, year * 10000 + month * 100 + day, 0).astype(np.int32)
    return date, np.where(usable, np.where(raw_day > 40, 2, 1), 0).astype(np.int8)


def _home(regency: I32, nik: I64) -> I32:
    """Regency of origin; where it is missing, the one that most rows with the same NIK region name."""
    region = nik // 10**12
    known = pl.DataFrame({"region": region, "home": regency}).filter((pl.col("region") > 0) & (pl.col("home") >= 0))
    usual = known.group_by("region", "home").len().sort("len", "home").group_by("region", maintain_order=True).last()
    learnt = np.full(max(int(region.max(initial=0)), 9999) + 1, -1, dtype=np.int32)
    learnt[usual["region"].to_numpy()] = usual["home"].to_numpy()
    return np.where(regency >= 0, regency, learnt[region]).astype(np.int32)
