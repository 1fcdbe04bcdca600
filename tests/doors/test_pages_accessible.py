"""Every page of the office and public doors, wide and narrow, in both languages: nothing that shuts people out, sticks out or complains."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from django.utils import timezone
from playwright.sync_api import Browser

from selaras.doors.office import demo
from selaras.ground.act import as_job, job
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.insight.actions import publish_headcount
from selaras.market.actions.partners import enter_cooperation
from selaras.market.actions.recruiting import record_recruiting
from selaras.market.models import JobOrder, PartnerAgreement, RecruitmentPermit
from selaras.people.actions.entering import enter_sideways
from selaras.people.actions.facts import Scan, verify_fact
from selaras.people.actions.parties import enter_party, flag_problem, sanction
from selaras.people.actions.steps import return_step, withdraw_journey
from selaras.people.models import Journey, JourneyStep
from selaras.people.queries.journeys import open_journey
from selaras.people.telling import Stay
from selaras.place.actions.contracts import Stated, write_document
from selaras.place.actions.costs import take_back_cost
from selaras.place.models import Document
from selaras.prepare.actions.credits import answer_credit, ask_credit
from selaras.prepare.actions.movements import Moved, log_movement, take_back_movement
from selaras.prepare.actions.outreach import hold_outreach, note_attendance
from selaras.prepare.actions.signals import report_signal
from selaras.prepare.actions.training import enrol, open_course
from selaras.prepare.models import Attendance, CreditRequest, Movement, Signal
from selaras.reconcile.actions.intake import run
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.actions.sampling import draw_sample
from selaras.reconcile.models import Run
from selaras.samples.cast import CastMember
from tests import database
from tests.cast import BY_KEY, actor
from tests.insight.test_headcount import registers
from tests.market.demand import AGENCY, LICENSING, OWN, PARTNER, TAIPEI, TODAY, asked, parties, permitted
from tests.people.journeying import PDF, begun, bring, until
from tests.people.someone import NIK, STAY, registered
from tests.place.standing import before_gate, carded, decided, fact, spent
from tests.reconcile import intake
from tests.reconcile.registers import person, put
from tests.reconcile.test_judging import pair
from tests.stories import doings
from tests.stories.browsing import NARROW, WIDE, hurts, too_wide
from tests.stories.conftest import address, browser  # noqa: F401  the stories' own fixtures
from tests.stories.officers import Officer
from tests.stories.walking import Place, walk

pytestmark = pytest.mark.browser

# who walks, in this order: a page is looked at as the first of them sees it
WHO = ("", "licensing", "steering", "dinas", "data", "reviewer", "village", "taipei", "auditor", "admin", "agency", "bp3mi")
STARTS = {
    "": ["/", "/demo/", "/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/no-such-page/", f"/check/agency/{OWN}/", "/desk/3212012007/"],
    "dinas": ["/account/2fa/", "/account/logout/", "/account/password/change/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"],
}
DOINGS = {
    "": [doings.wrong_password],
    "dinas": [doings.search, doings.open_number, doings.open_paper_number, doings.step_too_early, doings.mistake],
    "data": [doings.handed_in_wrongly],
    "reviewer": [doings.name_the_other, doings.propose_merge, doings.open_pair_number, doings.open_shared_number, doings.next_drawn],
    "admin": [doings.entered_wrongly],
    "auditor": [doings.verify],
    "village": [doings.refused],
}
# Addresses without a page of their own to look at, and why.
NO_PAGE = {
    "people_found": "looked at by searching", "person_number": "looked at by opening a number", "ledger_verify": "looked at by verifying",
    "change_post": "leads on", "demo_sign_in": "leads on", "demo_own_page": "leads on", "run_start": "leads on", "run_cancel": "leads on", "review_next": "leads on",
    "sample_draw": "leads on", "sample_next": "leads on", "drawn_read": "leads on", "drawn": "looked at as the next pair of a sample", "drawn_unread": "leads on",
    "review_judge": "leads on", "review_undo": "leads on", "delivery_cancel": "leads on", "delivery_retry": "leads on", "set_language": "leads on",
    "run_progress": "a part of a page", "run_faults": "a file", "run_shared": "looked at by opening a number", "delivery_progress": "a part of a page", "headcount_export": "a file", "months_of_pay_export": "a file",
    "check_record": "see tests/doors/test_public_records.py", "delivery_rejects": "a file",
    "review_numbers": "looked at as the opening of a number", "person_merge": "looked at by naming the other", "person_merge_with": "looked at by proposing a merge", "conflict_papers": "an answer on the page of the question",
    "person_enrol": "leads on", "person_enrol_code": "see tests/stories/test_worker_page.py", "person_card": "see tests/stories/test_worker_page.py",
    "person_close": "leads on", "office_phone": "leads on", "person_way": "leads on", "person_family_cut": "leads on",
    **dict.fromkeys(
        ("worker_home", "worker_code", "worker_out", "worker_papers", "worker_paper", "worker_who", "worker_ways", "worker_phone", "worker_phone_code",
         "worker_way_stop", "worker_end_sessions", "worker_outbox", "worker_family", "worker_family_change", "worker_family_withdraw", "worker_relatives",
         "worker_shared_paper", "worker_passkey", "worker_passkey_new", "worker_passkey_remove", "worker_own_card", "worker_card_paper", "worker_card_phone", "worker_card_lost", "worker_costs", "worker_cost_receipt", "worker_abroad", "worker_tell", "worker_amend"), "see tests/stories/test_worker_page.py",
    ),
    "person_unmerge": "see tests/doors/test_merge_pages.py", "after_amend": "see tests/doors/test_after_pages.py",
    "paper_number": "looked at by opening a paper's number", "paper_scan": "a file",
    "signal_photo": "a file",
    "gate_do": "an answer on the page of the gate", "gate_record": "a file", "contract_report": "leads on", "cost_receipt": "a file",
    "card_do": "an answer on the page of the card", "card_paper": "a file", "card_keys": "for machines", "card_status": "for machines",
    "card_helper": "a script", "queue_script": "a script", "queue_token": "for machines", "health": "for machines", "metrics": "for machines",
}  # fmt: skip
BARE = re.compile(r"\{'\w+': |\['|%\(\w+\)|\{\w+\}|object at 0x")
"""What stands on a page only when something was shown as the program holds it."""
UNKNOWN = {"ID PMI": "Kode", "NAMA LENGKAP": "Siapa", "NIK": "Angka"}


@pytest.fixture(scope="module", autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give all pages of this module one folder for files: what was handed in must still be there when its page is opened."""
    before = (settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS)
    folder = tmp_path_factory.mktemp("pages")
    settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS = (str(folder / n) for n in ("files", "work", "seals"))
    yield
    settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS = before


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, folders: None) -> Iterator[list[str]]:
    """Something to see on every page; the tables are emptied afterwards."""
    settings.SELARAS_DEMO_SIGN_IN, demo_cast = True, demo.CAST
    demo.CAST = [CastMember(m.key, m.name, m.email, m.role, m.office, m.name, m.name) for m in BY_KEY.values()]
    with django_db_blocker.unblock():
        try:
            yield fill()
        finally:
            settings.SELARAS_DEMO_SIGN_IN, demo.CAST = False, demo_cast
            for connection in connections.all(initialized_only=True):
                connection.close()
            cache.clear()
            database.empty()


