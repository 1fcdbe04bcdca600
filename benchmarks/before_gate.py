"""Journeys that stand before the gate with everything there, beside a million people: written as the tables hold them, not by clicking."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from uuid6 import uuid7

from benchmarks.place import as_owner, cast_actor
from selaras.ground.act import as_job
from selaras.ground.fixed import insert
from selaras.ground.scope import Actor, acting
from selaras.law.load import law
from selaras.market.actions.countries import load_country_statuses
from selaras.market.actions.licences import grant_licence
from selaras.market.actions.orders import ask_job_order, attest_job_order
from selaras.market.actions.partners import enter_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit
from selaras.market.queries.orders import job_order
from selaras.people.actions.parties import enter_party
from selaras.people.course import FIT, course_of
from selaras.people.models import Fact, Journey, JourneyStep

SCHEME, AGENCY, EMPLOYER, ORDER = "p_to_p", "bench-jaya", "bench-yuehai", "JO/BENCH/1"
CHUNK = 200
BY = {"added_by": "bench", "added_by_name": "Bench"}


def market() -> None:
    """Enter an agency, an employer, their cooperation, an attested job order and its permit; once."""
    today = timezone.localdate()
    with as_job("setup"):
        if job_order(ORDER) is not None:
            return
        load_country_statuses()
        enter_party(kind="agency", key=AGENCY, name="PT Bench Jaya", country="IDN", area="3171")
        grant_licence(agency=AGENCY, number="SIP3MI/BENCH", capital=5_000_000_000, deposit=1_500_000_000, since=today - dt.timedelta(400))
        enter_party(kind="employer", key=EMPLOYER, name="Bench Precision", country="TWN")
        row = enter_cooperation(agency=AGENCY, partner=EMPLOYER, number="PKP/BENCH", since=today - dt.timedelta(100))
        verify_cooperation(cooperation_id=row.pk)
    agency = Actor("officer", "bench-agency", "Agus", frozenset({"agency_officer"}), frozenset({f"party:{AGENCY}"}))
    licensing = Actor("officer", "bench-licensing", "Lina", frozenset({"licensing_officer"}), frozenset({"nation"}))
    with acting(agency):
        order = ask_job_order(
            agency=AGENCY, employer=EMPLOYER, job="factory_worker", title="Operator", places=100, wage=Decimal(29500), currency="TWD",
            hours=40, months=36, letter="BENCH-1", once="bench",
        )  # fmt: skip
    with acting(cast_actor("taipei")):
        attest_job_order(order_id=order.pk, number=ORDER, until=today + dt.timedelta(365))
    with acting(agency):
        permit = ask_permit(order_id=order.pk, draft_placement="PP-1", draft_contract="PK-1")
    with acting(licensing):
        issue_permit(permit_id=permit.pk, number="SIP2MI/BENCH")


def journeys(count: int) -> list[UUID]:
    """Put so many people of West Java before the gate, whole; nobody twice. Give the journeys."""
    started = timezone.localdate() - dt.timedelta(90)
    found = as_owner(
        "select p.id from people_person p where p.reach @> array['area:32'] and p.source = 'bench' and p.merged_into_id is null"
        " and p.died_on is null and p.birth_date between '1985-01-01' and '2005-01-01' and p.birth_precision = 'day'"
        f" and not exists (select 1 from people_journey j where j.person_id = p.id) order by p.id limit {count}"
    )
    if len(found) < count:
        raise SystemExit(f"{len(found)} people of West Java without a journey are left, {count} are wanted: begin a new copy")
    rows = law().gate_of(SCHEME, started)
    kinds = sorted({row.evidence for row in rows if row.evidence} | {"social_security"})
    course = course_of(SCHEME, started)
    gate = next(at for at, step in enumerate(course.steps) if step.verb)
    before = [s.id for s in course.steps[:gate] if not s.optional or s.id in ("register", "opp")]
    made: list[UUID] = []
    with acting(cast_actor("penelaah")):
        for at in range(0, count, CHUNK):
            people = [UUID(str(i)) for (i,) in found[at : at + CHUNK]]
            some = [_journey(person, started) for person in people]
            insert(some)
            insert([_step(j, name, "done", started) for j in some for name in before])
            insert([_step(j, course.steps[gate].id, "now", started) for j in some])
            insert([_fact(j, kind) for j in some for kind in kinds])
            made += [j.id for j in some]
    as_owner("analyze people_journey, people_journeystep, people_fact")
    return made


def _journey(person: UUID, started: dt.date) -> Journey:
    return Journey(
        id=uuid7(), person_id=person, scheme=SCHEME, started_on=started, started_by="bench", started_by_name="Bench",
        changed_at=timezone.now(), changed_by="bench", changed_by_name="Bench", changed_what="start_journey", country_id="TWN",
        agency=AGENCY, employer=EMPLOYER, job_order=ORDER,
    )  # fmt: skip


def _step(journey: Journey, name: str, state: str, day: dt.date) -> JourneyStep:
    return JourneyStep(
        journey=journey, person_id=journey.person_id, step=name, state=state, waits_for=["bp3mi_officer"], since=day,
        done_on=day if state == "done" else None, by="bench" if state == "done" else "",
    )  # fmt: skip


def _fact(journey: Journey, kind: str) -> Fact:
    today = timezone.localdate()
    return Fact(
        id=uuid7(), person_id=journey.person_id, journey=journey, kind=kind, number=f"BENCH-{kind}", issued_on=today - dt.timedelta(30),
        valid_until=today + dt.timedelta(900), value=FIT if kind.startswith("health") else "", verdict="verified", path="manual",
        verified_by_name="Bench", verified_at=timezone.now(), **BY,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit("this serves the benchmark `gate`")
