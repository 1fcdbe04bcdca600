"""Journeys in the register that stand before the gate: a whole one, or one made as a plain dictionary says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import NATION, Actor, acting
from selaras.people.actions.facts import Scan
from selaras.people.actions.stepping import hold
from selaras.people.course import FIT, course_of
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.place.actions.costs import add_cost
from selaras.place.actions.gate import Decided, content_of, decide, number_of
from selaras.place.actions.passes import sign_pass
from selaras.place.models import Decision, Pass
from selaras.place.publishing import list_to_issue_from, remake
from selaras.place.queries.gate import Gate, judge
from tests.access.visitors import new_officer
from tests.cast import actor
from tests.market.demand import OWN
from tests.place.made import kinds_of

HERE = [NATION, "area:32", "area:3212", "area:321201", "area:3212012007"]
AGENCY, EMPLOYER, ORDER = OWN, "tw-yuehai", "JO/TPE/1"
WHY = "Semua baris diperiksa bersama pekerja"


def woman(birth: date | None = date(1999, 2, 3), precision: str = "day") -> Person:
    """Enter somebody of Haurkolot."""
    return Person.objects.create(name="Siti Nurhaliza", source="test", birth_date=birth, birth_precision=precision, reach=HERE)


def journey_of(person: Person, scheme: str, started: date, **changes: Any) -> Journey:
    """Enter a journey as it stands before the gate: every step before it done but what the law leaves open."""
    aim = {"country_id": "TWN", "agency": AGENCY, "employer": EMPLOYER, "job_order": ORDER, "state": "open"}
    journey = Journey(
        person=person, scheme=scheme, started_on=started, started_by="test", started_by_name="Uji", changed_at=timezone.now(),
        changed_by="test", changed_by_name="Uji", changed_what="start_journey", **(aim | changes),
    )  # fmt: skip
    journey.save(force_insert=True)
    return journey


def step(journey: Journey, name: str, state: str, on: date | None = None) -> None:
    """Enter one step of it."""
    since = on or journey.started_on
    JourneyStep.objects.create(
        journey=journey, person_id=journey.person_id, step=name, state=state, waits_for=["bp3mi_officer"], since=since,
        done_on=since if state == "done" else None, by="test" if state == "done" else "",
    )  # fmt: skip


def fact(journey: Journey, kind: str, *, of_journey: bool = True, verdict: str = "verified", **changes: Any) -> Fact:
    """Enter one paper, verified by hand unless told otherwise."""
    found: Fact = Fact.objects.create(
        person_id=journey.person_id, journey=journey if of_journey else None, kind=kind, number="UJI-2026-0001", added_by="test",
        added_by_name="Uji", verdict=verdict, path="manual" if verdict == "verified" else "",
        verified_by_name="Indra" if verdict == "verified" else "", verified_at=timezone.now() if verdict == "verified" else None, **changes,
    )  # fmt: skip
    return found


def before_gate(scheme: str = "p_to_p", without: tuple[str, ...] = (), person: Person | None = None, **changes: Any) -> UUID:
    """Enter a journey with everything but the named papers, standing before the gate."""
    today = timezone.localdate()
    with acting(actor("reviewer")):
        journey = journey_of(person or woman(), scheme, today - timedelta(90), **changes)
        for name in ("register", "opp"):
            step(journey, name, "done", today - timedelta(10))
        for kind in kinds_of(scheme, journey.started_on):
            if kind not in without:
                fact(journey, kind, issued_on=today - timedelta(30), value=FIT if kind.startswith("health") else "")
        passed_before(journey)
        return journey.id


def passed_before(journey: Journey) -> None:
    """Enter every step that the gate waits for as done, and the gate itself as open."""
    from_law = _course(journey)
    there = set(JourneyStep.objects.filter(journey=journey).values_list("step", flat=True))
    gate = next(s for s in from_law.steps if s.verb)
    for one in from_law.steps:
        if one.id == gate.id:
            break
        if one.id not in there and not one.optional:
            step(journey, one.id, "done")
    step(journey, gate.id, "now")


def _course(journey: Journey) -> Any:
    course = course_of(journey.scheme, journey.started_on)
    assert course is not None
    return course


def second() -> Actor:
    """Give a second officer of the same regional office."""
    officer = officer_by_email("uji-kedua@selaras.example") or new_officer("uji-kedua", ("bp3mi_officer", "bp3mi-jawa-barat"))
    return actor_of(officer, posts_of(officer.pk)[0])


def looked(journey_id: UUID, who: Actor | None = None) -> Gate:
    """Judge a journey as somebody."""
    with acting(who or actor("bp3mi")):
        return judge(journey_id)


def decided(journey_id: UUID, decision: str, who: Actor | None = None, **changes: Any) -> Decided:
    """Decide as somebody, in sight of how the journey stands."""
    who = who or actor("bp3mi")
    seen = looked(journey_id, who)
    told = {"justification": WHY, "version": seen.version, "seen": seen.seen} | changes
    with acting(who):
        return decide(journey_id=journey_id, decision=decision, **told)


def held(journey_id: UUID) -> UUID:
    """Write down a hold as it stands in the register, of a journey that need not stand before the gate."""
    with acting(actor("reviewer")):
        journey = Journey.objects.get(pk=journey_id)
        row = Decision(
            journey=journey, person_id=journey.person_id, turn=1, kind="hold", state="standing", on=timezone.localdate(), words=WHY, lines=[],
            by="officer:uji", by_name="Uji", at=timezone.now(),
        )  # fmt: skip
        row.sha256 = content_of(row)
        row.number = number_of(row.id, row.sha256)
        row.save(force_insert=True)
        return row.id


def carded(journey_id: UUID, **changes: Any) -> UUID:
    """Write down a card as it stands in the register, with its list, of a journey that need not have come to it."""
    today = timezone.localdate()
    with acting(actor("reviewer")):
        its, among = hold(journey_id), list_to_issue_from()
        its.journey.country_id = its.journey.country_id or "TWN"
        row = Pass(
            journey=its.journey, person=its.person, status_list=among, place=7, number="EK-UJI1-UJI2-UJI3", by="officer:uji", by_name="Uji",
            at=timezone.now(), **({"issued": today, "since": today, "until": today + timedelta(300)} | changes),
        )  # fmt: skip
        sign_pass(row, its, among)
        row.save(force_insert=True)
        remake(among.turn)
        return row.id


def spent(journey_id: UUID) -> UUID:
    """Write a payment with its receipt down, as the regional office."""
    told = {"item": "passport", "payer": "worker", "amount": Decimal(350000), "currency": "IDR", "paid_on": timezone.localdate()}
    with acting(actor("bp3mi")):
        return add_cost(journey_id=journey_id, receipt=Scan([b"\xff\xd8\xff\xe0 kuitansi"], "bukti.jpg"), **told).cost_id