def fill() -> list[str]:
    """A person, three registers, deliveries of every kind, a run, a count, a doubtful pair; gives the deliveries' pages."""
    her = registered("dinas", name="Siti Nurhayati binti Kasan", presence=STAY).person_id
    on_their_way(her)
    stage_one(her)
    parties()
    permitted()
    before_gate(without=("visa", "passport"))
    decided(before_gate("crew_merchant", without=("visa", "seafarer_id")), "hold")
    with_card = before_gate()
    contracted(with_card)
    carded(with_card)
    credited(with_card)
    registers()
    rows = [intake.worker(n) for n in range(1, 4)] + [intake.worker(4, TANGGAL_LAHIR="31/02/1990"), ["S9", "kurang"]]
    taken = intake.take(intake.text(rows))
    unmapped = intake.deliver(intake.text(rows[:3], [UNKNOWN.get(h, f"Kolom {n}") for n, h in enumerate(intake.HEADER)]))
    run(unmapped.pk, job("intake"))
    broken = intake.take(b"PK\x03\x04 bukan buku kerja", name="rusak.xlsx")
    waiting = intake.deliver(intake.text([intake.citizen(1)], intake.CITIZENS), source="peduliwni")
    put("siskop2mi", {f"X{n}": person(n + 30, nik="3212015001900001") for n in range(3)})
    run_now()
    put("siskop2mi", {"X1": person(31, nik="3212015001900001", country="MALAYSIA"), "X9": person(0, birth_date="dulu")})
    summary = run_now()
    with as_job("link"):
        publish_headcount(summary.id)
        done = Run.objects.get(pk=summary.id)
        done.counts["calibration"] = [
            {"low": n / 10, "high": (n + 1) / 10, "pairs": 10**n, "expected": n / 10 + 0.05, "observed": n / 10 + 0.07} for n in range(5)
        ]
        done.save()
    pair("S4", "S5")
    with acting(actor("reviewer")):
        draw_sample(summary.id, 20)
    market()
    registered("hongkong", name="Wagiyem Sumarni", sex="", birth_date=None, home_area="", numbers=[("nik", NIK)], presence=Stay("HKG"))
    return [f"/deliveries/{d}/" for d in (taken.id, broken.id, waiting.pk, unmapped.pk)] + [f"/deliveries/{unmapped.pk}/columns/"]


