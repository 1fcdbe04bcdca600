"""Writes the rows of the further registers: border, social security, population, government's placements, arrivals home."""

import numpy as np
import polars as pl

from selaras.samples import damage
from selaras.samples.abroad import home_phone, write_country
from selaras.samples.names import render
from selaras.samples.places import areas
from selaras.samples.rates import FurtherRates
from selaras.samples.registers import (
    Nation,
    iso_dates,
    write_birth_places,
    write_births,
    write_mothers,
    write_names,
    write_niks,
    write_passports,
)
from selaras.samples.stays import CAUSES, DEATH
from selaras.samples.truth import CAUSE_WORDS, passport_on
from selaras.samples.world import World

PORTS = ("SOEKARNO-HATTA", "JUANDA", "BATAM CENTRE", "NGURAH RAI", "KUALANAMU", "ENTIKONG", "NUNUKAN", "ADISUTJIPTO")
ROSTERS = {"KOR": "EPS-TOPIK KOREA", "JPN": "IJEPA JEPANG", "DEU": "TRIPLE WIN JERMAN"}
NUMBERED = {"imigrasi": "I", "bpjs": "B", "dukcapil": "D", "gtog": "G"}
HEADINGS = {
    "imigrasi": {
        "id_lintas": "ID Perlintasan", "no_paspor": "No. Dokumen Perjalanan", "nama": "Nama (MRZ)",
        "tgl_lahir": "Tgl Lahir", "jk": "Jenis Kelamin", "kewarganegaraan": "Kewarganegaraan", "arah": "Arah Lintas",
        "tpi": "TPI", "negara": "Negara Tujuan/Asal", "tgl_lintas": "Tgl Lintas",
    },
    "bpjs": {
        "no_kpj": "No. KPJ", "nik": "NIK", "nama": "Nama Peserta", "tgl_lahir": "Tanggal Lahir", "jk": "Jenis Kelamin",
        "nama_ibu": "Nama Ibu Kandung", "no_hp": "No. HP", "negara": "Negara Penempatan", "mulai": "Mulai Iuran",
        "akhir": "Akhir Iuran", "status": "Status Kepesertaan",
    },
    "dukcapil": {
        "id_petik": "ID Petik", "nik": "NIK", "no_kk": "No. KK", "nama": "Nama Lengkap", "tempat_lahir": "Tempat Lahir",
        "tgl_lahir": "Tanggal Lahir", "jk": "Jenis Kelamin", "nama_ibu": "Nama Ibu Kandung", "kode_desa": "Kode Wilayah",
        "desa": "Desa/Kelurahan", "kab": "Kabupaten/Kota", "status": "Status Kependudukan",
        "tgl_status": "Tanggal Status",
    },
    "gtog": {
        "no_peserta": "No. Peserta", "nik": "NIK", "nama": "Nama Peserta", "no_paspor": "No. Paspor",
        "tgl_lahir": "Tgl Lahir", "jk": "L/P", "program": "Program", "sektor": "Sektor", "negara": "Negara Penempatan",
        "tgl_berangkat": "Tgl Berangkat",
    },
}  # fmt: skip


def ids(register: str, first: int, count: int) -> pl.Series:
    """Row ids of a block."""
    return pl.Series([f"{NUMBERED[register]}{n:08d}" for n in range(first, first + count)], dtype=pl.Utf8)


def _sex(nation: Nation, person: np.ndarray) -> pl.Series:
    return pl.Series(np.where(nation.people.female[person], "P", "L"))


def _days(days: np.ndarray) -> pl.Series:
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def _only(keep: np.ndarray, column: pl.Series) -> pl.Series:
    return pl.DataFrame({"k": keep, "c": column}).select(x=pl.when("k").then("c"))["x"]


