"""All registers coded once as whole numbers: what blocking and comparing read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage import memory
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64, Coded, coded, together
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.mixing import U64, runs, scramble_one
from selaras.engines.linkage.naming import Names, Rarity, code_names
from selaras.engines.linkage.nobody import crowd_of, crowded_dates
from selaras.engines.linkage.places import PROVINCES
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.statistics import Statistics, among, room_for
from selaras.engines.linkage.texts import Texts, content_of

Bool = rc.Bool

MOST_NAMES_ON_ONE_NUMBER = 4
MOST_NAMES_ON_ONE_PHONE = 2
RARE_COUNTRY = 3.0
# The year up to which NIKs are read as of this century where no row says when it was written.
_NO_LATEST = 2025


@dataclass(frozen=True)
class Columns(rc.Records):
    """All rows of all registers: `rows` as `ROW` records, and the names and places that they point to.

    `place_says`: for each place a number that is the same in every run, 0 at the end for none. `statistics`: what the rows
    were coded by; `crowded`: how many numbers of which kind are borne by many.
    """

    names: Names
    places: Texts
    place_says: npt.NDArray[np.uint32]
    phones: I64
    shared_numbers: dict[str, int]
    statistics: Statistics

    def frozen(self) -> Statistics:
        """The statistics with the rarities of names, to be kept with a model."""
        named = int((self.rows["name"] >= 0).sum() + (self.rows["mother"] >= 0).sum())
        return replace(self.statistics, rarity=self.statistics.rarity or Rarity.of(self.names, named))


def encode(registers: Iterable[Register], known: Statistics | None = None) -> Columns:
    """Code the rows of all registers, in order. Numbers borne under many names are put aside and counted.

    `known`: frozen statistics; without them they are learnt from these rows. A column that nobody else holds leaves memory
    once it is coded: at the size of a nation the registers are a good part of it.
    """
    held = list(registers)
    given, sizes = [r.rows for r in held], [len(r) for r in held]
    crowds, placed = {r.source: r.crowd for r in held}, [r.places for r in held]
    worded = [words for r in held for words in (r.names, r.mothers)]
    del held

    def column(name: str) -> pl.Series:
        """Take a column out of all registers."""
        whole = pl.concat([rows[name] for rows in given])
        given[:] = [rows.drop(name) for rows in given]
        return whole

    def codes_of(*kinds: str) -> list[I32]:
        """Take columns of codes out of each register in turn."""
        codes = [rows[kind].to_numpy() for rows in given for kind in kinds]
        given[:] = [rows.drop(kinds) for rows in given]
        return codes

    row_id = column("row_id")
    rows = memory.zeros(len(row_id), rc.ROW)
    rarity = known.rarity if known else None
    names, codes = code_names(list(zip(codes_of("name", "mother"), worded, strict=True)), rarity)
    rows["name"] = np.concatenate(codes[0::2])
    rows["mother"] = np.concatenate(codes[1::2])
    del codes, worded
    full = names.full[rows["name"]] if len(rows) else np.zeros(0, dtype=np.uint64)
    nik, passport = column("nik").to_numpy().copy(), column("passport").to_numpy().copy()
    niks = known.niks if known else borne_by_many(nik, full)
    passports = known.passports if known else borne_by_many(passport, full)
    nik[among(nik, niks)] = 0
    passport[among(passport, passports)] = 0
    rows["nik"], rows["passport"] = nik, passport
    rc.nik_signs(nik, rows["nik_signs"])
    rows["phone"], phones = _phones(column("phone").to_numpy())
    crowd = known.phones if known else phones[borne_by_many(rows["phone"], full, MOST_NAMES_ON_ONE_PHONE)]
    birth, event = column("birth").to_numpy(), column("event").to_numpy()
    rows["birth"], rows["event_year"] = rc.packed_date(birth), event // 10000
    latest = known.latest if known else int(event.max(initial=0)) // 10000
    sex = column("sex").to_numpy().astype(np.uint16)
    _inside_nik(nik, column("nik_valid").to_numpy(), birth, latest or _NO_LATEST, rows["nik_birth"], sex)
    kinds = ("birth_place", "regency", "village")
    told = pl.Series(known.homes.values() if known else [], dtype=pl.String)
    texts = [places[kind] for places in placed for kind in kinds]
    coded_places, places = together(
        [Coded(codes, values) for codes, values in zip(codes_of(*kinds), texts, strict=True)]
        + [Coded(np.arange(len(told), dtype=np.int32), told)]
    )
    homes = coded_places.pop()
    rows["birth_place"], regency, rows["village"] = (np.concatenate(coded_places[at::3]) for at in range(3))
    del coded_places, texts, placed
    usual = dict(zip(known.homes, homes.tolist(), strict=True)) if known else _usual_homes(regency, nik, places)
    rows["home"] = _home(regency, nik, usual)
    del nik, passport, full
    country = coded(column("country"))
    rows["country"] = country.codes
    rare = ~country.values.is_in(known.usual).to_numpy() if known else _rare(country)
    rows["source"] = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    province = np.append(places.is_in(PROVINCES).to_numpy(), False)
    births = known.births if known else crowd_of(birth)
    disagrees = (rows["nik_birth"] > 0) & (birth > 0)
    disagrees &= rc.order_free(rows["nik_birth"]) != rc.order_free(rows["birth"])
    flags = sex
    for bit, flag in (
        (rc.BIRTH_COMMON, crowded_dates(birth, births)),
        (rc.PHONE_SHARED, among(phones, crowd)[rows["phone"]]),
        (rc.NIK_DISAGREES, disagrees),
        (rc.COUNTRY_RARE, np.append(rare, False)[country.codes]),
        (rc.PLACE_IS_PROVINCE, province[rows["birth_place"]]),
        (rc.VALID, column("valid").to_numpy()),
        (rc.HOME_SAID, regency >= 0),
    ):
        flags = flags | flag * np.uint16(bit)
    rows["flags"] = flags
    statistics = known or Statistics(
        niks, passports, crowd, births, crowds, latest,
        {region: places[home] for region, home in usual.items()}, tuple(country.values.filter(~pl.Series(rare))),
        _born_a_day(rows["birth"]), room_for(len(rows)),
    )  # fmt: skip
    shared = {"nik": len(niks), "passport": len(passports)}
    says = np.append(content_of(places), np.uint64(0)).astype(np.uint32)
    return Columns(row_id, rows, names, Texts.of(places), says, phones, shared, statistics)


def _born_a_day(births: I32) -> float:
    """Rows by day of birth, on average."""
    dates = runs(rc.order_free(births[births > 0]))[0]
    return float((births > 0).sum() / max(len(dates), 1))


def _rare(country: Coded) -> Bool:
    """Which countries are rare: -ln(share) among the rows that have one."""
    present = country.codes[country.codes >= 0]
    share = np.bincount(present, minlength=len(country.values)) / max(len(present), 1)
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(share) >= RARE_COUNTRY)


def _phones(numbers: I64) -> tuple[I32, I64]:
    """A code for each distinct telephone number, 0 for none, and the numbers by their codes."""
    known = runs(np.append(numbers, 0))[0]
    codes = np.empty(len(numbers), dtype=np.int32)
    # Half of the slots stay free at least.
    slots = np.full(2 << len(known).bit_length(), -1, dtype=np.int32)
    _put(known, slots)
    in_parts(len(numbers), lambda i, j: _find(known, slots, numbers[i:j], codes[i:j]))
    return codes, known


@compiled
def _put(known: I64, slots: I32) -> None:
    """Put the place of each number into the first free slot from where its bits send it."""
    last = np.uint64(len(slots) - 1)
    for place in range(len(known)):
        slot = scramble_one(known[place]) & last
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot] = place


@compiled
def _find(known: I64, slots: I32, numbers: I64, codes: I32) -> None:
    """Fill in the place of each number, all of which `_put` has put."""
    last = np.uint64(len(slots) - 1)
    for at in range(len(numbers)):
        slot = scramble_one(numbers[at]) & last
        while known[slots[slot]] != numbers[at]:
            slot = (slot + np.uint64(1)) & last
        codes[at] = slots[slot]


def borne_by_many(number: npt.NDArray[Any], full: U64, most: int = MOST_NAMES_ON_ONE_NUMBER) -> npt.NDArray[Any]:
    """Numbers, rising, that are borne under more than `most` differently sounding names: an office's, not a person's."""
    values, times = runs(number)
    crowd = values[(times > most) & (values > 0)]
    at = np.flatnonzero(among(number, crowd))
    names = pl.DataFrame({"n": number[at], "f": full[at]}).unique().group_by("n").len()
    return names.filter(pl.col("len") > most)["n"].sort().to_numpy()


@compiled
def _inside_nik(nik: I64, valid: Bool, birth: I32, latest: int, date: I32, sex: Any) -> None:
    """Fill `date` (packed) and, where none is given, `sex` with what a NIK of sound structure says.

    The century follows the row's birth, else it is the last one that is not after the year `latest`.
    """
    for at in range(len(nik)):
        if not valid[at] or nik[at] <= 0:
            continue
        said = nik[at] // 10**4 % 10**6
        day, month, short = said // 10**4, said // 100 % 100, said % 100
        year = birth[at] // 10000
        if year <= 0 or year % 100 != short:
            year = short + 2000 if short + 2000 <= latest else short + 1900
        date[at] = year << 9 | month << 5 | day % 40
        if sex[at] == 0:
            sex[at] = rc.WOMAN if day > 40 else rc.MAN


def _usual_homes(regency: I32, nik: I64, places: pl.Series) -> dict[int, int]:
    """For each region of NIKs the regency of origin (its code) that most of its rows name; of equals the last by name."""
    known = np.flatnonzero((nik >= 10**12) & (regency >= 0))
    pairs, times = runs(nik[known] // 10**12 * len(places) + regency[known])
    region, home = np.divmod(pairs, max(len(places), 1))
    counted = pl.DataFrame({"region": region, "home": home, "len": times})
    named = counted.with_columns(text=places.gather(counted["home"]))
    usual = named.sort("len", "text").group_by("region", maintain_order=True).last()
    return dict(usual.select("region", "home").sort("region").iter_rows())


def _home(regency: I32, nik: I64, usual: Mapping[int, int]) -> I32:
    """Regency of origin; where it is missing, the usual one of the NIK's region."""
    none = np.flatnonzero((regency < 0) & (nik >= 10**12))
    region = nik[none] // 10**12
    learnt = np.full(max(int(region.max(initial=0)), 9999, *usual, 0) + 1, -1, dtype=np.int32)
    learnt[list(usual)] = list(usual.values())
    home = regency.copy()
    home[none] = learnt[region]
    return home