def on_their_way(her: UUID) -> None:
    """One journey with steps done, given back, waiting and overdue, papers of every verdict; one that ended; an entry from the side."""
    over = begun("self_placed", "dinas", her)
    with acting(actor("dinas")):
        withdraw_journey(journey_id=over.journey_id, version=1, reason="Diterima bekerja di Cirebon.")
        enter_sideways(kind="complaint", on=timezone.localdate(), person_id=her, country="TWN", reason="Gaji tidak dibayar.")
    journey = begun(person_id=her, country="TWN", agency="contoh-jaya", job_order="JO-0147")
    until(journey, "placement_agreement")
    kept = {kind: bring(journey, kind, "dinas").fact_id for kind in ("placement_agreement", "passport", "skck")}
    with acting(actor("dinas")):
        verify_fact(fact_id=kept["passport"], seen="stated", verdict="verified", words="Paspor asli dilihat.")
    with acting(actor("bp3mi")):
        verify_fact(fact_id=kept["placement_agreement"], seen="stated", verdict="refused", words="Belum ditandatangani dinas.")
        version = open_journey(journey.journey_id).version
        return_step(journey_id=journey.journey_id, step="letters", version=version, reason="Tanda tangan wali tidak ada.")
    with as_job("setup"):
        JourneyStep.objects.filter(journey_id=journey.journey_id, step="letters").update(due=timezone.localdate() - timedelta(days=2))


def stage_one(her: UUID) -> None:
    """She left and came back, a line of the log was wrong, an early warning with its photograph, a session to which she came."""
    with acting(actor("village")):
        wrong = log_movement(moved=Moved("left", TODAY(), "neighbour", "MYS", words="naik bus malam"), person_id=her)
        take_back_movement(movement_id=wrong.movement_id, words="Salah orang")
        log_movement(moved=Moved("left", TODAY() - timedelta(9), "family", "TWN"), person_id=her)
        told = {"kind": "high_pay", "on": TODAY(), "area": "3212012007", "words": "Selebaran di warung: gaji 15 juta tanpa syarat"}
        report_signal(**told, company="PT Tidak Terdaftar", photo=Scan([PDF], "a.pdf"), once="a")
        given = {"items": ["costs", "risks"], "language": "jv", "women": 12, "men": 3}
        session = hold_outreach(on=TODAY(), area="3212012007", venue="Balai desa", once="o", **given)
        note_attendance(outreach_id=session.pk, person_id=her)
    with as_job("setup"):
        enter_party(kind="training", key="blk-uji", name="BLK Uji", country="IDN")
    with acting(actor("dinas")):
        seats = {"seats": 9, "since": TODAY(), "until": TODAY() + timedelta(30), "payer": "government", "once": "c"}
        course = open_course(party="blk-uji", kind="skill", title="Perawat lansia", job="elderly_carer", **seats)
        enrol(course_id=course.pk, person_id=her)