def machine_read(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, rates: FurtherRates
) -> pl.Series:
    """Names as a machine reads them off a passport: capitals, mostly the last word first, cut at the width of the field."""
    names = render(nation.customs, nation.names[person])
    sex = _sex(nation, person)
    rows = np.flatnonzero(nation.papers.fathers_name[person])
    father = sex + ":" + render(nation.customs, nation.fathers[person, None])
    names = damage.add_father(rng, names, father, rows, with_bin=0.0).str.replace_all(r"[^A-Z ]", "")
    names = damage.edit(rng, names, 0.7, damage.swapped)
    names = damage.edit(rng, names, rates.machine_misread, damage.typo)
    return names.str.slice(0, rates.machine_width).str.strip_chars_end()


def crossing_rows(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, day: np.ndarray, out: np.ndarray,
    country: np.ndarray, first: int,
) -> pl.DataFrame:  # fmt: skip
    """Write a block of border crossings: no NIK, no kin, no home; the passport is read by a machine."""
    rates = nation.rates.further
    usual = rates.roster
    birth = iso_dates(nation.papers.false_birth[person])
    columns = {
        "id_lintas": ids("imigrasi", first, len(person)),
        "no_paspor": write_passports(rng, nation, person, day, usual),
        "nama": machine_read(rng, nation, person, rates),
        "tgl_lahir": damage.edit(rng, birth, 0.002, damage.date_typo),
        "jk": _sex(nation, person),
        "kewarganegaraan": pl.Series(["IDN"] * len(person), dtype=pl.Utf8),
        "arah": pl.Series(np.where(out, "KELUAR", "MASUK")),
        "tpi": pl.Series(PORTS).gather(rng.integers(0, len(PORTS), len(person))),
        "negara": write_country(rng, nation.abroad, country, 0.05),
        "tgl_lintas": _days(day),
    }
    return pl.DataFrame(columns)


