"""What is true: persons, events, and the third file of returns and deaths."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from selaras.samples import damage
from selaras.samples.abroad import write_country
from selaras.samples.movements import RENEWAL, departures
from selaras.samples.names import render
from selaras.samples.papers import LETTERS
from selaras.samples.people import CAPACITIES
from selaras.samples.places import areas
from selaras.samples.registers import iso_dates
from selaras.samples.stays import CAUSES, DEATH
from selaras.samples.world import World

SCHEMES = ("p_to_p", "g_to_g", "self_placed", "own_company", "renewal")
# how the list of returns writes the nine causes
CAUSE_WORDS = {
    "contract_end": "SELESAI KONTRAK",
    "leave": "CUTI",
    "early_termination": "PHK SEBELUM KONTRAK SELESAI",
    "illness": "SAKIT/KECELAKAAN",
    "violence": "KEKERASAN",
    "crisis": "PERANG/BENCANA/WABAH",
    "deportation": "DEPORTASI",
    "death": "MENINGGAL DUNIA",
    "other": "SEBAB LAIN",
}


def _rows(values: np.ndarray) -> np.ndarray:
    return values.astype(np.uint32)


def _dates(days: np.ndarray, there: np.ndarray | None = None) -> pl.Series:
    """Day numbers as dates; empty where `there` is false."""
    dates = pl.Series(days.astype(np.int32)).cast(pl.Date)
    if there is None:
        return dates
    return pl.DataFrame({"d": dates, "t": there}).select(x=pl.when("t").then(pl.col("d")))["x"]


def passport_on(world: World, person: np.ndarray, day: np.ndarray) -> pl.Series:
    """The passport in force on a day."""
    papers = world.nation.papers
    row = papers.first[person] + np.clip(
        (day - papers.issued[person]) // papers.period[person], 0, papers.passports[person] - 1
    )
    width = np.where(papers.letter[row] >= LETTERS.index("XA"), 6, 7)
    frame = pl.DataFrame(
        {"l": pl.Series(LETTERS).gather(_rows(papers.letter[row])), "n": papers.number[row], "w": width}
    )
    return frame.select(x=pl.col("l") + pl.col("n").cast(pl.Utf8).str.zfill(7).str.tail(pl.col("w")))["x"]


def person_rows(world: World, person: np.ndarray) -> pl.DataFrame:
    """The persons as they are: one row each."""
    nation, place, stays = world.nation, areas(), world.stays
    people, papers = nation.people, nation.papers
    iso = pl.Series(world.shares.countries)
    cause = pl.Series([*CAUSES, None])
    ended = stays.cause[person]
    mother = people.mother[person]
    second = pl.Series(papers.second_nik[person])
    return pl.DataFrame(
        {
            "person_id": world.number[person].astype(np.int64),
            "name": render(nation.customs, nation.names[person]),
            "female": people.female[person],
            "birth_date": _dates(people.birth[person]),
            "mother": render(nation.customs, nation.mothers[person]),
            "mother_id": pl.Series(np.where(mother >= 0, world.number[mother], -1).astype(np.int64)),
            "father": render(nation.customs, nation.fathers[person, None]),
            "people": pl.Series(nation.customs.peoples).gather(_rows(people.people[person])),
            "nik": pl.Series(papers.nik[person]).cast(pl.Utf8),
            "second_nik": pl.DataFrame({"n": second}).select(
                x=pl.when(pl.col("n") > 0).then(pl.col("n").cast(pl.Utf8))
            )["x"],
            "family_card": pl.Series(papers.family_card[person]).cast(pl.Utf8),
            "passport": passport_on(world, person, stays.last_day[person]),
            "passport_birth_date": _dates(papers.false_birth[person]),
            "twin": people.twin[person],
            "regency": pl.Series(place.regency).gather(_rows(people.regency[person])),
            "district": pl.Series(place.district).gather(_rows(people.district[person])),
            "village": pl.Series(place.village).gather(_rows(people.village[person])),
            "capacity": pl.Series(CAPACITIES).gather(_rows(people.capacity[person])),
            "registered": people.registered[person],
            "first_iso3": iso.gather(_rows(people.country[person])),
            "last_iso3": iso.gather(_rows(stays.country[person])),
            "since": _dates(people.since[person]),
            "last_known": _dates(stays.last_day[person]),
            "abroad": ended < 0,
            "ended_on": _dates(stays.end[person], ended >= 0),
            "end_cause": cause.gather(_rows(np.where(ended < 0, len(CAUSES), ended))),
        }
    )


def event_rows(world: World, rng: np.random.Generator, block: int) -> Iterator[pl.DataFrame]:
    """What happened, kind by kind: registration, departure, lapor_diri, return, death."""
    iso = pl.Series(world.shares.countries)
    jobs = pl.Series([job for job, _ in world.shares.jobs])
    placed, reports, stays = world.placed, world.reports, world.stays
    departure = departures(rng, placed)
    today = max(int(placed.day.max()), int(reports.day.max()))
    # whoever renews does not depart again
    left = np.flatnonzero((world.scheme != RENEWAL) & (departure <= today))
    ended = np.flatnonzero(stays.cause >= 0)

    def frame(
        kind: str | pl.Series, person: np.ndarray, day: np.ndarray, country: np.ndarray, **more: pl.Series
    ) -> pl.DataFrame:
        columns = {
            "person_id": pl.Series(world.number[person].astype(np.int64)),
            "kind": kind if isinstance(kind, pl.Series) else pl.Series([kind] * len(person)),
            "day": _dates(day),
            "iso3": iso.gather(_rows(country)),
        }
        for name in ("scheme", "job", "capacity", "cause"):
            columns[name] = more.get(name, pl.Series([None] * len(person), dtype=pl.Utf8))
        return pl.DataFrame(columns)

    for start in range(0, len(placed.day), block):
        part = slice(start, start + block)
        scheme = pl.Series(SCHEMES).gather(_rows(world.scheme[part]))
        yield frame("registration", placed.person[part], placed.day[part], placed.country[part], scheme=scheme,
                    job=jobs.gather(_rows(world.job[part])))  # fmt: skip
    for start in range(0, len(left), block):
        rows = left[start : start + block]
        yield frame("departure", placed.person[rows], departure[rows], placed.country[rows])
    for start in range(0, len(reports.day), block):
        part = slice(start, start + block)
        capacity = pl.Series(CAPACITIES).gather(_rows(reports.capacity[part]))
        yield frame("lapor_diri", reports.person[part], reports.day[part], reports.country[part], capacity=capacity)
    for start in range(0, len(ended), block):
        rows = ended[start : start + block]
        cause = stays.cause[rows]
        kind = pl.Series(np.where(cause == DEATH, "death", "return"))
        yield frame(kind, rows, stays.end[rows], stays.country[rows], cause=pl.Series(CAUSES).gather(_rows(cause)))


def return_rows(rng: np.random.Generator, world: World, person: np.ndarray, first_id: int) -> pl.DataFrame:
    """The list of returns and deaths as it is handed over: NIK or passport, name, day, cause."""
    nation, stays = world.nation, world.stays
    cause = stays.cause[person]
    words = pl.Series([CAUSE_WORDS[c] for c in CAUSES])
    frame = pl.DataFrame(
        {
            "row_id": pl.Series([f"R{n:08d}" for n in range(first_id, first_id + len(person))], dtype=pl.Utf8),
            "nik": pl.Series(nation.papers.nik[person]).cast(pl.Utf8),
            "passport": passport_on(world, person, stays.end[person]),
            "name": render(nation.customs, nation.names[person]),
            "birth_date": iso_dates(nation.people.birth[person]),
            "country": write_country(rng, nation.abroad, stays.country[person], 0.1),
            "event_date": _dates(stays.end[person]),
            "cause": words.gather(_rows(cause)),
            "u": rng.random(len(person)),
        }
    )
    # a tenth come without an identity card, and others of them on a travel document: no passport number
    frame = frame.with_columns(
        nik=pl.when(pl.col("u") > 0.10).then("nik"), passport=pl.when(pl.col("u") < 0.82).then("passport")
    ).drop("u")
    return frame.with_columns(
        nik=damage.edit(rng, frame["nik"], 0.012, damage.digit_typo),
        name=damage.edit(rng, frame["name"], 0.06, damage.spelling),
    )