def credited(journey: UUID) -> None:
    """A lender refused a credit and is asked once more."""
    with as_job("setup"):
        enter_party(kind="lender", key="bank-uji", name="Bank Uji", country="IDN")
        fact(Journey.objects.get(pk=journey), "ktp")
    with acting(actor("dinas")):
        told: dict[str, Any] = {"journey_id": journey, "lender": "bank-uji", "amount": 30_000_000, "months": 24}
        no = ask_credit(**told, once="a")
    with acting(actor("lender")):
        answer_credit(request_id=no.request_id, granted=False, on=TODAY(), words="Kontrak belum dilegalisasi")
    with acting(actor("dinas")):
        ask_credit(**told, once="b")


def market() -> None:
    """An agency with an order that runs and one that waits, a cooperation that waits, a problem, and recruiting that was seen."""
    asked("waits")
    with acting(AGENCY):
        enter_cooperation(agency=OWN, partner=PARTNER, number="PKP/2", since=TODAY())
    with acting(TAIPEI):
        flag_problem(key=PARTNER, reason="menahan paspor")
    with acting(LICENSING):
        sanction(key=OWN, kind="warned", reason="terlambat melapor", basis="UU18:37")
    with acting(actor("village")):
        record_recruiting(agency=OWN, country="TWN", on=TODAY() - timedelta(5), area="3212012007", what="visited", once="a", words="ke rumah")


def contracted(journey: UUID) -> None:
    """An offer and a payslip that differ, a payment with its receipt, and one that was taken back."""
    with acting(actor("bp3mi")):
        offer = Stated(job="factory_worker", wage=Decimal(29500), currency="TWD", employer="Yuehai", place="No. 1 Zhongshan Road")
        write_document(journey_id=journey, kind="offer", stated=offer)
        slip = Stated(job="care_worker", wage=Decimal(24000), currency="TWD", employer="Mei Lin", deductions={"agen": Decimal(1800)})
        write_document(journey_id=journey, kind="payslip", stated=slip)
        take_back_cost(cost_id=spent(journey), words="Salah ketik")
    spent(journey)


@pytest.fixture(scope="module")
def clients(world: list[str]) -> dict[str, Client]:
    """One signed-in client for each who walks."""
    found = {who: Client(HTTP_HOST="localhost") for who in WHO}
    for who in filter(None, WHO):
        found[who].force_login(officer_by_email(BY_KEY[who].email))
    return found


