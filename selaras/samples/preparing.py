"""What villages and desks of the demo have begun: a session, an early warning, a departure in the log, a course, a credit that waits."""

from datetime import timedelta

from django.utils import timezone

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.parties import enter_party
from selaras.people.models import Fact, Journey
from selaras.people.queries.parties import party_by_key
from selaras.prepare.actions.credits import ask_credit
from selaras.prepare.actions.movements import Moved, log_movement
from selaras.prepare.actions.outreach import hold_outreach, note_attendance
from selaras.prepare.actions.signals import report_signal
from selaras.prepare.actions.training import enrol, open_course
from selaras.prepare.credit import terms_on
from selaras.prepare.models import CreditRequest, Movement
from selaras.samples.parties import LENDERS, TRAINING_BODIES
from selaras.samples.ways import DOERS, LOYANG, actor_of_cast, bring

CANDIDATE, BORROWER, LEFT = "Carinih binti Dulkarim", "Rusminah binti Tarsijan", "Darnati binti Waslim"
BORROWERS_NIK = "3212046109940007"  # as her day of birth and village make it


def enter_preparing() -> None:
    """Enter them by the verbs of those who would write them. Safe to run again."""
    today = timezone.localdate()
    village, desk = actor_of_cast("desa"), actor_of_cast("dinas")
    with acting(village):
        journeys = {name: Journey.objects.get(person__name=name) for name in (CANDIDATE, BORROWER, LEFT)}
        held = hold_outreach(
            on=today - timedelta(12), area=LOYANG, venue="Balai Desa Loyang (contoh)", items=[row.id for row in law().information_on(today)],
            language="jv", women=31, men=12, once="contoh",
        )  # fmt: skip
        note_attendance(outreach_id=held.pk, person_id=journeys[CANDIDATE].person_id)
        report_signal(
            kind="recruiter_visit", on=today - timedelta(5), area=LOYANG, company="Perekrut tanpa surat tugas (contoh)",
            words="Mendatangi rumah warga pada malam hari, menawarkan berangkat bulan depan tanpa pelatihan (contoh).", once="contoh",
        )  # fmt: skip
        if not Movement.objects.filter(person_id=journeys[LEFT].person_id).exists():
            log_movement(moved=Moved("left", today - timedelta(40), "family", "TWN"), person_id=journeys[LEFT].person_id, once="contoh")
    body, borrower = TRAINING_BODIES[0], journeys[BORROWER]
    with as_job("setup"):
        if party_by_key(body.key) is None:
            enter_party(kind="training", key=body.key, name=body.name, country="IDN")
    with acting(desk):
        course = open_course(
            party=body.key, kind="skill", title="Operator produksi, 160 jam (contoh)", job="Operator produksi", seats=20,
            since=today - timedelta(3), until=today + timedelta(25), payer="government", once="contoh",
        )  # fmt: skip
        enrol(course_id=course.pk, person_id=journeys[CANDIDATE].person_id)
        if CreditRequest.objects.filter(journey_id=borrower.id).exists():
            return
        there = set(Fact.objects.filter(person_id=borrower.person_id).values_list("kind", flat=True))
    actors = {key: actor_of_cast(key) for key in DOERS}
    for kind in terms_on(today).evidence:
        if kind not in there and (row := law().evidence_of(kind, today)) is not None:
            bring(borrower.person_id, borrower.id, row, actors, BORROWERS_NIK if kind == "ktp" else "")
    with acting(desk):
        ask_credit(journey_id=borrower.id, lender=LENDERS[0].key, amount=25_000_000, months=24, once="contoh")
