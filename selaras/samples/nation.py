"""Makes the invented nation and writes it out, block by block, so that five million persons need little memory.

Everything is invented: names are drawn from word lists written for this project, numbers are built so that no civil registry
or operator has given them out, agencies are coined words. The same people, seed and rates always give the same files.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from selaras.samples.abroad import load_abroad, spellings
from selaras.samples.exports import MessyExports
from selaras.samples.families import namesakes, tie_families
from selaras.samples.further_files import FurtherFiles, write_further
from selaras.samples.journeys import Placements, placements
from selaras.samples.names import fathers, full_names, load_customs
from selaras.samples.papers import make_papers
from selaras.samples.parties import agency_names
from selaras.samples.people import YEAR, make_people
from selaras.samples.rates import Rates
from selaras.samples.registers import Nation, citizens_rows, placement_rows
from selaras.samples.shares import Shares, load_shares
from selaras.samples.stays import make_reports, make_stays, reported_returns
from selaras.samples.strangers import as_strangers
from selaras.samples.truth import event_rows, person_rows, return_rows
from selaras.samples.world import World

TODAY = date(2026, 11, 21)
BLOCK = 100_000
# Twice the nation; with more, passports of one letter would run out of numbers and be given twice.
SMALLEST, LARGEST = 1_000, 10_400_000
STRANGERS_SEED = 1_000_003
# sizes of the national registers per person: 4.67 m placements and 2.40 m reports for 5.197 m persons
PLACED_PERSONS, PLACEMENT_ROWS, CITIZEN_ROWS = 0.773, 0.8986, 0.4617
Progress = Callable[[str, int, int | None], None]


def _silent(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


def _jobs(rng: np.random.Generator, shares: Shares, placed: Placements) -> np.ndarray:
    """A job for each placement, by destination and sex; a person keeps the job within a destination."""
    key = rng.random(placed.persons)
    female = placed.female[placed.person]
    job = np.zeros(len(placed.person), dtype=np.int8)
    group = placed.country.astype(np.int16) * 2 + female
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(shares.countries) * 2 + 1))
    for g in range(len(bounds) - 1):
        mine = order[bounds[g] : bounds[g + 1]]
        table = shares.job[g // 2, bool(g % 2)]
        job[mine] = table.rows[
            np.searchsorted(table.weights, key[placed.person[mine]], side="right").clip(0, len(table.rows) - 1)
        ]
    return job


def _schemes(rng: np.random.Generator, shares: Shares, placed: Placements) -> np.ndarray:
    """A scheme for each placement: 0 P to P, 1 G to G, 2 self-placed, 3 own company, 4 renewal; a double count is a renewal."""
    point = rng.random(len(placed.person))
    scheme = (point[:, None] >= shares.scheme[placed.country]).sum(axis=1).clip(0, 3).astype(np.int8)
    scheme[placed.renewal | (rng.random(len(point)) < 0.045)] = 4
    return scheme


def _agencies(rng: np.random.Generator, scheme: np.ndarray, count: int) -> np.ndarray:
    """An agency for P to P and renewals, a few large ones and many small; -2 the government, -1 none."""
    weight = 1 / (np.arange(count) + 6.0)
    agency = rng.choice(count, len(scheme), p=weight / weight.sum()).astype(np.int16)
    agency[scheme == 1] = -2
    agency[(scheme == 2) | (scheme == 3)] = -1
    return agency


def make_world(
    people: int, seed: int, rates: Rates | None = None, today: date = TODAY, progress: Progress = _silent
) -> World:
    """Draw a nation of `people` persons and all that happened to them; the same seed gives the same nation.

    people: 1,000 to 10,400,000. Raises ValueError outside of it and PlacesMissing without the area tables.
    """
    if not SMALLEST <= people <= LARGEST:
        raise ValueError(f"people must lie between {SMALLEST:,} and {LARGEST:,}")
    rates = rates or Rates()
    stage = iter(np.random.SeedSequence(seed).spawn(16))

    def rng() -> np.random.Generator:
        return np.random.default_rng(next(stage))

    now = (today - date(1970, 1, 1)).days
    shares, customs = load_shares(), load_customs()
    progress("journeys", 0, people)
    persons = round(people * PLACED_PERSONS)
    placed = placements(rng(), shares, persons, round(people * PLACEMENT_ROWS), rates.renewals_counted_twice, now)
    job = _jobs(rng(), shares, placed)
    scheme = _schemes(rng(), shares, placed)
    agency = _agencies(rng(), scheme, len(agency_names()))
    progress("people", 0, people)
    who = make_people(rng(), shares, placed, people, now)
    tie_families(rng(), who, rates)
    like, unlike = namesakes(rng(), who, rates)
    year = who.birth // YEAR + 1970
    progress("names", 0, people)
    draw = rng()
    names = full_names(draw, customs, who.people, who.female, year)
    mothers = full_names(draw, customs, who.people, np.ones(people, dtype=bool), year - 26)
    father = fathers(draw, customs, who.people, year - 30)
    names[unlike] = names[like]
    raised = np.flatnonzero(who.sibling >= 0)
    mothers[raised], father[raised] = mothers[who.sibling[raised]], father[who.sibling[raised]]
    born = np.flatnonzero(who.mother >= 0)
    mothers[born] = names[who.mother[born]]
    sea = np.zeros(people, dtype=bool)
    crew = np.array([name in ("fisher", "seafarer") for name, _ in shares.jobs])
    sea[placed.person[crew[job]]] = True
    progress("reports", 0, people)
    reports = make_reports(
        rng(), shares, placed, who, sea, round(people * CITIZEN_ROWS * (1 - rates.citizens.junk)), now
    )
    stays = make_stays(rng(), shares, placed, who, reports, now)
    progress("papers", 0, people)
    papers = make_papers(rng(), who, stays.last_day, rates, now)
    number = rng().permutation(people).astype(np.int32)
    nation = Nation(who, papers, names, mothers, father, customs, load_abroad(shares.countries), rates)
    return World(nation, shares, placed, job, scheme, agency, reports, stays, number)


class _Parquet:
    """Parquet files that grow block by block."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack, self.open = folder, stack, {}

    def add(self, name: str, frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if name not in self.open:
            writer = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema, compression="zstd")
            self.open[name] = self.stack.enter_context(writer)
        self.open[name].write_table(table)


