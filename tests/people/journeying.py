"""A woman on her way: begins journeys, brings papers and does steps as members of the cast."""

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from selaras.ground.scope import acting
from selaras.people.actions.facts import Kept, Scan, add_fact
from selaras.people.actions.journeys import Aim, Begun, start_journey
from selaras.people.actions.stepping import Moved, change, hold, settle, write_down
from selaras.people.actions.steps import do_step
from selaras.people.course import FIT, course_of
from selaras.people.models import Fact, Journey, JourneyStep
from selaras.people.papers import IDENTIFIERS, Written
from selaras.people.queries.journeys import JourneyView, open_journey
from tests.cast import actor
from tests.people.someone import NIK, PASSPORT, registered

PDF = b"%PDF-1.7\nbukan siapa-siapa"
_numbers = count(1000)
OWN = {"ktp": NIK, "kk": "3212011203120001", "passport": PASSPORT, "seafarer_id": "6201234567"}
# Which of the cast does what the law gives to several: the desk of Cirebon does not see Haurkolot.
DOERS = ("village", "dinas", "bp3mi", "taipei")


def begun(scheme: str = "p_to_p", who: str = "village", person_id: UUID | None = None, *, on: date | None = None, **aim: Any) -> Begun:
    """Begin a journey, of a new person unless one is named."""
    person_id = person_id or registered("village").person_id
    with acting(actor(who)):
        return start_journey(person_id=person_id, scheme=scheme, aim=Aim(**aim), on=on)


def written(kind: str, **changes: Any) -> Written:
    """Make a sound paper of a kind."""
    number = "" if kind in IDENTIFIERS and kind not in OWN else OWN.get(kind, f"UJI/{next(_numbers)}")
    blank: dict[str, Any] = {"number": number, "issuer": "Kantor Contoh", "issued_on": timezone.localdate().replace(day=1)}
    if kind.startswith("health_result"):
        blank["value"] = FIT
    if kind in ("passport", "visa"):
        blank["valid_until"] = timezone.localdate() + timedelta(days=900)
    return Written(kind, **(blank | changes))


def bring(journey: Begun | JourneyView, kind: str, who: str = "dinas", *, scan: bytes = b"", **changes: Any) -> Kept:
    """Bring a paper, with a scan where the law asks for one or where one is given."""
    journey_id = journey.journey_id if isinstance(journey, Begun) else journey.id
    with acting(actor(who)):
        row = Journey.objects.get(pk=journey_id)
        course = course_of(row.scheme, row.started_on)
        assert course is not None
        if course.evidence[kind].file == "required":
            scan = scan or PDF
        taken = Scan([scan], "berkas.pdf") if scan else None
        return add_fact(person_id=row.person_id, journey_id=row.id, paper=written(kind, **changes), scan=taken)


def looked(journey_id: UUID, who: str = "dinas") -> JourneyView:
    """Open a journey as somebody."""
    with acting(actor(who)):
        return open_journey(journey_id)


def done(journey_id: UUID, step: str, who: str = "", **changes: Any) -> Moved:
    """Do a step as the first of the cast to whom the law gives it, in sight of how the journey stands."""
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey_id)
        course = course_of(row.scheme, row.started_on)
        assert course is not None
        rule = course.step(step)
        assert rule is not None, step
        version = row.version
    if (rule.verb or step == "card") and not who:
        with acting(actor("bp3mi")):
            return passed_by_verb(journey_id, step)
    who = who or next(key for key in DOERS if actor(key).roles & set(rule.by))
    with acting(actor(who)):
        return do_step(journey_id=journey_id, step=step, version=changes.pop("version", version), **changes)


def passed_by_verb(journey_id: UUID, step: str) -> Moved:
    """Write a step down as done that only a verb of a later room does: what it asks for is that room's own."""
    held = hold(journey_id)
    row = held.now(step)
    assert row is not None, step
    write_down(row, JourneyStep.State.DONE, timezone.localdate())
    settle(held)
    change(held, "do_step")
    return Moved(journey_id, held.person.id, held.journey.version, held.journey.state)


def papers_for(journey: Begun, step: str) -> None:
    """Bring every paper that a step asks for and that is not there yet."""
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey.journey_id)
        course = course_of(row.scheme, row.started_on)
        assert course is not None
        rule = course.step(step)
        assert rule is not None
        there = set(Fact.objects.filter(person_id=row.person_id).values_list("kind", flat=True))
    for kind in rule.evidence:
        if kind not in there:
            bring(journey, kind)


def until(journey: Begun, step: str) -> Moved | None:
    """Do every step that comes before one, with its papers; optional ones are left alone."""
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey.journey_id)
        course = course_of(row.scheme, row.started_on)
        assert course is not None
    last = None
    for rule in course.steps:
        if rule.id == step:
            break
        if not rule.optional:
            papers_for(journey, rule.id)
            last = done(journey.journey_id, rule.id)
    return last


def rows(journey_id: UUID) -> dict[str, str]:
    """Give the state of each step that has a row."""
    with acting(actor("reviewer")):
        return dict(JourneyStep.objects.filter(journey_id=journey_id).order_by("id").values_list("step", "state"))


def closing(call: Any) -> Any:
    """Let a thread give its connections back when it is done."""

    def run(*args: Any) -> None:
        try:
            call(*args)
        finally:
            connections.close_all()

    return run
