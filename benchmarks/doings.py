"""What officers do in the load: find, open, register, judge; each checks by its answer that it was done."""

import itertools
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any
from uuid import UUID, uuid4

import polars as pl

from benchmarks.browser import Answer, Officer

FINDERS = ("penelaah", "dinas", "bp3mi", "desa", "hongkong", "taipei")
REGISTRARS = ("dinas", "bp3mi", "ltsa", "hongkong")
REVIEWERS = ("penelaah", "penelaah2")
OFFICERS = tuple(dict.fromkeys((*FINDERS, *REGISTRARS, *REVIEWERS)))
Officers = dict[str, Officer]
Step = tuple[str, Answer]


@dataclass(slots=True)
class Done:
    """One operation as it went: its steps with their answers, whether it did what it should, and the id that it wrote."""

    name: str
    steps: list[Step]
    well: bool
    wrote: str = ""


@dataclass(slots=True)
class People:
    """Some people of the copy in clear, by who sees them; those who are given to one operation only are given once."""

    seen: dict[str, list[dict[str, Any]]]
    unseen: dict[str, Iterator[dict[str, Any]]]
    pairs: dict[str, Iterator[UUID]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, rows: pl.DataFrame, reach: dict[str, frozenset[str]], pairs: Sequence[UUID], seed: int = 1) -> "People":
        """Shuffle the people, and sort them by the officers who see them."""
        rows = rows.sample(fraction=1.0, shuffle=True, seed=seed)
        seen, unseen = {}, {}
        for number, (key, codes) in enumerate(reach.items()):
            inside = rows.filter(_within(codes))
            seen[key] = inside.head(5_000).to_dicts()
            # a share of its own for each officer: who was registered once by two would be somebody's `here`
            others = rows.filter(~_within(codes) & (pl.int_range(pl.len()) % len(reach) == number))
            unseen[key] = others.iter_rows(named=True)
        return cls(seen, unseen, {key: iter(pairs) for key in REVIEWERS})

    def one(self, rng: random.Random, key: str) -> dict[str, Any]:
        """Give anybody whom the officer sees."""
        return rng.choice(self.seen[key])

    def next_unseen(self, key: str) -> dict[str, Any]:
        """Give somebody whom the officer does not see, each once."""
        with self.lock:
            return next(self.unseen[key])

    def next_pair(self, key: str) -> UUID:
        """Give a pair that this reviewer has not judged."""
        with self.lock:
            return next(self.pairs[key])


def _within(codes: frozenset[str]) -> pl.Expr:
    if "nation" in codes:
        return pl.lit(True)
    found = pl.lit(False)
    for code in codes:
        kind, _, value = code.partition(":")
        if kind == "area":
            found |= pl.col("home_area").str.starts_with(value)
        elif kind == "abroad":
            found |= (pl.col("country") == value).fill_null(False)
    return found


def _follow(officer: Officer, steps: list[Step], name: str) -> Answer:
    """Go where the last answer sends the browser, twice at most."""
    answer = steps[-1][1]
    for _ in range(2):
        if answer.status != 302:
            break
        answer = officer.ask("GET", answer.location)
        steps.append((name, answer))
    return answer