@pytest.fixture(scope="module")
def places(world: list[str], clients: dict[str, Client]) -> dict[str, list[Place]]:
    """Every kind of page, by who opens it, found by following the portal's own links."""
    seen: set[str] = set()
    found = {}
    for who, client in clients.items():
        starts = [*(["/home/"] if who else []), *STARTS.get(who, [])]
        if who == "dinas":
            starts.append(client.post("/people/", {"q": doings.NAME}).headers["Location"])
            with as_job("setup"):
                starts += [f"/journeys/{j}/again/" for j in Journey.objects.filter(state="withdrawn").values_list("id", flat=True)]
        if who == "licensing":  # the first order on the list has no permit yet
            starts.append(f"/market/permits/{RecruitmentPermit.objects.get().pk}/withdraw/")
        if who == "taipei":  # what only a mission may do
            starts.append(f"/market/cooperations/{PartnerAgreement.objects.get(state='asked').pk}/verify/")
            starts.append(f"/market/job-orders/{JobOrder.objects.get(state='asked').pk}/attest/")
        if who == "bp3mi":  # a village opens a warning before, and may not answer it
            with as_job("setup"):
                starts.append(f"/signals/{Signal.objects.get().pk}/answer/")
                starts.append(f"/signals/{Signal.objects.get().pk}/take-back/")
                starts += [f"/outreach/came/{i}/take-back/" for i in Attendance.objects.values_list("id", flat=True)[:1]]
                starts += [f"/outreach/{i}/take-back/" for i in Attendance.objects.values_list("outreach_id", flat=True)[:1]]
                starts += [f"/credit/{i}/" for i in CreditRequest.objects.values_list("id", flat=True)[:1]]
        if who == "village":  # whoever wrote a line of the log may take it back
            with as_job("setup"):
                starts += [f"/village/log/{i}/take-back/" for i in Movement.objects.values_list("id", flat=True)[:1]]
        if who == "agency":
            starts.append("/market/job-orders/new/")
        if who == "admin":  # the list begins with her own account, which she may not change
            starts.append(f"/officers/{officer_by_email(BY_KEY['desk'].email).pk}/")
        found[who] = list(walk(who, starts, lambda path, client=client: client.get(path, follow=True).content.decode(), seen))
    with as_job("setup"):  # at the gate the officer who decides sees the forms
        at_gate = JourneyStep.objects.filter(step="gate", state="now").values_list("journey_id", flat=True)
        found["bp3mi"] += [Place("bp3mi", f"/gate/{j}/") for j in at_gate]
        shown = Document.objects.order_by("id").values_list("journey_id", flat=True).first()
        found["bp3mi"] += [Place("bp3mi", f"/journeys/{shown}/{what}/") for what in ("contracts", "contracts/write/contract", "costs")]
    found["data"] = [p for p in found["data"] if p.kind != "/deliveries/id/"] + [Place("data", path) for path in world]
    return found


def test_no_page_is_forgotten(places: dict[str, list[Place]]):
    seen = {resolve(place.path.partition("?")[0]).url_name for theirs in places.values() for place in theirs if "no-such" not in place.path}
    names = {p.name for p in patterns(get_resolver().url_patterns) if p.callback.__module__.startswith("selaras.doors.")}
    # the pages of the sign-in library that are switched off answer 404
    assert sorted(names - seen - set(NO_PAGE) - {"account_signup"}) == []
    assert sorted(set(NO_PAGE) - names - {"set_language"}) == [], "an exception for a page that is gone"


def patterns(found: Any) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one.url_patterns)


@pytest.mark.timeout(900)  # half a minute by itself; many times that beside other work on a small machine
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_holds(browser: Browser, address: str, clients: dict[str, Client], places: dict[str, list[Place]], language: str):  # noqa: F811
    found = []
    for who, theirs in places.items():
        visitor = Officer(browser, address, language, axe=True)
        if who:
            visitor.takes_over(clients[who])
        for place in theirs:
            if "/found/" not in place.path:
                visitor.page.goto(place.path)
                found += looked_at(visitor, f"{language} {who} {place.kind}")
        for do in DOINGS.get(who, []):
            do(visitor.page)
            found += looked_at(visitor, f"{language} {who} {do.__name__}")
        found += visitor.faults
        visitor.leaves()
    assert not found, "\n".join(found)


def looked_at(visitor: Officer, name: str) -> list[str]:
    """Name all that is wrong with the page as it stands, wide and narrow."""
    shown = visitor.reads()
    found = [f"{name}: shows {bare}" for bare in BARE.findall(shown)]
    if visitor.language == "id" and "None" in shown.split():  # in English it is a word
        found.append(f"{name}: shows None")
    for width, height in (WIDE, NARROW):
        visitor.page.set_viewport_size({"width": width, "height": height})
        found += [f"{name} at {width}: {pain}" for pain in hurts(visitor.page)]
        if wide := too_wide(visitor.page):
            found.append(f"{name} at {width}: {wide}")
    return found