def member_rows(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, country: np.ndarray, day: np.ndarray,
    months: np.ndarray, today: int, first: int,
) -> pl.DataFrame:  # fmt: skip
    """Write a block of social security members: one row for each placement that was paid for."""
    rates = nation.rates.further.members
    end = day + (months * 30.44).astype(np.int32)
    phone = home_phone(person.astype(np.int64) * 16 + np.clip((day - nation.people.since[person]) // 1_100, 0, 7))
    columns = {
        "no_kpj": ids("bpjs", first, len(person)),
        "nik": write_niks(rng, nation, person, rates.nik),
        "nama": write_names(rng, nation, person, rates, passport=False),
        "tgl_lahir": write_births(rng, nation, person, rates),
        "jk": _sex(nation, person),
        "nama_ibu": write_mothers(rng, nation, person, rates),
        "no_hp": _only(rng.random(len(person)) > rates.blank["phone"], phone),
        "negara": write_country(rng, nation.abroad, country, rates.country_variant),
        "mulai": _days(day),
        "akhir": _days(end),
        "status": pl.Series(np.where(end >= today, "AKTIF", "NON AKTIF")),
    }
    return pl.DataFrame(columns)


def population_rows(
    rng: np.random.Generator, world: World, person: np.ndarray, today: int, first: int
) -> pl.DataFrame:
    """Write a block of the population extract: the person as her identity card has her, alive or dead."""
    nation, stays, place = world.nation, world.stays, areas()
    people, rates = nation.people, nation.rates.further
    abroad = (stays.cause[person] == DEATH) & (rng.random(len(person)) < 0.6)
    home = (stays.cause[person] >= 0) & (stays.cause[person] != DEATH) & (rng.random(len(person)) < rates.died_at_home)
    died = np.where(home, stays.end[person] + rng.integers(30, 900, len(person)), stays.end[person] + 20)
    dead = (abroad | home) & (died <= today)
    regency = pl.Series(place.regency_name).gather(people.regency[person].astype(np.uint32))
    columns = {
        "id_petik": ids("dukcapil", first, len(person)),
        "nik": pl.Series(nation.papers.nik[person]).cast(pl.Utf8),
        "no_kk": pl.Series(nation.papers.family_card[person]).cast(pl.Utf8),
        "nama": write_names(rng, nation, person, rates.population, passport=False),
        "tempat_lahir": write_birth_places(rng, nation, person, rates.population, long_form=False),
        "tgl_lahir": write_births(rng, nation, person, rates.population),
        "jk": _sex(nation, person),
        "nama_ibu": write_mothers(rng, nation, person, rates.population),
        "kode_desa": pl.Series(place.village).gather(people.village[person].astype(np.uint32)),
        "desa": pl.Series(place.village_name).gather(people.village[person].astype(np.uint32)),
        "kab": regency,
        "status": pl.Series(np.where(dead, "MENINGGAL", "HIDUP")),
        "tgl_status": _days(np.where(dead, died, today)),
    }
    return pl.DataFrame(columns)


def roster_rows(
    rng: np.random.Generator, nation: Nation, person: np.ndarray, country: np.ndarray, day: np.ndarray,
    sector: pl.Series, first: int,
) -> pl.DataFrame:  # fmt: skip
    """Write a block of the government's own placements; `country` are rows of the list of countries."""
    rates = nation.rates.further.roster
    iso = pl.Series(nation.abroad.countries).gather(country.astype(np.uint32))
    columns = {
        "no_peserta": ids("gtog", first, len(person)),
        "nik": write_niks(rng, nation, person, rates.nik),
        "nama": write_names(rng, nation, person, rates, passport=False),
        "no_paspor": write_passports(rng, nation, person, day, rates),
        "tgl_lahir": write_births(rng, nation, person, rates),
        "jk": _sex(nation, person),
        "program": iso.replace_strict(ROSTERS, return_dtype=pl.Utf8),
        "sektor": sector,
        "negara": write_country(rng, nation.abroad, country, 0.0),
        "tgl_berangkat": _days(day),
    }
    return pl.DataFrame(columns)


def arrival_rows(rng: np.random.Generator, world: World, person: np.ndarray, first: int) -> pl.DataFrame:
    """Returns and deaths as typed at the arrival hall: few have an identity card with them, deportees a travel paper."""
    nation, stays = world.nation, world.stays
    cause = stays.cause[person]
    usual = nation.rates.further.members
    words = pl.Series([CAUSE_WORDS[c] for c in CAUSES])
    deported = cause == CAUSES.index("deportation")
    paper = rng.random(len(person)) < np.where(deported, 0.8, 0.08)
    splp = pl.Series([f"SP{n:07d}" for n in rng.integers(1_000_000, 9_999_999, len(person))], dtype=pl.Utf8)
    passport = damage.edit(rng, passport_on(world, person, stays.end[person]), usual.passport_typo, damage.digit_typo)
    number = pl.DataFrame({"p": passport, "s": splp, "t": paper, "u": rng.random(len(person))})
    return pl.DataFrame(
        {
            "row_id": pl.Series([f"R{n:08d}" for n in range(first, first + len(person))], dtype=pl.Utf8),
            "nik": _only(rng.random(len(person)) < 0.35, write_niks(rng, nation, person, usual.nik)),
            "passport": number.select(
                x=pl.when("t").then("s").when(pl.col("u") < 0.9).then("p").otherwise(pl.lit(None))
            )["x"],
            "name": damage.damage_names(rng, render(nation.customs, nation.names[person]), _fathers(nation, person), usual.name),
            "birth_date": write_births(rng, nation, person, usual),
            "country": write_country(rng, nation.abroad, stays.country[person], 0.15),
            "event_date": _days(stays.end[person]),
            "cause": words.gather(cause.astype(np.uint32)),
        }
    )


def _fathers(nation: Nation, person: np.ndarray) -> pl.Series:
    return _sex(nation, person) + ":" + render(nation.customs, nation.fathers[person, None])
