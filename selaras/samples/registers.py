"""Writes the rows of the two registers, faults and all, a block at a time."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from selaras.samples import damage
from selaras.samples.abroad import Abroad, abroad_phone, home_phone, write_country, write_town
from selaras.samples.names import Customs, render
from selaras.samples.papers import LETTERS, Papers
from selaras.samples.people import People
from selaras.samples.places import areas
from selaras.samples.rates import NumberRates, Rates, RegisterRates

JUNK_NAMES = (
    "TEST", "TES", "ASDF", "COBA", "XXX", "ADMIN", "HAHA", "NN", "AAA", "QWERTY", "TEST TEST", "PERCOBAAN",
    "BELUM ADA", "USER",
)  # fmt: skip
# how the citizens' register writes a capacity: worker, student, spouse, child, crew
STATUS = (
    (("PEKERJA", 0.90), ("PMI", 0.06), ("TKI", 0.04)),
    (("PELAJAR/PROFESIONAL", 0.74), ("MAHASISWA", 0.17), ("PELAJAR", 0.06), ("PROFESIONAL", 0.03)),
    (("KELUARGA", 0.84), ("IBU RUMAH TANGGA", 0.10), ("IKUT SUAMI", 0.06)),
    (("ANAK", 0.95), ("KELUARGA", 0.05)),
    (("ABK", 0.55), ("PELAUT", 0.25), ("PEKERJA", 0.20)),
)
PLACEMENT_COLUMNS = (
    "id_s", "nik", "nama", "tempat_lahir", "tgl_lahir", "jk", "nama_ibu", "no_paspor", "no_hp", "kab_asal", "desa",
    "negara_tujuan", "p3mi", "sektor", "tgl_daftar",
)  # fmt: skip
CITIZENS_COLUMNS = (
    "id_p", "nik", "nama", "tempat_lahir", "tgl_lahir", "jk", "nama_ibu", "no_paspor", "no_hp", "kab_asal", "desa",
    "negara", "kota", "status", "tgl_lapor",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Nation:
    """Everything that is true about the persons, for the registers to write down."""

    people: People
    papers: Papers
    names: np.ndarray
    mothers: np.ndarray
    fathers: np.ndarray
    customs: Customs
    abroad: Abroad
    rates: Rates


def _rows(values: np.ndarray) -> np.ndarray:
    return values.astype(np.uint32)


def _blank(rng: np.random.Generator, column: pl.Series, share: float) -> pl.Series:
    """Leave a share of the cells empty."""
    gone = pl.Series(rng.random(len(column)) < share)
    return pl.DataFrame({"c": column, "g": gone}).select(c=pl.when(~pl.col("g")).then(pl.col("c")))["c"]


def iso_dates(days: np.ndarray) -> pl.Series:
    """Write day numbers as ISO dates."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date).cast(pl.Utf8)


def write_niks(rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: NumberRates) -> pl.Series:
    """Write each row's NIK with at most one fault."""
    papers = nation.papers
    number = papers.nik[person].copy()
    second = (papers.second_nik[person] > 0) & (rng.random(len(person)) < rates.second)
    number[second] = papers.second_nik[person][second]
    point = rng.random(len(person))
    edge = 0.0

    def hit(share: float) -> np.ndarray:
        nonlocal edge
        rows = np.flatnonzero((point >= edge) & (point < edge + share))
        edge += share
        return rows

    rows = hit(rates.family_card)
    number[rows] = papers.family_card[person[rows]]
    rows = hit(rates.other_person)
    sibling = nation.people.sibling[person[rows]]
    number[rows] = papers.nik[np.where(sibling >= 0, sibling, rng.permutation(person)[: len(rows)])]
    text = pl.Series(number).cast(pl.Utf8)
    for share, change in (
        (rates.placeholder, damage.placeholder),
        (rates.excel, damage.excel),
        (rates.typo, damage.digit_typo),
        (rates.swapped, damage.digit_swap),
        (rates.fifteen, damage.fifteen),
        (rates.seventeen, damage.seventeen),
    ):
        text = damage.edit_rows(rng, text, hit(share), change)
    gone = hit(rates.blank)
    return text.scatter(gone, None) if len(gone) else text