def _write_placements(world: World, seed: int, files: _Parquet, messy: MessyExports | None, progress: Progress) -> int:
    """Write the placement register in order of registration."""
    placed, agencies = world.placed, pl.Series(agency_names())
    order = np.argsort(placed.day, kind="stable")
    formal = np.array([sector == "FORMAL" for _, sector in world.shares.jobs])
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        rng = np.random.default_rng([seed, 1, start])
        person = placed.person[rows]
        frame = placement_rows(
            rng, world.nation, person, placed.country[rows], placed.day[rows], world.agency[rows], agencies,
            formal[world.job[rows]], start,
        )  # fmt: skip
        files.add("s", frame)
        files.add("truth", pl.DataFrame({"rec_id": frame["id_s"], "person_id": world.number[person].astype(np.int64)}))
        if messy:
            messy.placements(np.random.default_rng([seed, 3, start]), frame)
        progress("placement register", start + len(rows), len(order))
    return len(order)


def _write_reports(world: World, seed: int, files: _Parquet, messy: MessyExports | None, progress: Progress) -> int:
    """Write the citizens' register in order of the reports, with the rows that belong to nobody among them."""
    reports, rates = world.reports, world.nation.rates.citizens
    rng = np.random.default_rng([seed, 4])
    junk = round(len(reports.person) * rates.junk / (1 - rates.junk))
    copied = rng.integers(0, len(reports.person), junk)
    person = np.concatenate([reports.person, -1 - np.arange(junk)])
    country = np.concatenate([reports.country, reports.country[copied]])
    day = np.concatenate([reports.day, reports.day[copied]])
    capacity = np.concatenate([reports.capacity, reports.capacity[copied]])
    order = np.argsort(day, kind="stable")
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        rng = np.random.default_rng([seed, 2, start])
        who = person[rows]
        frame = citizens_rows(rng, world.nation, who, country[rows], day[rows], capacity[rows], start)
        number = np.where(who >= 0, world.number[np.maximum(who, 0)], who).astype(np.int64)
        files.add("p", frame)
        files.add("truth", pl.DataFrame({"rec_id": frame["id_p"], "person_id": number}))
        if messy:
            messy.citizens(np.random.default_rng([seed, 5, start]), frame)
        progress("citizens' register", start + len(rows), len(order))
    return len(order)


