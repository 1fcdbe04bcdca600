"""All registers coded once as whole numbers: what blocking and comparing read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.mixing import U64, mix, scramble
from selaras.engines.linkage.nobody import crowded_dates
from selaras.engines.linkage.places import PROVINCES
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.spelling import consonants, sound
from selaras.engines.linkage.texts import Texts

I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]
F32 = npt.NDArray[np.float32]

WORDS = 4
_MOST_NAMES_ON_ONE_NUMBER = 4


@dataclass(frozen=True)
class Names:
    """Distinct names. `words`, `heard`: n x 4 codes of words and of their consonants, -1 none, distinct within a name;
    `full`: order-free code of all consonants; `joined`: code of the name without vowels and spaces;
    `rarity`: -ln(share of rows whose name sounds like this); `spelt`: code → (canonical word, its sound)."""

    words: I32
    heard: I32
    full: U64
    joined: U64
    initial: U64
    rarity: F32
    word_rarity: F32
    spelt: Texts
    sounds: Texts


@dataclass(frozen=True)
class Columns:
    """All rows of all registers. 0 means missing for numbers and dates, -1 for codes."""

    row_id: pl.Series
    source: npt.NDArray[np.int8]
    valid: Bool
    nik: I64
    nik_signs: npt.NDArray[np.uint8]
    nik_birth: I32
    nik_disagrees: Bool
    passport: I64
    passport_signs: npt.NDArray[np.uint8]
    phone: I64
    phone_shared: Bool
    birth: I32
    birth_common: Bool
    event: I32
    sex: npt.NDArray[np.int8]
    name: I32
    mother: I32
    birth_place: I32
    home: I32
    home_said: I32
    village: I32
    country: I32
    country_rarity: F32
    names: Names
    places: Texts
    provinces: Bool
    shared_numbers: dict[str, int]

    def __len__(self) -> int:
        return len(self.nik)


def encode(registers: Sequence[Register]) -> Columns:
    """Code the rows of all registers, in order. Numbers borne under many names are put aside and counted."""
    rows = pl.concat([r.rows.with_columns(source=pl.lit(i, dtype=pl.Int8)) for i, r in enumerate(registers)])
    names, name, mother = _names(rows["name"], rows["mother"])
    full = names.full[name] if len(name) else np.zeros(0, dtype=np.uint64)
    nik = rows["nik"].to_numpy().copy()
    passport = _base36(rows["passport"])
    shared = {}
    for kind, number in (("nik", nik), ("passport", passport)):
        crowd = _borne_by_many(number, full)
        shared[kind] = len(np.unique(number[crowd]))
        number[crowd] = 0
    birth, event = rows["birth"].to_numpy(), rows["event"].to_numpy()
    latest = int(event.max()) // 10000 if len(event) else 0
    nik_birth, nik_sex = _inside_nik(nik, rows["nik_valid"].to_numpy(), birth, latest)
    sex = np.where(rows["sex"].to_numpy() == 0, nik_sex, rows["sex"].to_numpy()).astype(np.int8)
    place_codes, places = _together([rows["birth_place"], rows["regency"], rows["village"]])
    birth_place, regency, village = place_codes
    phone = rows["phone"].to_numpy()
    (country,), _ = _together([rows["country"]])
    return Columns(
        row_id=rows["row_id"],
        source=rows["source"].to_numpy(),
        valid=rows["valid"].to_numpy(),
        nik=nik,
        nik_signs=_signs(nik, 10, 17),
        nik_birth=nik_birth,
        nik_disagrees=(nik_birth > 0) & (birth > 0) & (order_free(nik_birth) != order_free(birth)),
        passport=passport,
        passport_signs=_signs(passport, 36, 11),
        phone=phone,
        phone_shared=_borne_by_many(phone, full, 2),
        birth=birth,
        birth_common=crowded_dates(birth),
        event=event,
        sex=sex,
        name=name,
        mother=mother,
        birth_place=birth_place,
        home=_home(regency, nik),
        home_said=regency,
        village=village,
        country=country,
        country_rarity=_rarity(country),
        names=names,
        places=Texts.of(places),
        provinces=_province_flags(places),
        shared_numbers=shared,
    )


def order_free(dates: I32) -> I32:
    """The date with day and month in rising order, so that 3 April and 4 March agree."""
    day, month = dates % 100, dates // 100 % 100
    return np.asarray(dates // 10000 * 10000 + np.minimum(day, month) * 100 + np.maximum(day, month), dtype=np.int32)


def _together(columns: list[pl.Series]) -> tuple[list[I32], npt.NDArray[np.object_]]:
    """Codes of several text columns in one dictionary, -1 for null, and the dictionary."""
    known = pl.concat([column.drop_nulls().unique() for column in columns]).unique().sort()
    codes = pl.int_range(len(known), dtype=pl.Int32, eager=True)
    coded = [
        c.replace_strict(known, codes, default=None, return_dtype=pl.Int32).fill_null(-1).to_numpy() for c in columns
    ]
    return coded, known.to_numpy().astype(object)


def _rarity(codes: I32) -> F32:
    """-ln(share) of each row's code among the rows that have one; 0 where missing."""
    present = codes[codes >= 0]
    share = np.bincount(present, minlength=1) / max(len(present), 1)
    out = np.zeros(len(codes), dtype=np.float32)
    out[codes >= 0] = -np.log(share[present])
    return out


def _base36(column: pl.Series) -> I64:
    """Texts of at most 11 letters and digits as numbers in base 36, 0 for null."""
    if not len(column):
        return np.zeros(0, dtype=np.int64)
    return column.str.slice(0, 11).str.to_integer(base=36, dtype=pl.Int64, strict=False).fill_null(0).to_numpy().copy()