def write_names(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: RegisterRates, passport: bool
) -> pl.Series:
    """Write names; a register that reads passports writes the father's name where the passport carries it."""
    names = render(nation.customs, nation.names[person])
    sex = pl.Series(np.where(nation.people.female[person], "P", "L"))
    father = sex + ":" + render(nation.customs, nation.fathers[person, None])
    share = 0.85 if passport else 0.08
    rows = np.flatnonzero(nation.papers.fathers_name[person] & (rng.random(len(person)) < share))
    names = damage.add_father(rng, names, father, rows, with_bin=0.25)
    return damage.damage_names(rng, names, father, rates.name)


def write_mothers(rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: RegisterRates) -> pl.Series:
    """Write the mothers' names."""
    mothers = render(nation.customs, nation.mothers[person])
    for change, part in ((damage.spelling, 0.5), (damage.typo, 0.25), (damage.shorter, 0.25)):
        mothers = damage.edit(rng, mothers, rates.mother_fault * part, change)
    return _blank(rng, mothers, rates.blank["mother"])


def write_births(rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: RegisterRates) -> pl.Series:
    """Write birth dates; a falsified age follows the passport."""
    birth = nation.people.birth[person].copy()
    false = rng.random(len(person)) < rates.false_age
    birth[false] = nation.papers.false_birth[person][false]
    text = iso_dates(birth)
    for share, change in (
        (rates.date_typo, damage.date_typo),
        (rates.day_month, damage.day_month),
        (rates.first_january, damage.first_january),
        (rates.year_1900, damage.year_1900),
    ):
        text = damage.edit(rng, text, share, change)
    return _blank(rng, text, rates.blank["birth_date"])


def write_birth_places(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: RegisterRates, long_form: bool
) -> pl.Series:
    """Write birth places: the regency as a rule, else the village, the province, or a longer form."""
    place = areas()
    regency = place.regency_of[nation.people.nik_district[person]]
    frame = pl.DataFrame(
        {
            "r": pl.Series(place.regency_name).gather(_rows(regency)),
            "p": pl.Series(place.province_name).gather(_rows(place.province_of[regency])),
            "v": pl.Series(place.village_name).gather(_rows(nation.people.village[person])),
            "u": rng.random(len(person)) / rates.place_other,
        }
    )
    other = frame.select(
        x=pl.when(pl.col("u") < 0.45)
        .then(pl.col("v"))
        .when(pl.col("u") < (0.55 if long_form else 0.75))
        .then(pl.col("p"))
        .when(pl.col("u") < (0.85 if long_form else 0.75))
        .then(pl.col("r") + ", " + pl.col("p"))
        .when(pl.col("u") < 1.0)
        .then(pl.lit("KAB. ") + pl.col("r"))
        .otherwise(pl.col("r"))
    )["x"]
    return _blank(rng, damage.edit(rng, other, rates.place_typo, damage.typo), rates.blank["birth_place"])


def write_passports(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, day: np.ndarray, rates: RegisterRates
) -> pl.Series:
    """Write the number of the passport in force on the day, or the one before it."""
    papers = nation.papers
    issue = (day - papers.issued[person]) // papers.period[person]
    point = rng.random(len(person))
    issue = issue - (point < rates.passport_old) + (point > 1 - rates.passport_new)
    row = papers.first[person] + np.clip(issue, 0, papers.passports[person] - 1)
    two = papers.letter[row] >= LETTERS.index("XA")
    frame = pl.DataFrame(
        {
            "l": pl.Series(LETTERS).gather(_rows(papers.letter[row])),
            "n": pl.Series(papers.number[row]).cast(pl.Utf8),
            "w": np.where(two, 6, 7),
        }
    )
    spaced = pl.Series(rng.random(len(person)) < rates.passport_spaced)
    text = frame.with_columns(s=spaced).select(
        x=pl.col("l")
        + pl.when("s").then(pl.lit(" ")).otherwise(pl.lit(""))
        + pl.col("n").str.zfill(7).str.tail(pl.col("w"))
    )["x"]
    text = damage.edit(rng, text, rates.passport_typo, damage.digit_typo)
    text = damage.edit(rng, text, rates.passport_lower, lambda number, _: number.lower())
    return _blank(rng, text, rates.blank["passport"])