def _write_truth(
    world: World, seed: int, files: _Parquet, messy: MessyExports | None, further: FurtherFiles | None, progress: Progress
) -> dict[str, int]:
    """Write who everybody is, what happened, and the list of returns and deaths.

    With further registers the list is as typed where people arrive, strangers to the two registers among them.
    """
    people = len(world.number)
    order = np.argsort(world.number)
    for start in range(0, people, BLOCK):
        rows = order[start : start + BLOCK]
        files.add("persons", person_rows(world, rows))
        progress("persons", start + len(rows), people)
    events = 0
    for frame in event_rows(world, np.random.default_rng([seed, 6]), BLOCK):
        files.add("events", frame)
        events += frame.height
        progress("events", events, None)
    returned = 0
    for frame, number in further.arrivals() if further else _reported(world, seed):
        files.add("returns", frame)
        files.add("returns_truth", pl.DataFrame({"rec_id": frame["row_id"], "person_id": number.astype(np.int64)}))
        returned += frame.height
        if messy:
            messy.returns(frame)
    return {"persons": people, "events": events, "returns": returned}


def _reported(world: World, seed: int) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """The list of returns and deaths as it is reported, with the number of each row's person."""
    returned = reported_returns(np.random.default_rng([seed, 7]), world.stays, world.nation.rates.returns_reported)
    for start in range(0, max(len(returned), 1), BLOCK):
        rows = returned[start : start + BLOCK]
        yield return_rows(np.random.default_rng([seed, 8, start]), world, rows, start), world.number[rows]


def _further(world: World, people: int, seed: int, rates: Rates | None, today: date, progress: Progress) -> FurtherFiles:
    """The further registers, with strangers made as a nation of their own."""
    share = round(people * world.nation.rates.further.strangers)
    strangers = make_world(max(share, SMALLEST), seed + STRANGERS_SEED, rates, today, progress)
    return FurtherFiles(world, as_strangers(strangers, people), seed, (today - date(1970, 1, 1)).days)


def make_nation(
    people: int,
    seed: int,
    out: Path,
    *,
    rates: Rates | None = None,
    today: date = TODAY,
    messy: bool = False,
    xlsx: bool = False,
    registers: bool = False,
    progress: Progress = _silent,
) -> dict[str, int]:
    """Write a nation into the folder `out` and give the number of rows of each file.

    Always: s, p, truth, persons, events, returns, returns_truth (Parquet) and countries.csv. With `messy` also the exports as
    the ministries hand them over, with broken lines and the list of them (broken.csv); with `xlsx` two small workbooks.
    With `registers` also those of border, social security, population register and government's placements (imigrasi, bpjs,
    dukcapil, gtog, and further_truth), and the list of returns as it is typed on arrival.
    """
    world = make_world(people, seed, rates, today, progress)
    out.mkdir(parents=True, exist_ok=True)
    spellings(world.nation.abroad).write_csv(out / "countries.csv")
    with ExitStack() as stack:
        files = _Parquet(out, stack)
        exports = stack.enter_context(MessyExports(out, seed, text=messy, xlsx=xlsx)) if messy or xlsx else None
        counts = {"s": _write_placements(world, seed, files, exports, progress)}
        counts["p"] = _write_reports(world, seed, files, exports, progress)
        further = _further(world, people, seed, rates, today, progress) if registers else None
        counts |= _write_truth(world, seed, files, exports, further, progress)
        if further:
            counts |= write_further(further, files.add, out if messy else None, progress)
        if exports:
            counts["broken"] = exports.finish()
    return counts
