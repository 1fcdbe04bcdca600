"""Writes the files of the further registers, block by block, with the truth behind each row."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from selaras.samples.further import (
    HEADINGS,
    ROSTERS,
    arrival_rows,
    crossing_rows,
    member_rows,
    population_rows,
    roster_rows,
)
from selaras.samples.movements import Crossings, departures, make_crossings
from selaras.samples.stays import reported_returns
from selaras.samples.world import World

Progress = Callable[[str, int, int | None], None]
Add = Callable[[str, pl.DataFrame], None]
BLOCK = 100_000
GOVERNMENT = 1
MEMBERS_SINCE = int(np.datetime64("2017-08-01", "D").astype(np.int64))
TRUTH = "further_truth"


class FurtherFiles:
    """The further registers of a nation and of the strangers in it: what each says, in one order of the day."""

    def __init__(self, world: World, strangers: World, seed: int, today: int) -> None:
        self.worlds, self.seed, self.today = (world, strangers), seed, today
        self.rates = world.nation.rates.further

    def _rng(self, *more: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *more])

    def _left_on(self, at: int) -> np.ndarray:
        """Day of departure of each placement: of the nation's own the same as its events say."""
        return departures(self._rng(6, *([at] if at else [])), self.worlds[at].placed)

    def crossings(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        """The border's rows, with the number of each row's person."""
        first = 0
        for at, world in enumerate(self.worlds):
            all_of: Crossings = make_crossings(self._rng(21, at), world, self._left_on(at), self.rates, self.today)
            for start in range(0, len(all_of.person), BLOCK):
                part = slice(start, start + BLOCK)
                who = all_of.person[part]
                frame = crossing_rows(
                    self._rng(22, at, start), world.nation, who, all_of.day[part], all_of.out[part],
                    all_of.country[part], first,
                )  # fmt: skip
                first += frame.height
                yield frame, world.number[who]

    def members(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        """Social security: most placements since it was given the task."""
        first = 0
        for at, world in enumerate(self.worlds[:1]):
            placed, rng = world.placed, self._rng(23, at)
            paid = (placed.day >= MEMBERS_SINCE) & (rng.random(len(placed.day)) < self.rates.members_covered)
            rows = np.flatnonzero(paid)[np.argsort(placed.day[paid], kind="stable")]
            months = world.shares.contract[placed.country] + 1
            for start in range(0, len(rows), BLOCK):
                part = rows[start : start + BLOCK]
                who = placed.person[part]
                frame = member_rows(
                    self._rng(24, at, start), world.nation, who, placed.country[part], placed.day[part], months[part],
                    self.today, first,
                )  # fmt: skip
                first += frame.height
                yield frame, world.number[who]

    def population(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        """The population register: most people once, those too who went unregistered."""
        first = 0
        for at, world in enumerate(self.worlds):
            rng = self._rng(25, at)
            people = rng.permutation(np.flatnonzero(rng.random(len(world.number)) < self.rates.population_covered))
            for start in range(0, len(people), BLOCK):
                who = people[start : start + BLOCK]
                frame = population_rows(self._rng(26, at, start), world, who, self.today, first)
                first += frame.height
                yield frame, world.number[who]

    def roster(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        """Placements by the government itself, with the day of departure."""
        world, first = self.worlds[0], 0
        placed, left_on = world.placed, self._left_on(0)
        mine = np.isin(placed.country, [world.shares.countries.index(iso) for iso in ROSTERS])
        rows = np.flatnonzero(mine & (world.scheme == GOVERNMENT) & (left_on <= self.today))
        rows = rows[np.argsort(left_on[rows], kind="stable")]
        jobs = pl.Series([job.upper() for job, _ in world.shares.jobs])
        for start in range(0, len(rows), BLOCK):
            part = rows[start : start + BLOCK]
            who = placed.person[part]
            frame = roster_rows(
                self._rng(27, start), world.nation, who, placed.country[part], left_on[part],
                jobs.gather(world.job[part].astype(np.uint32)), first,
            )  # fmt: skip
            first += frame.height
            yield frame, world.number[who]

    def arrivals(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        """Returns and deaths as typed where people arrive."""
        first = 0
        for at, world in enumerate(self.worlds):
            returned = reported_returns(self._rng(7, *([at] if at else [])), world.stays, world.nation.rates.returns_reported)
            for start in range(0, len(returned), BLOCK):
                who = returned[start : start + BLOCK]
                frame = arrival_rows(self._rng(28, at, start), world, who, first)
                first += frame.height
                yield frame, world.number[who]


def write_further(files: FurtherFiles, add: Add, messy: Path | None, progress: Progress) -> dict[str, int]:
    """Write imigrasi, bpjs, dukcapil, gtog and further_truth; with `messy` also their exports. Gives rows by register."""
    counts: dict[str, int] = {}
    for name, blocks in (
        ("imigrasi", files.crossings()),
        ("bpjs", files.members()),
        ("dukcapil", files.population()),
        ("gtog", files.roster()),
    ):
        counts[name] = 0
        for frame, person in blocks:
            add(name, frame)
            add(TRUTH, pl.DataFrame({"rec_id": frame.to_series(0), "person_id": person.astype(np.int64)}))
            if messy:
                _export(messy / f"{name}_export.csv", name, frame, new=not counts[name])
            counts[name] += frame.height
            progress(name, counts[name], None)
    return counts


def _export(path: Path, name: str, frame: pl.DataFrame, *, new: bool) -> None:
    """Add a block to a register's export: UTF-8, headings as its owner writes them, Indonesian dates."""
    written = frame.with_columns(pl.col(pl.Date).dt.strftime("%d/%m/%Y")).rename(HEADINGS[name])
    with path.open("wb" if new else "ab") as file:
        written.write_csv(file, include_header=new)
