"""The demo's workers and a mother, who have pages of their own: opened at the desk with the same verbs as in life."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from selaras.ground.act import as_job
from selaras.ground.queries.notices import outbox
from selaras.ground.scope import Actor, acting
from selaras.people.actions.enrolling import ask_enrolment, enrol_worker
from selaras.people.actions.family import join_family, name_family
from selaras.people.actions.phones import in_force
from selaras.people.actions.registering import register
from selaras.people.actions.signing_in import SignedIn
from selaras.people.models import Account, Journey, SignInPhone
from selaras.people.numbers import index_of, spelling
from selaras.people.queries.accounts import actor_of_account, sessions_of
from selaras.people.queries.family import kinds_of_papers
from selaras.people.queries.opening import open_person
from selaras.place.actions.costs import add_cost
from selaras.samples.ways import LOYANG, actor_of_cast


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One invented person with a page of her own."""

    key: str
    name: str
    phone: str
    kind: str
    story_id: str
    story_en: str


OWN_PAGES = (
    OwnPage(
        "rusminah", "Rusminah binti Tarsijan", "+6281200000101", "worker",
        "Calon pekerja ke Taiwan: melihat langkah berikutnya, surat-suratnya, dan siapa yang membuka datanya.",
        "About to leave for Taiwan: sees her next step, her papers, and who opened her record.",
    ),
    OwnPage(
        "darnati", "Darnati binti Waslim", "+886900000102", "worker",
        "Bekerja di Taiwan: lapor diri, mencatat biaya, menyimpan E-KPMI, dan membuka kabar untuk ibunya.",
        "Works in Taiwan: reports to the mission, keeps her costs and her card, and shares news with her mother.",
    ),
    OwnPage(
        "kasniti", "Kasniti binti Daspan", "+6281200000103", "family",
        "Ibu Darnati di Desa Loyang: hanya melihat yang diizinkan anaknya.",
        "Darnati's mother in Loyang: sees only what her daughter shares.",
    ),
)  # fmt: skip
MOTHER = OWN_PAGES[2]


def enter_own_pages() -> int:
    """Open the pages of those who are on their way; give how many there are. Safe to run again."""
    desk, mission, village = actor_of_cast("dinas"), actor_of_cast("taipei"), actor_of_cast("desa")
    for page in OWN_PAGES:
        with acting(village):
            if page.kind == "worker":
                journey = Journey.objects.get(person__name=page.name)
                person_id, journey_id = journey.person_id, journey.id
            else:
                mother = {"name": page.name, "sex": "F", "birth_date": date(1968, 2, 3), "home_area": LOYANG}
                person_id = register(**mother, once=f"contoh {page.name}").person_id
        if way_in(page.key) is not None:
            continue
        _enrol(desk, person_id, page)
        if page.key == "darnati":
            with acting(mission):
                open_person(person_id)
            with acting(desk):
                _costs(journey_id)
        elif page is MOTHER and (daughter := way_in("darnati")) is not None:
            _share(daughter, desk, person_id)
    return len(OWN_PAGES)


def way_in(key: str) -> SignedIn | None:
    """Give the account of one of them with the telephone that opens it, for the demo's click; raise in production."""
    if settings.SELARAS_MODE == "production":
        raise RuntimeError("nobody signs in by a click in production")
    page = next((p for p in OWN_PAGES if p.key == key), None)
    if page is None:
        return None
    with as_job("sign_in"):
        phones = SignInPhone.objects.filter(in_force(timezone.now()), account__ended_at__isnull=True)
        phone = phones.filter(index=index_of("phone", spelling("phone", page.phone))).first()
        return SignedIn(phone.account_id, Account.objects.get(id=phone.account_id).person_id, phone.id) if phone else None


def _enrol(desk: Actor, person_id: UUID, page: OwnPage) -> None:
    with acting(desk):
        asked = ask_enrolment(person_id=person_id, phone=page.phone, paper="ktp", kind=page.kind)
        words = (word.strip(".") for message in outbox(3) for word in message.text.split())
        code = next(word for word in words if word.isdecimal() and len(word) == 6)
        enrol_worker(code_id=asked.code_id, code=code)


def _costs(journey_id: UUID) -> None:
    today = timezone.localdate()
    for item, payer, amount, currency, days in (
        ("passport", "worker", 350_000, "IDR", 90),
        ("health", "worker", 900_000, "IDR", 80),
        ("departure_ticket", "employer", 7_200, "TWD", 40),
    ):
        add_cost(
            journey_id=journey_id, item=item, payer=payer, amount=Decimal(amount), currency=currency, paid_on=today - timedelta(days),
            words="contoh", once=f"contoh {item}",
        )  # fmt: skip


def _share(daughter: SignedIn, desk: Actor, mother_id: UUID) -> None:
    own = actor_of_account(daughter.account_id, daughter.through, sessions_of(daughter.account_id, daughter.through))
    if own is None:
        raise LookupError("the worker's page was not opened")
    with acting(own):
        word = name_family(name=MOTHER.name, relation="parent", kinds=["condition"], papers=kinds_of_papers(daughter.person_id)).word
    with acting(desk):
        join_family(person_id=mother_id, word=word)

