"""A small register to knock at: one woman of Haurkolot who works in Taiwan, two ministries' rows, a run, a doubtful pair.

She signs in to a page of her own, and so does her mother. An agency with a job order for Taiwan. Somebody whom Hong Kong registered
with the same passport, a record that was merged into hers, and an officer with her posting.
"""

from dataclasses import dataclass, fields
from uuid import UUID, uuid4

from django.utils import timezone

from selaras.ground.act import as_job
from selaras.ground.models import Posting
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.market.models import JobOrder, StatusChange
from selaras.people.actions.facts import Scan
from selaras.people.actions.merging import merge
from selaras.people.actions.parties import enter_party, flag_problem
from selaras.people.actions.stepping import show_to
from selaras.people.models import Event, Identifier, Journey
from selaras.people.telling import Stay
from selaras.prepare.actions.movements import Moved, log_movement
from selaras.prepare.actions.outreach import hold_outreach
from selaras.prepare.actions.signals import report_signal
from selaras.prepare.actions.training import enrol, open_course
from selaras.prepare.models import CreditRequest
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.actions.sampling import draw_sample
from selaras.reconcile.models import DrawnPair, Pair, Record, Run
from tests.cast import BY_KEY, FAMILY_PHONE, actor, enrolled
from tests.market.demand import OWN, PARTNER, TAIPEI, parties, permitted
from tests.people.journeying import PDF, begun, bring
from tests.people.someone import PASSPORT, STAY, VILLAGE, registered
from tests.place.standing import carded, held, spent
from tests.reconcile.registers import person, put


@dataclass(frozen=True)
class World:
    """The ids of what there is."""

    person: UUID
    number: UUID
    delivery: UUID
    run: UUID
    pair: UUID
    drawn: UUID
    other: UUID
    merge: UUID
    conflict: UUID
    officer: UUID
    posting: UUID
    journey: UUID
    paper: UUID
    decision: UUID
    cost: UUID
    card: UUID
    agency: str
    order: UUID
    code: str
    party: str
    permit: UUID
    cooperation: UUID
    standing: UUID
    status: UUID
    movement: UUID
    signal: UUID
    outreach: UUID
    course: UUID
    enrolment: UUID
    credit: UUID

    def elsewhere(self) -> "World":
        """Give ids of what there is not."""
        return World(*(uuid4() for _ in fields(World)))


def make_world() -> World:
    """Register her, hand two registers in, link them, and leave one pair to the reviewers."""
    her = registered("village", presence=STAY).person_id
    with acting(actor("village")):
        number = Identifier.objects.get(person_id=her, kind="nik").pk
    shared = {f"X{n}": person(n + 20, nik="3212015001900001") for n in range(3)}
    delivery = put("siskop2mi", {f"S{n}": person(n) for n in range(6)} | shared)
    put("peduliwni", {f"P{n}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(4)})
    run_now()
    with as_job("link"):
        run = Run.objects.latest("asked_at")
        left, right = sorted(str(Record.objects.get(row_id=r).pk) for r in ("S4", "S5"))
        pair, _ = Pair.objects.update_or_create(
            left_id=left, right_id=right,
            defaults={
                "run": run, "probability": 0.55, "weight": 0.2, "decision": "review", "matters": 0.4, "state": "open",
                "reasons": [["nik.missing", {}, 0.0], ["name.equal", {}, 2.0], ["birth.other_day", {}, -0.4]], "reach": ["nation"],
            },
        )  # fmt: skip
    with acting(actor("reviewer")):
        draw_sample(run.pk, 20)
        drawn = DrawnPair.objects.get(turn=0).pk
    other = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", numbers=[("passport", PASSPORT)], presence=Stay("HKG"))
    again = registered("village", name="Siti Nurhaliza", numbers=[])
    with acting(actor("reviewer")):
        merged = merge(keep=her, lose=again.person_id, reason="satu orang")
        conflict = Event.objects.get(kind="conflict").pk
    desk = officer_by_email(BY_KEY["desk"].email).pk
    posting = Posting.objects.get(officer=desk).pk
    enrolled(her)
    mother = registered("village", name="Kartini", sex="F", birth_date=None, numbers=[]).person_id
    enrolled(mother, FAMILY_PHONE, kind="family")
    journey, paper = on_her_way(her)
    parties()
    order = permitted()
    order.refresh_from_db()
    return World(
        her, number, delivery.pk, run.pk, pair.pk, drawn, other.person_id, merged.event_id, conflict, desk, posting, journey, paper,
        held(journey), spent(journey), carded(journey), OWN, order.pk, order.code, *_market(order), gone(her), warned(), told(),
        *taught(her), lent(journey),
    )  # fmt: skip


def _market(order: JobOrder) -> tuple[str, UUID, UUID, UUID, UUID]:
    """A partner abroad with a problem, a permit, a cooperation, and what was said of a country."""
    permit = order.permits.get()
    with acting(TAIPEI):
        standing = flag_problem(key=PARTNER, reason="menahan paspor").pk
    return PARTNER, permit.pk, permit.cooperation_id, standing, StatusChange.objects.filter(country_id="TWN").get().pk


def on_her_way(her: UUID) -> tuple[UUID, UUID]:
    """Begin a journey of hers and bring a paper with its scan; give both."""
    journey = begun(person_id=her)
    return journey.journey_id, bring(journey, "skck", "dinas", scan=PDF).fact_id


def gone(her: UUID) -> UUID:
    """Write into the log of her village that she left."""
    with acting(actor("village")):
        return log_movement(moved=Moved("left", STAY.since, "family", "TWN"), person_id=her).movement_id


def warned() -> UUID:
    """Report an early warning of her village, with a photograph."""
    with acting(actor("village")):
        told = {"kind": "recruiter_visit", "on": STAY.since, "area": VILLAGE, "words": "Dua orang menawarkan kerja", "once": "w"}
        return report_signal(**told, photo=Scan([PDF], "selebaran.pdf")).pk


def told() -> UUID:
    """Hold a session of information in her village."""
    with acting(actor("village")):
        given = {"items": ["costs", "complaints"], "language": "jv", "women": 12, "men": 3}
        return hold_outreach(on=STAY.since, area=VILLAGE, venue="Balai desa", once="o", **given).pk


def taught(her: UUID) -> tuple[UUID, UUID]:
    """Announce a course and enrol her; give both."""
    with as_job("setup"):
        enter_party(kind="training", key="blk-uji", name="BLK Uji", country="IDN")
    today = timezone.localdate()
    with acting(actor("dinas")):
        told = {"kind": "literacy", "title": "Mengatur uang", "seats": 9, "since": today, "until": today, "payer": "government", "once": "c"}
        course = open_course(party="blk-uji", **told).pk
        return course, enrol(course_id=course, person_id=her).enrolment_id


def lent(journey: UUID) -> UUID:
    """Let a request for a credit stand."""
    with as_job("setup"):
        lender = enter_party(kind="lender", key="bank-uji", name="Bank Uji", country="IDN")
    today = timezone.localdate()
    with acting(actor("reviewer")):
        of = Journey.objects.get(pk=journey)
        show_to(of.person, {"party:bank-uji": "credit"})
        told = {"amount": 1, "months": 24, "instalments": 18, "asked_on": today, "due": today, "by": "test", "by_name": "test", "at": timezone.now()}
        return CreditRequest.objects.create(journey=of, person_id=of.person_id, lender=lender, **told).pk
