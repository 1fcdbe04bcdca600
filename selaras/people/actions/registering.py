"""Registers a person: one person once, whoever registers her and however often the button is pressed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.fixed import Question, insert
from selaras.ground.keyring import ring
from selaras.ground.models import LedgerLine
from selaras.ground.scope import NATION, Actor, current
from selaras.people.actions.joining import Request, bearers, join_reach
from selaras.people.actions.writing import lock
from selaras.people.faults import Unfit
from selaras.people.models import Person, Receipt
from selaras.people.telling import Mark, Stay, Told, alike, marks_faults, marks_of, person_faults, stay_faults

REGISTERED, HERE = "registered", "here"

_receipt = Question(lambda key: Receipt.objects.filter(id=key).values_list("person_id", "outcome"))
_there = Question(lambda person_id: Person.objects.filter(id=person_id).values_list("id"))
_done_since = Question(
    lambda actor, since: LedgerLine.objects.filter(
        actor=actor, at__gte=since, verb="people.register", outcome="done"
    )
    .order_by()
    .values("verb")
    .annotate(n=Count("id"))
    .values_list("n")
)


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a registration: the person's id, and whether the officer could see her already (`here`)."""

    person_id: UUID
    outcome: str

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def register(
    *,
    name: str,
    sex: str = "",
    birth_date: dt.date | None = None,
    birth_precision: str = "day",
    birth_place: str = "",
    mother: str = "",
    home_area: str = "",
    home_text: str = "",
    numbers: Sequence[tuple[str, str]] = (),
    presence: Stay | None = None,
    source: str = "officer",
    once: str = "",
) -> Registered:
    """Register a person and answer with her id; raise Unfit with every fault of the form.

    Who is within reach already is answered with `here`. Everybody else is answered with `registered`, whether she is new or
    stands in the register out of reach (see joining.py). `once` is the form's own key: the same key is answered once.
    A person needs no number, no birth date and no place; her age is not judged here.
    """
    actor = current()
    told = Told(name, sex, birth_date, birth_precision, birth_place, mother, home_area, home_text).tidy()
    marks = marks_of(numbers, presence.country if presence else "")
    faults = person_faults(told) + marks_faults(marks, told) + stay_faults(presence)
    if faults:
        raise Unfit(faults)
    receipt = ring().index_of("receipt", f"{actor.address}\0{once}") if once else None
    lock([*(m.index for m in marks if m.identifies), *([receipt] if receipt else [])])
    if receipt and (before := _receipt.first(receipt)):
        note(again=True)
        return Registered(*before)
    _hold_the_rate(actor)
    here = _here(told, marks)
    if here is not None:
        answer = Registered(here, HERE)
    else:
        codes = tuple(sorted(actor.reach - {NATION}))
        with handed_to("join"):
            joined = join_reach(Request(told, marks, presence, source, actor.address, codes))
        answer = Registered(joined.person_id, REGISTERED)
        if not _there.first(answer.person_id):
            raise NotThere("a registered person must be within her registrar's reach")
    if receipt:
        insert([Receipt(id=receipt, person_id=answer.person_id, outcome=answer.outcome)])
    note(outcome=answer.outcome)
    return answer


def _hold_the_rate(actor: Actor) -> None:
    """Refuse an officer who registers faster than any desk can: registering would tell who stands in the register."""
    if actor.kind == "job":
        return
    most = getattr(settings, "SELARAS_REGISTRATIONS_PER_HOUR", 120)
    done = _done_since.first(actor.address, timezone.now() - dt.timedelta(hours=1))
    if done is not None and done[0] >= most:
        raise Refused("too_many_registrations", most=most)


def _here(told: Told, marks: Sequence[Mark]) -> UUID | None:
    """Find the same person within reach: who is surely she, else the only one whom nothing contradicts."""
    possible = []
    for her in bearers(marks):
        surely, clearly_not = alike(told, her.names, her.sex, her.birth_date, her.birth_precision)
        if surely:
            return her.id
        if not clearly_not:
            possible.append(her.id)
    return possible[0] if len(possible) == 1 else None
