"""Questions about cards: of one journey for an office, her own for a worker, and the paper and the credential to hand over."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.engines.passes.card import Card, take_apart
from selaras.engines.passes.credential import chosen, statements
from selaras.engines.passes.keys import RETIRED
from selaras.ground.act import NotThere, Refused, ask, note
from selaras.ground.fixed import Question
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Scheme, Step
from selaras.people.course import course_of
from selaras.people.models import Journey, JourneyStep, Person
from selaras.people.queries.surviving import merged_ids, surviving
from selaras.place.actions.passes import REREGISTER, STANDS, STEP, reregister_by
from selaras.place.models import Pass
from selaras.place.signing import card_keys

ALWAYS = frozenset({"number"})
"""What a credential shows whatever is chosen: without it nobody can ask the issuer."""


@dataclass(frozen=True, slots=True)
class PassLine:
    """One card as it stands today."""

    id: UUID
    journey_id: UUID
    number: str
    state: str
    issued: dt.date
    since: dt.date
    until: dt.date
    over: bool
    """Its last day lies behind, whatever its state."""
    reregister_by: dt.date | None
    unsure: bool
    """The rule on registering again is not settled by a text that was read."""
    key: str
    key_retired: bool
    by: str
    office: str
    at: dt.datetime
    reason: str
    words: str
    changed_by: str
    changed_office: str
    changed_at: dt.datetime | None
    last: bool

    @property
    def stands(self) -> bool:
        """Say whether it holds or is only suspended."""
        return self.state in STANDS

    @property
    def handed(self) -> bool:
        """Say whether it is still printed and shown: it stands, and its last day is not over."""
        return self.stands and not self.over


@dataclass(frozen=True, slots=True)
class Passes:
    """The cards of one journey, the newest first, and what stands in the way of a new one."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    country: str
    started_on: dt.date
    open: bool
    step: Step | None
    before: tuple[Step, ...]
    mine: bool
    lines: tuple[PassLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id

    @property
    def newest(self) -> PassLine | None:
        """Give the newest card."""
        return self.lines[0] if self.lines else None


@dataclass(frozen=True, slots=True)
class Own:
    """Her cards on her own page: the newest of each journey first, and what the newest can show."""

    person_id: UUID
    lines: tuple[PassLine, ...]
    statements: dict[str, Any]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Handed:
    """A card to hand over: what it says and its signed text."""

    pass_id: UUID
    person_id: UUID
    card: Card
    text: str

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_passes(journey_id: UUID) -> Passes:
    """Show the cards of a journey within reach, and whether its step has come."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    course = course_of(journey.scheme, journey.started_on)
    if course is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    person = Person.objects.get(id=surviving(journey.person_id))
    passed = set(JourneyStep.objects.filter(journey_id=journey.id, state__in=("done", "skipped")).values_list("step", flat=True))
    rule, actor = course.step(STEP), current()
    before = tuple(s for s in course.before(rule) if s.id not in passed) if rule and rule.id not in passed else ()
    note(journey=str(journey.id))
    return Passes(
        journey.id, journey.person_id, person.name, course.scheme, journey.country_id or "", journey.started_on, journey.state == "open",
        rule, before, rule is not None and bool({actor.kind, *actor.roles} & set(rule.by)),
        _lines(list(Pass.objects.filter(journey_id=journey.id).order_by("-at", "-id"))),
    )  # fmt: skip


_newest = Question(lambda journey: Pass.objects.filter(journey_id=journey).order_by("-at", "-id")[:1])


def newest_of(journey_id: UUID) -> PassLine | None:
    """Give the newest card of a journey that was opened, for a page that is about something else."""
    rows = _lines(_newest.objects(journey_id))
    return rows[0] if rows else None


@ask
def see_own_pass(person_id: UUID) -> Own:
    """Show her own cards; family and offices have no such page."""
    root = surviving(person_id)
    rows = list(Pass.objects.filter(person_id__in=[root, *merged_ids([root])]).order_by("-at", "-id"))
    return Own(person_id, _lines(rows), statements(rows[0].credential) if rows else {})


@ask
def open_pass(pass_id: UUID) -> Handed:
    """Open a card within reach, to print it; each opening is a ledger line. One that was taken back is printed no more."""
    row = _standing(pass_id)
    return Handed(row.id, row.person_id, take_apart(row.token).card(), row.token)


@ask
def open_credential(pass_id: UUID, show: Collection[str]) -> Handed:
    """Hand the card for the telephone over, with those statements that are to be shown and no other."""
    row = _standing(pass_id)
    known = set(statements(row.credential))
    picked = (set(show) | ALWAYS) & known
    note(shown=sorted(picked))
    return Handed(row.id, row.person_id, take_apart(row.token).card(), chosen(row.credential, picked))


def _standing(pass_id: UUID) -> Pass:
    row: Pass | None = Pass.objects.filter(id=pass_id).first()
    if row is None:
        raise NotThere("not there")
    note(subject=row.person_id, card=str(row.id), number=row.number)
    if row.state not in STANDS or row.until < timezone.localdate():
        raise Refused("pass_over", number=row.number)
    return row


def _lines(rows: list[Pass]) -> tuple[PassLine, ...]:
    today, keys = timezone.localdate(), card_keys()
    unsure = any(c.unsure for c in law().clocks if c.id == REREGISTER and c.holds_on(today))
    newest: set[UUID] = set()
    lines = []
    for row in rows:
        key = keys.find(row.kid)
        over = row.state == Pass.State.IN_FORCE and row.until < today
        lines.append(PassLine(
            row.id, row.journey_id, row.number, str(Pass.State.EXPIRED if over else row.state), row.issued, row.since, row.until,
            row.until < today, reregister_by(row.until), unsure, row.kid, key is None or key.state == RETIRED, row.by_name, row.office,
            row.at, row.reason, row.words, row.changed_by_name, row.changed_office, row.changed_at, row.journey_id not in newest,
        ))  # fmt: skip
        newest.add(row.journey_id)
    return tuple(lines)