def _signs(numbers: I64, base: int, places: int) -> npt.NDArray[np.uint8]:
    """The signs of each number, highest place first, so that pairs are compared sign by sign without dividing again."""
    out = np.empty((len(numbers), places), dtype=np.uint8)
    rest = numbers.copy()
    for place in reversed(range(places)):
        rest, sign = np.divmod(rest, base)
        out[:, place] = sign
    return out


def _borne_by_many(number: I64, full: U64, most: int = _MOST_NAMES_ON_ONE_NUMBER) -> Bool:
    """Rows whose number is borne under more than `most` differently sounding names: an office's, not a person's."""
    frame = pl.DataFrame({"n": number, "f": full})
    many = frame.filter(pl.col("n") > 0).unique().group_by("n").len().filter(pl.col("len") > most)["n"]
    return np.isin(number, many.to_numpy())


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
    usual = known.group_by("region", "home").len().sort("len", "home").group_by("region").last()
    filled = pl.DataFrame({"region": region}).join(
        usual.select("region", "home"), on="region", how="left", maintain_order="left"
    )
    learnt = filled["home"].fill_null(-1).to_numpy()
    return np.where(regency >= 0, regency, learnt).astype(np.int32)


def _province_flags(places: npt.NDArray[np.object_]) -> Bool:
    return np.array([place in PROVINCES for place in places], dtype=bool)


def _names(name: pl.Series, mother: pl.Series) -> tuple[Names, I32, I32]:
    """Code names and mothers' names in one table; -1 for a missing mother, an empty name is a name without words."""
    (name_code, mother_code), known = _together([name, mother])
    parts = pl.Series(known.tolist(), dtype=pl.String).str.split(" ").list.head(WORDS + 2)
    flat = pl.DataFrame({"at": pl.int_range(len(known), dtype=pl.Int32, eager=True), "word": parts}).explode("word")
    flat = flat.filter(pl.col("word").is_not_null() & (pl.col("word") != ""))
    (word_code,), spelt = _together([flat["word"]])
    heard_text = pl.Series([consonants(word) for word in spelt], dtype=pl.String)
    (heard_of,), _ = _together([heard_text])
    at = flat["at"].to_numpy()
    words = np.full((len(known), WORDS), -1, dtype=np.int32)
    heard = np.full((len(known), WORDS), -1, dtype=np.int32)
    place = _position(at, heard_of[word_code] if len(word_code) else word_code)
    keep = (place >= 0) & (place < WORDS)
    words[at[keep], place[keep]] = word_code[keep]
    heard[at[keep], place[keep]] = heard_of[word_code[keep]]
    bare = [consonants(word).replace("A", "") or "A" for word in spelt]
    bare_of = pl.Series(bare, dtype=pl.String)
    joined_text = (
        flat.select("at", bare=bare_of.gather(word_code))
        .group_by("at", maintain_order=True)
        .agg(pl.col("bare").str.join())
        if len(flat)
        else pl.DataFrame({"at": [], "bare": []}, schema={"at": pl.Int32, "bare": pl.String})
    )
    joined = np.zeros(len(known), dtype=np.uint64)
    initial = np.zeros(len(known), dtype=np.uint64)
    owners = joined_text["at"].to_numpy()
    joined[owners] = joined_text["bare"].hash(seed=7).to_numpy()
    initial[owners] = joined_text["bare"].str.slice(0, 3).hash(seed=7).to_numpy()
    spread = np.where(heard >= 0, scramble(heard.astype(np.uint64)), np.uint64(0))
    full = mix(spread.sum(axis=1, dtype=np.uint64))
    borne = np.concatenate([name_code, mother_code[mother_code >= 0]])
    rows_of = np.bincount(borne, minlength=len(known)).astype(np.int64)
    rarity = _full_rarity(full, rows_of)
    word_rarity = _word_rarity(heard, rows_of, heard_of)
    sounds = np.array([sound(word) for word in spelt], dtype=object)
    table = Names(words, heard, full, joined, initial, rarity, word_rarity, Texts.of(spelt), Texts.of(sounds))
    return table, name_code, mother_code


def _position(at: I32, heard: I32) -> npt.NDArray[Any]:
    """Place of each word within its name counting distinct sounds only; -1 for a repeated sound."""
    frame = pl.DataFrame({"at": at, "heard": heard})
    first = frame.select(first=pl.struct("at", "heard").is_first_distinct())["first"]
    return (
        frame.with_columns(first=first)
        .select(place=pl.when("first").then(pl.col("first").cast(pl.Int32).cum_sum().over("at") - 1).otherwise(-1))[
            "place"
        ]
        .to_numpy()
    )


def _full_rarity(full: U64, rows_of: I64) -> F32:
    frame = pl.DataFrame({"f": full, "n": rows_of}).with_columns(total=pl.col("n").sum().over("f"))
    share = np.maximum(frame["total"].to_numpy(), 1) / max(int(rows_of.sum()), 1)
    return np.asarray(-np.log(share), dtype=np.float32)


def _word_rarity(heard: I32, rows_of: I64, heard_of: I32) -> F32:
    """-ln(share of rows that have a word of this sound), per word code."""
    size = int(heard_of.max()) + 1 if len(heard_of) else 1
    present = heard >= 0
    weights = np.broadcast_to(rows_of[:, None], heard.shape)[present]
    counts = np.bincount(heard[present], weights=weights, minlength=size)
    share = np.maximum(counts, 1) / max(int(rows_of.sum()), 1)
    return np.asarray(-np.log(share[heard_of]) if len(heard_of) else np.zeros(1), dtype=np.float32)