def write_phones(
    rng: np.random.Generator,
    nation: Nation,
    person: np.ndarray,
    day: np.ndarray,
    country: np.ndarray,
    agency: np.ndarray | None,
    rates: RegisterRates,
) -> pl.Series:
    """Write telephone numbers: the person's own at that time, one abroad, or the agency's."""
    period = np.clip((day - nation.people.since[person]) // 1_100, 0, 7)
    key = person.astype(np.int64) * 16 + period
    if agency is not None:
        shared = rng.random(len(person)) < rates.phone_agency
        key[shared] = -1 - agency[shared].astype(np.int64)
    frame = pl.DataFrame(
        {
            "h": home_phone(key),
            "a": abroad_phone(nation.abroad, key + 8, country),
            "out": rng.random(len(person)) < rates.phone_abroad,
            "u": rng.random(len(person)),
        }
    )
    text = frame.select(
        x=pl.when("out")
        .then(pl.col("a"))
        .when(pl.col("u") < rates.phone_lost_zero)
        .then(pl.col("h").str.slice(1))
        .when(pl.col("u") < 0.30)
        .then(pl.lit("+62") + pl.col("h").str.slice(1))
        .otherwise(pl.col("h"))
    )["x"]
    text = damage.edit(rng, text, rates.phone_typo, damage.digit_typo)
    return _blank(rng, text, rates.blank["phone"])


def _homes(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: RegisterRates
) -> tuple[pl.Series, pl.Series]:
    """Write home regency and village."""
    place = areas()
    regency = pl.Series(place.regency_name).gather(_rows(nation.people.regency[person]))
    regency = damage.edit(rng, regency, 0.02, lambda name, _: f"KAB. {name}".replace("KAB. KOTA ", "KOTA "))
    regency = damage.edit(rng, regency, rates.place_typo, damage.typo)
    village = pl.Series(place.village_name).gather(_rows(nation.people.village[person]))
    village = damage.edit(rng, village, rates.place_typo, damage.typo)
    return _blank(rng, regency, rates.blank["regency"]), _blank(rng, village, rates.blank["village"])


def _common(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, day: np.ndarray, rates: RegisterRates, citizens: bool
) -> dict[str, pl.Series]:
    """The columns that both registers have, but for telephones and places abroad."""
    sex = pl.Series(np.where(nation.people.female[person], "P", "L"))
    regency, village = _homes(rng, nation, person, rates)
    return {
        "nik": write_niks(rng, nation, person, rates.nik),
        "nama": write_names(rng, nation, person, rates, passport=citizens),
        "tempat_lahir": write_birth_places(rng, nation, person, rates, long_form=citizens),
        "tgl_lahir": write_births(rng, nation, person, rates),
        "jk": _blank(rng, sex, rates.blank["sex"]),
        "nama_ibu": write_mothers(rng, nation, person, rates),
        "no_paspor": write_passports(rng, nation, person, day, rates),
        "kab_asal": regency,
        "desa": village,
    }


def placement_rows(
    rng: np.random.Generator,
    nation: Nation,
    person: np.ndarray,
    country: np.ndarray,
    day: np.ndarray,
    agency: np.ndarray,
    agencies: pl.Series,
    formal: np.ndarray,
    first_id: int,
) -> pl.DataFrame:
    """Write a block of the placement register; `agency` -1 means none, -2 the government itself."""
    rates = nation.rates.placement
    columns = _common(rng, nation, person, day, rates, citizens=False)
    names = pl.concat([agencies, pl.Series(["BP2MI (G TO G)", None])])
    columns |= {
        "id_s": pl.Series([f"S{n:08d}" for n in range(first_id, first_id + len(person))]),
        "no_hp": write_phones(rng, nation, person, day, country, np.maximum(agency, 0), rates),
        "negara_tujuan": write_country(rng, nation.abroad, country, rates.country_variant),
        "p3mi": names.gather(_rows(agency % len(names))),
        "sektor": pl.Series(np.where(formal, "FORMAL", "INFORMAL")),
        "tgl_daftar": pl.Series(day.astype(np.int32)).cast(pl.Date),
    }
    return pl.DataFrame(columns).select(PLACEMENT_COLUMNS)


def _status(rng: np.random.Generator, capacity: np.ndarray) -> pl.Series:
    """Write capacities as citizens choose them."""
    words = [word for kind in STATUS for word, _ in kind]
    row = np.zeros(len(capacity), dtype=np.int64)
    start = 0
    for k, kind in enumerate(STATUS):
        mine = capacity == k
        row[mine] = start + rng.choice(len(kind), mine.sum(), p=[w for _, w in kind])
        start += len(kind)
    return pl.Series(words).gather(_rows(row))


def citizens_rows(
    rng: np.random.Generator,
    nation: Nation,
    person: np.ndarray,
    country: np.ndarray,
    day: np.ndarray,
    capacity: np.ndarray,
    first_id: int,
) -> pl.DataFrame:
    """Write a block of the citizens' register; a negative person is a row that belongs to nobody."""
    rates = nation.rates.citizens
    ids = pl.Series([f"P{n:08d}" for n in range(first_id, first_id + len(person))])
    nobody = person < 0
    who = np.where(nobody, 0, person)
    columns = _common(rng, nation, who, day, rates, citizens=True)
    columns |= {
        "id_p": ids,
        "no_hp": write_phones(rng, nation, who, day, country, None, rates),
        "negara": write_country(rng, nation.abroad, country, rates.country_variant),
        "kota": _blank(rng, write_town(rng, nation.abroad, country), rates.blank["city"]),
        "status": _blank(rng, _status(rng, capacity), rates.blank["status"]),
        "tgl_lapor": pl.Series(day.astype(np.int32)).cast(pl.Date),
    }
    frame = pl.DataFrame(columns).select(CITIZENS_COLUMNS)
    return _with_junk(rng, nation, frame, nobody) if nobody.any() else frame


def _with_junk(rng: np.random.Generator, nation: Nation, frame: pl.DataFrame, nobody: np.ndarray) -> pl.DataFrame:
    """Overwrite the rows that belong to nobody with what people type to try a form out."""
    n = int(nobody.sum())
    some = nation.names[rng.integers(0, len(nation.names), n)]
    names = pl.DataFrame(
        {"t": pl.Series(JUNK_NAMES).gather(rng.integers(0, len(JUNK_NAMES), n)), "n": render(nation.customs, some)}
    )
    test = pl.Series(rng.random(n) < 0.5)

    def one_of(values: tuple[str | None, ...]) -> pl.Series:
        return pl.Series(values, dtype=pl.Utf8).gather(rng.integers(0, len(values), n))

    empty = pl.Series([None] * n, dtype=pl.Utf8)
    new = {
        "nik": one_of((None, None, "0000000000000000")),
        "nama": names.with_columns(u=test).select(x=pl.when("u").then("t").otherwise("n"))["x"],
        "tempat_lahir": one_of((None, None, None, "JAKARTA")),
        "tgl_lahir": one_of((None, None, "1990-01-01", "2000-01-01", "2024-11-27")),
        "jk": one_of((None, None, "L")),
        "nama_ibu": empty,
        "no_paspor": one_of((None, None, None, "A0000000")),
        "no_hp": empty,
        "kab_asal": empty,
        "desa": empty,
        "kota": empty,
        "status": one_of((None, "PEKERJA")),
    }
    rows = np.flatnonzero(nobody)
    return frame.with_columns(**{name: frame[name].scatter(rows, values) for name, values in new.items()})
