"""Lapor diri abroad, and how each stay ended: what the citizens' register and the list of returns are made from."""

from dataclasses import dataclass

import numpy as np

from selaras.samples.journeys import Placements
from selaras.samples.people import CHILD, CREW, SPOUSE, STUDENT, WORKER, People
from selaras.samples.shares import Shares

# the nine return causes of Law 18/2017 article 27
CAUSES = (
    "contract_end",
    "leave",
    "early_termination",
    "illness",
    "violence",
    "crisis",
    "deportation",
    "death",
    "other",
)
CAUSE_SHARES = np.array([0.635, 0.120, 0.085, 0.040, 0.018, 0.022, 0.050, 0.0, 0.030])
DEATH = CAUSES.index("death")
LEAVE = CAUSES.index("leave")
# of all persons; in the whole nation a few hundred a year
DEATH_SHARE = 0.0014
IN_BOTH = 0.183
OPENED = int(np.datetime64("2018-01-15", "D").astype(np.int64))
PLACED_FROM = int(np.datetime64("2017-06-01", "D").astype(np.int64))
RETURNS_FROM = int(np.datetime64("2012-01-01", "D").astype(np.int64))


@dataclass(slots=True, eq=False)
class Reports:
    """Lapor diri rows: who, where, when, and as what."""

    person: np.ndarray
    country: np.ndarray
    day: np.ndarray
    capacity: np.ndarray


@dataclass(slots=True, eq=False)
class Stays:
    """By person: the country last lived in, the last known day, the end of the stay and its cause (-1 while abroad)."""

    country: np.ndarray
    last_day: np.ndarray
    end: np.ndarray
    cause: np.ndarray


def _latest(placed: Placements, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Day and country of each person's latest placement; day 0 for persons without one."""
    day = np.zeros(total, dtype=np.int32)
    country = np.zeros(total, dtype=np.int8)
    order = np.argsort(placed.day, kind="stable")
    day[placed.person[order]] = placed.day[order]
    country[placed.person[order]] = placed.country[order]
    return day, country


def make_reports(
    rng: np.random.Generator,
    shares: Shares,
    placed: Placements,
    people: People,
    jobs: np.ndarray,
    rows: int,
    today: int,
) -> Reports:
    """Let a fifth of all persons be in both registers; those who are in the citizens' register only report too."""
    total = len(people)
    day, country = _latest(placed, total)
    able = np.flatnonzero((day > PLACED_FROM) & (day < today - 30))
    chance = shares.reports[country[able]]
    chance = np.minimum(chance * IN_BOTH * total / chance.sum(), 0.97)
    both = able[rng.random(len(able)) < chance]
    start = np.maximum(day[both], OPENED - 60)
    lag = np.minimum(rng.exponential(170, len(both)), (today - start) * rng.random(len(both)))
    only = np.flatnonzero(~people.registered)
    person = np.concatenate([both, only])
    when = np.concatenate([np.maximum(start + lag, OPENED), people.since[only]])
    where = np.concatenate([country[both], people.country[only]])
    wandered = np.flatnonzero((np.arange(len(person)) < len(both)) & (rng.random(len(person)) < 0.06))
    where[wandered] = rng.choice(len(shares.countries), len(wandered), p=shares.unregistered[0])
    when[wandered] += (today - when[wandered]) * rng.random(len(wandered)) * 0.6
    again = rng.choice(len(person), max(rows - len(person), 0))
    later = when[again] + (today - when[again]) * rng.beta(1.2, 2.0, len(again))
    else_where = where[again].copy()
    moved = rng.random(len(again)) < 0.10
    else_where[moved] = rng.choice(len(shares.countries), moved.sum(), p=shares.unregistered[0])
    capacity = _capacities(rng, people, jobs, len(both), person)
    return Reports(
        person=np.concatenate([person, person[again]]),
        country=np.concatenate([where, else_where]).astype(np.int8),
        day=np.minimum(np.concatenate([when, later]), today).astype(np.int32),
        capacity=np.concatenate([capacity, capacity[again]]),
    )


def _capacities(
    rng: np.random.Generator, people: People, jobs: np.ndarray, registered: int, person: np.ndarray
) -> np.ndarray:
    """A registered worker reports as a worker or crew, seldom as a student or as somebody's spouse."""
    capacity = people.capacity[person].copy()
    own = person[:registered]
    point = rng.random(registered)
    choice = np.full(registered, WORKER, dtype=np.int8)
    choice[point < 0.050] = STUDENT
    choice[point < 0.030] = SPOUSE
    choice[jobs[own]] = CREW
    capacity[:registered] = choice
    return capacity


def make_stays(
    rng: np.random.Generator, shares: Shares, placed: Placements, people: People, reports: Reports, today: int
) -> Stays:
    """End each stay after its contract, later for those who stay on, or not yet; a few end in death."""
    total = len(people)
    day, country = _latest(placed, total)
    day, country = np.maximum(day, 0), np.where(people.registered, country, people.country).astype(np.int8)
    day = np.where(people.registered, day, people.since)
    order = np.argsort(reports.day, kind="stable")
    newer = reports.day[order] > day[reports.person[order]]
    country[reports.person[order][newer]] = reports.country[order][newer]
    last = day.copy()
    np.maximum.at(last, reports.person, reports.day)
    months = shares.contract[country] * np.exp(rng.normal(0, 0.22, total))
    for kind, typical in ((STUDENT, 34), (SPOUSE, 90), (CHILD, 70), (CREW, 20)):
        mine = people.capacity == kind
        months[mine] = typical * np.exp(rng.normal(0, 0.5, mine.sum()))
    stayed_on = rng.random(total) < 0.16
    months[stayed_on] *= 1.5 + 3 * rng.random(stayed_on.sum())
    end = np.maximum(day + months * 30.44, last + 20 + rng.random(total) * 400)
    cause = rng.choice(len(CAUSES), total, p=CAUSE_SHARES).astype(np.int8)
    early = np.isin(cause, (1, 2, 3, 4, 5))
    end[early] = np.maximum(day[early] + (end[early] - day[early]) * rng.random(early.sum()), last[early] + 5)
    died = rng.random(total) < DEATH_SHARE
    cause[died] = DEATH
    end[died] = last[died] + 5 + (end[died] - last[died]) * rng.random(died.sum())
    abroad = end > today
    cause[abroad] = -1
    return Stays(country, last.astype(np.int32), np.where(abroad, 0, end).astype(np.int32), cause)


def reported_returns(rng: np.random.Generator, stays: Stays, share: float) -> np.ndarray:
    """Persons whose return or death was written down: a part of the returns, nearly all deaths, in order of the day."""
    ended = np.flatnonzero((stays.cause >= 0) & (stays.end > RETURNS_FROM))
    chance = np.where(stays.cause[ended] == DEATH, 0.95, share)
    known = ended[rng.random(len(ended)) < chance]
    return known[np.argsort(stays.end[known], kind="stable")]
