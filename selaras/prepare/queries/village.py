"""Questions of a village: today's numbers, its candidates with their two letters, its log of departures and returns."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.law.load import law
from selaras.law.shapes import Evidence, Scheme
from selaras.people.course import course_of
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.people.places import area_names
from selaras.people.queries.papers import PaperLine, lines_of
from selaras.people.queries.surviving import hers, merged_ids, surviving, survivors
from selaras.prepare.letters import LETTERS, asking
from selaras.prepare.models import Movement
from selaras.prepare.queries.listing import note_list

NONE, NOT_ASKED = "none", "not_asked"
DEPART = "depart"
LACKING, ALL = "lacking", "all"
# How much a letter's verdict weighs, the best first.
WEIGHS: tuple[str, ...] = (Fact.Verdict.VERIFIED, Fact.Verdict.STATED, Fact.Verdict.UNVERIFIABLE, Fact.Verdict.REFUSED)


@dataclass(frozen=True, slots=True)
class VillageDay:
    """Today in numbers: candidates on their way and whose letters are lacking; who left and came back since the month began."""

    day: dt.date
    candidates: int
    lacking: int
    left: int
    returned: int


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One candidate on her way, and how each letter stands: a verdict, `none`, or `not_asked` by her scheme."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    started_on: dt.date
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """One page of candidates, and how many there are in all."""

    rows: tuple[CandidateLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Letters:
    """One candidate's letters: the rule of each, and the one that stands or none."""

    person_id: UUID
    name: str
    home: str
    rows: tuple[tuple[Evidence, PaperLine | None], ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_village() -> VillageDay:
    """Give today's numbers of what lies within reach."""
    today = timezone.localdate()
    since = today.replace(day=1)
    moved = Movement.objects.filter(taken_back_at__isnull=True, on__gte=since)
    return VillageDay(
        today, _on_their_way().count(), _lacking(_on_their_way(), today).count(), moved.filter(kind=Movement.Kind.LEFT).count(),
        moved.filter(kind=Movement.Kind.RETURNED).count(),
    )  # fmt: skip


def _on_their_way() -> "QuerySet[Any]":
    """Journeys under way of who has not left yet."""
    gone = JourneyStep.objects.filter(journey_id=OuterRef("pk"), step=DEPART, state=JourneyStep.State.DONE)
    found: QuerySet[Any] = Journey.objects.filter(state=Journey.State.OPEN).exclude(Exists(gone))
    return found


def _lacking(rows: "QuerySet[Any]", day: dt.date) -> "QuerySet[Any]":
    """Those of them who lack a letter that their scheme asks for, or whose letter nobody has acknowledged."""
    lacks = Q()
    for kind in LETTERS:
        there = Fact.objects.filter(person_id=OuterRef("person_id"), kind=kind, superseded_by__isnull=True, verdict=Fact.Verdict.VERIFIED)
        lacks |= Q(scheme__in=asking(kind, day)) & ~Exists(there)
    lacking = rows.filter(lacks)
    # few records were ever merged: of those alone the letters are looked for under every record that is hers
    into_her = Person.objects.filter(merged_into_id=OuterRef("person_id"))
    merged = list(lacking.filter(Q(person__merged_into__isnull=False) | Exists(into_her)).values_list("id", "person_id", "scheme"))
    stands = _standing({person_id for _, person_id, _ in merged})
    found = [
        journey_id for journey_id, person_id, scheme in merged
        if all(stands.get((person_id, kind)) == Fact.Verdict.VERIFIED for kind in LETTERS if scheme in asking(kind, day))
    ]  # fmt: skip
    return lacking.exclude(id__in=found) if found else lacking


@ask
def see_candidates(*, show: str = LACKING, scheme: str = "", text: str = "", offset: int = 0, limit: int = 50, file: str = "") -> Candidates:
    """List the candidates within reach who have not left, the newest first: those whose letters are lacking, or all."""
    today = timezone.localdate()
    rows = _on_their_way() if show == ALL else _lacking(_on_their_way(), today)
    rows = rows.filter(scheme=scheme) if scheme else rows
    rows = rows.filter(person__name__icontains=text) if text else rows
    told = rows.order_by("-started_on", "-id").values_list("id", "person_id", "person__name", "scheme", "started_on")
    page = list(told[offset : offset + limit])
    stands = _standing({person_id for _, person_id, *_ in page})
    found = []
    for journey_id, person_id, name, scheme_id, started in page:
        course = course_of(scheme_id, started)
        if course is not None:
            asked = {kind for step in course.steps for kind in step.evidence}
            letters = tuple(stands.get((person_id, kind), NONE) if kind in asked else NOT_ASKED for kind in LETTERS)
            found.append(CandidateLine(journey_id, person_id, name, course.scheme, started, letters))
    note_list([line.journey_id for line in found], file, [line.person_id for line in found])
    return Candidates(tuple(found), rows.count())


def _standing(person_ids: set[UUID]) -> dict[tuple[UUID, str], str]:
    """Give how each letter of some persons stands, by the id under which the journey was begun; of several the best."""
    roots = {i: i for i in person_ids} | survivors(person_ids)
    under = {i: i for i in roots.values()} | merged_ids(roots.values())
    best: dict[tuple[UUID, str], str] = {}
    rows = Fact.objects.filter(person_id__in=list(under), kind__in=LETTERS, superseded_by__isnull=True)
    for holder, kind, verdict in rows.values_list("person_id", "kind", "verdict"):
        key = (under[holder], kind)
        if key not in best or WEIGHS.index(verdict) < WEIGHS.index(best[key]):
            best[key] = verdict
    return {(i, kind): best[root, kind] for i, root in roots.items() for kind in LETTERS if (root, kind) in best}


@ask
def see_letters(person_id: UUID) -> Letters:
    """Open the two letters of a person within reach."""
    her = Person.objects.filter(id=surviving(person_id)).first()
    if her is None:
        raise NotThere("not there")
    today = timezone.localdate()
    rows = Fact.objects.filter(person_id__in=hers(her.id), kind__in=LETTERS, superseded_by__isnull=True)
    # of several, under records that were merged, the one that weighs most, as the list of candidates says; of equals the newest
    told = sorted(lines_of(rows.order_by("id"), today), key=lambda line: -WEIGHS.index(line.verdict))
    lines = {line.kind: line for line in told}
    rules = [rule for kind in LETTERS if (rule := law().evidence_of(kind, today)) is not None]
    home = her.home_area_id or ""
    return Letters(her.id, her.name, area_names([home]).get(home, ""), tuple((r, lines.get(r.id)) for r in rules))


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One line of the log. Its words, and why it was taken back, are read where it is opened, not in a list."""

    id: UUID
    person_id: UUID
    name: str
    kind: str
    on: dt.date
    country: str
    district: str
    home: str
    told_by: str
    words: str
    by: str
    office: str
    at: dt.datetime
    taken_back_by: str
    taken_back_words: str


@dataclass(frozen=True, slots=True)
class Log:
    """One page of the log, and how many lines there are in all."""

    rows: tuple[MovementLine, ...]
    total: int


@ask
def see_log(
    *, kind: str = "", since: dt.date | None = None, text: str = "", nowhere: bool = False, offset: int = 0, limit: int = 50, file: str = ""
) -> Log:
    """List who left and who came back, of persons within reach, the newest first; `nowhere`: only those of whom nobody knows the country.

    The sealed words of a line are opened with the line itself: of a list no reader could be told which of them were read.
    """
    rows = Movement.objects.select_related("person").defer("words", "taken_back_words").order_by("-on", "-id")
    rows = rows.filter(country__isnull=True, taken_back_at__isnull=True) if nowhere else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(on__gte=since) if since else rows
    rows = rows.filter(person__name__icontains=text) if text else rows
    page = list(rows[offset : offset + limit])
    homes = area_names(row.area_id or "" for row in page)
    note_list([row.id for row in page], file, [row.person_id for row in page])
    return Log(tuple(_line(row, homes) for row in page), rows.count())


def _line(row: Movement, homes: dict[str, str], *, opened: bool = False) -> MovementLine:
    return MovementLine(
        row.id, row.person_id, row.person.name, row.kind, row.on, row.country_id or "", row.district, homes.get(row.area_id or "", ""),
        row.told_by, row.words if opened else "", row.by_name, row.office, row.at, row.taken_back_by_name,
        row.taken_back_words if opened else "",
    )  # fmt: skip


@ask
def see_movement(movement_id: UUID) -> MovementLine:
    """Open one line of the log of a person within reach."""
    row = Movement.objects.select_related("person").filter(id=movement_id).first()
    if row is None:
        raise NotThere("not there")
    note(subject=row.person_id, movement=str(row.id))
    return _line(row, area_names([row.area_id or ""]), opened=True)
