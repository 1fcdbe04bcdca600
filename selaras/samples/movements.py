"""Who crossed the border when, in which direction: the events that the border's register writes down."""

from dataclasses import dataclass

import numpy as np

from selaras.samples.journeys import Placements
from selaras.samples.rates import FurtherRates
from selaras.samples.stays import DEATH
from selaras.samples.world import World

RENEWAL = 4
SINCE = int(np.datetime64("2015-01-01", "D").astype(np.int64))
# An attack on the data centre cost the months after it: no crossing of that time was kept.
LOST = (int(np.datetime64("2024-06-20", "D").astype(np.int64)), int(np.datetime64("2024-09-30", "D").astype(np.int64)))
MOST_VISITS = 6


@dataclass(slots=True, eq=False)
class Crossings:
    """One entry per crossing, in order of the day; `out` is true for leaving, `country` where to or where from."""

    person: np.ndarray
    day: np.ndarray
    out: np.ndarray
    country: np.ndarray


def departures(rng: np.random.Generator, placed: Placements) -> np.ndarray:
    """Day of departure of each placement: papers take three weeks to four months."""
    return placed.day + np.floor(20 + rng.beta(1.5, 3.0, len(placed.day)) * 110).astype(np.int32)


def make_crossings(
    rng: np.random.Generator, world: World, left_on: np.ndarray, rates: FurtherRates, today: int
) -> Crossings:
    """Departures of placements and of those who only reported, visits home and back, and returns; some are not recorded.

    `left_on`: the day of departure of each placement.
    """
    placed, people, stays = world.placed, world.nation.people, world.stays
    left = np.flatnonzero(world.scheme != RENEWAL)
    own = np.flatnonzero(~people.registered)
    came = np.flatnonzero((stays.cause >= 0) & (stays.cause != DEATH))
    start = np.maximum(people.since, SINCE)
    end = np.where(stays.cause >= 0, stays.end, today)
    visits = rng.poisson(rates.visits_home_a_year * np.maximum(end - start, 0) / 365.25)
    who = np.repeat(np.arange(len(people)), np.minimum(visits, MOST_VISITS))
    home = start[who] + rng.random(len(who)) * (end - start)[who]
    parts = (
        (placed.person[left], left_on[left], True, placed.country[left]),
        (own, people.since[own] - rng.integers(5, 200, len(own)), True, people.country[own]),
        (who, home, False, stays.country[who]),
        (who, home + 10 + rng.random(len(who)) * 40, True, stays.country[who]),
        (came, stays.end[came], False, stays.country[came]),
    )
    person, day, country = (np.concatenate([part[at] for part in parts]) for at in (0, 1, 3))
    out = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    day = day.astype(np.int32)
    lost = (day >= LOST[0]) & (day <= LOST[1])
    kept = (day >= SINCE) & (day <= today) & ~lost & (rng.random(len(day)) < rates.crossings_recorded)
    order = np.flatnonzero(kept)[np.argsort(day[kept], kind="stable")]
    return Crossings(person[order], day[order], out[order], country[order])
