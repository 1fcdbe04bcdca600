"""What an officer tells about a person, checked: each fault named, nothing guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from selaras.engines.linkage.names import name_similarity, name_words
from selaras.engines.linkage.nobody import is_placeholder_name
from selaras.people.faults import Fault
from selaras.people.models import Presence
from selaras.people.numbers import IDENTIFYING, index_of, nik_disagrees, number_faults, spelling
from selaras.people.places import area_known, country_known, district_country

OLDEST = date(1900, 1, 1)
# Beside an equal number and birth date, names so much alike are one: a father's name more or less is .73.
ALIKE = 0.7
PRECISIONS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Told:
    """Who a person is, as an officer tells it."""

    name: str
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = "day"
    birth_place: str = ""
    mother: str = ""
    home_area: str = ""
    home_text: str = ""

    def tidy(self) -> "Told":
        """Give the same with single spaces and nothing around them."""
        texts = {f: " ".join(getattr(self, f).split()) for f in ("name", "birth_place", "mother", "home_text")}
        return Told(
            **texts, sex=self.sex, birth_date=self.birth_date, birth_precision=self.birth_precision, home_area=self.home_area
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a person is or was, as an officer tells it."""

    country: str
    district: str = ""
    capacity: str = "other"
    kind: str = "stated"
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One number in its one spelling, with its keyed index."""

    kind: str
    value: str
    index: UUID

    @property
    def identifies(self) -> bool:
        """Say whether one person alone bears such a number."""
        return self.kind in IDENTIFYING


def marks_of(numbers: Sequence[tuple[str, str]], country: str = "") -> list[Mark]:
    """Spell the numbers of a form; empty ones are left out, one that was typed twice is one."""
    found: dict[tuple[str, str], Mark] = {}
    for kind, text in numbers:
        if text.strip():
            value = spelling(kind, text, country)
            found[kind, value] = Mark(kind, value, index_of(kind, value))
    return list(found.values())


def person_faults(told: Told) -> list[Fault]:
    """List what is wrong with the person of a form."""
    faults = []
    if not name_words(told.name) or is_placeholder_name(" ".join(name_words(told.name))):
        faults.append(Fault("name", "name_missing"))
    faults += [
        Fault(field, "too_long", {"most": most})
        for field, most in (("name", 160), ("birth_place", 80), ("mother", 160), ("home_text", 120))
        if len(getattr(told, field)) > most
    ]
    if told.sex not in ("", "F", "M"):
        faults.append(Fault("sex", "unknown_sex"))
    if told.birth_precision not in PRECISIONS:
        faults.append(Fault("birth_precision", "unknown_precision"))
    if told.birth_date is not None and told.birth_date > timezone.localdate():
        faults.append(Fault("birth_date", "birth_to_come"))
    if told.birth_date is not None and told.birth_date < OLDEST:
        faults.append(Fault("birth_date", "birth_too_early"))
    if told.home_area and not area_known(told.home_area):
        faults.append(Fault("home_area", "unknown_area"))
    return faults


def marks_faults(marks: Sequence[Mark], told: Told) -> list[Fault]:
    """List what is wrong with the numbers of a form, in themselves and against the person."""
    faults = []
    for mark in marks:
        own = number_faults(mark.kind, mark.value)
        if (
            mark.kind == "nik"
            and not own
            and (code := nik_disagrees(mark.value, told.birth_date, told.birth_precision, told.sex))
        ):
            own = [Fault("nik", code)]
        faults += own
    return faults


def stay_faults(stay: Stay | None) -> list[Fault]:
    """List what is wrong with a place abroad."""
    if stay is None:
        return []
    faults = []
    if not country_known(stay.country):
        faults.append(Fault("country", "unknown_country"))
    elif stay.district and district_country(stay.district) != stay.country:
        faults.append(Fault("district", "unknown_district"))
    if stay.capacity not in Presence.Capacity.values:
        faults.append(Fault("capacity", "unknown_capacity"))
    if stay.kind not in Presence.Kind.values:
        faults.append(Fault("kind", "unknown_presence_kind"))
    if stay.since and stay.since > timezone.localdate():
        faults.append(Fault("since", "presence_to_come"))
    if stay.since and stay.until and stay.until < stay.since:
        faults.append(Fault("until", "ends_before_it_begins"))
    return faults


def same_birth(a: date | None, a_precision: str, b: date | None, b_precision: str) -> bool | None:
    """Say whether two birth dates agree as far as both are known; None when one is not known."""
    if a is None or b is None:
        return None
    parts = min(3 - PRECISIONS.index(a_precision), 3 - PRECISIONS.index(b_precision))
    return (a.year, a.month, a.day)[:parts] == (b.year, b.month, b.day)[:parts]


def alike(told: Told, names: Sequence[str], sex: str, birth: date | None, precision: str) -> tuple[bool, bool]:
    """Compare a form with a record that bears the same number: (surely one person, clearly not).

    Surely one: a name form is alike, both birth dates are known to the day and are the same, the sexes do not contradict. Neither of
    the two when the names agree and a birth date is missing or known by its year or month only: thousands are born in a year, and
    whoever is surely one is shown to the office that registers her.
    """
    name = any(name_similarity(told.name, form) >= ALIKE for form in names)
    birth_agrees = same_birth(told.birth_date, told.birth_precision, birth, precision)
    sex_differs = bool(told.sex and sex and told.sex != sex)
    to_the_day = birth_agrees is True and told.birth_precision == precision == "day"
    return name and to_the_day and not sex_differs, not name or birth_agrees is False or sex_differs