def find_by_number(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for a NIK or a passport; the answer leads to the person's page."""
    key = rng.choice(FINDERS)
    her, officer = people.one(rng, key), officers[key]
    steps = [("find by number", officer.ask("POST", "/people/", {"q": her[rng.choice(("nik", "passport"))]}))]
    page = _follow(officer, steps, "open person")
    # a number that two persons bear leads to a list of both
    return Done("find by number", steps, page.status == 200 and f"/people/{her['person_id']}/".encode() in page.body)


def _by_name(name: str, officer: Officer, form: dict[str, str], expect: Callable[[bytes], bool]) -> Done:
    steps = [("keep the question", officer.ask("POST", "/people/", form))]
    page = _follow(officer, steps, name)
    return Done(name, steps, page.status == 200 and expect(page.body))


def _mistyped(name: str, rng: random.Random) -> str:
    """Swap two letters or leave one out, not at the beginning of a word."""
    spots = [i for i in range(1, len(name) - 1) if name[i - 1 : i + 2].isalpha()]
    if not spots:
        return name
    at = rng.choice(spots)
    return name[:at] + (name[at + 1] + name[at] + name[at + 2 :] if rng.random() < 0.5 else name[at + 1 :])


def find_by_name(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for a whole name of two words or more."""
    key = rng.choice(FINDERS)
    name = next(h["name"] for h in iter(lambda: people.one(rng, key), None) if " " in h["name"])
    return _by_name("find by name", officers[key], {"q": name}, _answered)


def find_mistyped(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for a name with one typing error, and the year of birth."""
    key = rng.choice(FINDERS)
    her = people.one(rng, key)
    form = {"q": _mistyped(her["name"], rng), "year": str(her["birth_date"].year)}
    return _by_name("find by mistyped name and year", officers[key], form, _answered)


def siti(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for SITI alone: the answer asks for a year or a place."""
    return _by_name(
        "SITI alone",
        officers[rng.choice(FINDERS)],
        {"q": "SITI"},
        lambda page: b'name="year"' in page and b'<div class="note">' in page,
    )


def siti_year(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for SITI with a year of birth."""
    key = rng.choice(FINDERS)
    return _by_name(
        "SITI and a year", officers[key], {"q": "SITI", "year": str(people.one(rng, key)["birth_date"].year)}, _answered
    )


def siti_regency(officers: Officers, people: People, rng: random.Random) -> Done:
    """Ask for SITI with a home regency."""
    key = rng.choice(FINDERS)
    return _by_name(
        "SITI and a regency", officers[key], {"q": "SITI", "regency": people.one(rng, key)["home_area"][:4]}, _answered
    )


def _answered(page: bytes) -> bool:
    return b"<h1" in page


def open_person(officers: Officers, people: People, rng: random.Random) -> Done:
    """Open a person within reach."""
    key = rng.choice(FINDERS)
    her = people.one(rng, key)
    steps = [("open person", officers[key].ask("GET", f"/people/{her['person_id']}/"))]
    return Done("open person", steps, steps[0][1].status == 200 and escape(her["name"].split()[0]).encode() in steps[0][1].body)


def _form(her: dict[str, Any], key: str) -> dict[str, str]:
    away = (
        {"place": {"hongkong": "HKG", "taipei": "TWN"}[key], "capacity": "worker"}
        if key in ("hongkong", "taipei")
        else {}
    )
    return {
        "name": her["name"], "nik": her["nik"], "sex": her["sex"], "birth": her["birth_date"].strftime("%d-%m-%Y"),
        "birth_place": "", "mother": her["mother"], "regency": her["home_area"][:4], "village": her["home_area"],
        "passport": her.get("passport") or "", "phone": "", "since": "", "once": str(uuid4()), **away,
    }  # fmt: skip


_serial = itertools.count(1)


def newcomer(people: People, rng: random.Random, key: str) -> dict[str, Any]:
    """Invent somebody of the office's own area who is not in the register."""
    home, other, mother = (people.one(rng, key) for _ in range(3))
    born, sex = date(rng.randint(1970, 2005), rng.randint(1, 12), rng.randint(1, 28)), rng.choice("FM")
    day = born.day + (40 if sex == "F" else 0)
    number = next(_serial)
    return {
        "name": f"{home['name'].split()[0]} {other['name'].split()[-1]}", "sex": sex, "birth_date": born,
        "nik": f"{home['home_area'][:6]}{day:02d}{born:%m%y}{9999 - number % 9000:04d}", "mother": mother["mother"],
        "home_area": home["home_area"], "passport": f"ZY{rng.randrange(10**6):06d}",
    }  # fmt: skip


def register_new(officers: Officers, people: People, rng: random.Random) -> Done:
    """Register somebody new, with a NIK and a passport."""
    key = rng.choice(REGISTRARS)
    steps = [("register", officers[key].ask("POST", "/people/new/", _form(newcomer(people, rng, key), key)))]
    answer = steps[0][1]
    return Done("register a new person", steps, answer.status == 302, answer.location.strip("/").rpartition("/")[2])


def register_known(officers: Officers, people: People, rng: random.Random) -> Done:
    """Register somebody who is in the register already, out of the officer's reach: one person stays one."""
    key = rng.choice(REGISTRARS)
    her = people.next_unseen(key)
    steps = [("register", officers[key].ask("POST", "/people/new/", _form(her, key)))]
    answer = steps[0][1]
    well = answer.status == 302 and answer.location == f"/people/{her['person_id']}/"
    return Done("register a known person", steps, well, answer.location.strip("/").rpartition("/")[2])


def judge(officers: Officers, people: People, rng: random.Random) -> Done:
    """Judge a pair; both reviewers go through the same pairs, so that the second's word makes it hold."""
    key = rng.choice(REVIEWERS)
    pair = people.next_pair(key)
    verdict = ("same", "different", "different", "unsure")[pair.int % 4]
    steps = [("judge", officers[key].ask("POST", f"/review/{pair}/judge/", {"verdict": verdict}))]
    return Done("judge a pair", steps, steps[0][1].status == 302 and "last=" in steps[0][1].location, f"{pair}:{key}")


Doing = Callable[[Officers, People, random.Random], Done]
ALL: dict[str, Doing] = {
    "find by number": find_by_number, "find by name": find_by_name, "find by mistyped name and year": find_mistyped,
    "SITI alone": siti, "SITI and a year": siti_year, "SITI and a regency": siti_regency, "open person": open_person,
    "register a new person": register_new, "register a known person": register_known, "judge a pair": judge,
}  # fmt: skip
WEIGHTS = {
    "find by number": 25, "find by name": 14, "find by mistyped name and year": 7, "SITI alone": 2, "SITI and a year": 3,
    "SITI and a regency": 3, "open person": 26, "register a new person": 10, "register a known person": 3, "judge a pair": 7,
}  # fmt: skip
