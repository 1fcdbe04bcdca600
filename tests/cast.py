"""The cast: a few named people whose names tell what they may see; and how a worker or her family comes to a page of her own."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from selaras.ground.act import as_job
from selaras.ground.actions.officers import add_officer, post_officer
from selaras.ground.actions.offices import open_office
from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.notices import outbox
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.ground.scope import Actor, acting
from selaras.people.actions.enrolling import ask_enrolment, enrol_worker
from selaras.people.models import SignInPhone
from selaras.people.queries.accounts import actor_of_account

WORKER_PHONE = "+886912345678"
FAMILY_PHONE = "+6281298765432"
PASSWORD = "laut-tenang-2026-selaras"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: a short key, a name, her role and her office."""

    key: str
    name: str
    role: str
    office: str

    @property
    def email(self) -> str:
        """Give the address with which she signs in."""
        return f"{self.key}@selaras.example"


CAST = (
    Member("village", "Desi dari Desa Haurkolot", "village_officer", "desa-3212012007"),
    Member("desk", "Citra di LTSA Cirebon", "desk_officer", "ltsa-cirebon"),
    Member("dinas", "Indra di Dinas Indramayu", "dinas_officer", "kabkota-3212"),
    Member("province", "Jajang di Dinas Jawa Barat", "province_officer", "provinsi-32"),
    Member("bp3mi", "Bima di BP3MI Jawa Barat", "bp3mi_officer", "bp3mi-jawa-barat"),
    Member("taipei", "Tia di KDEI Taipei", "mission_officer", "kdei-taipei"),
    Member("hongkong", "Hana di KJRI Hong Kong", "mission_officer", "kjri-hong-kong"),
    Member("tawau", "Tawakal di KRI Tawau", "mission_officer", "kri-tawau"),
    Member("reviewer", "Rani, penelaah pertama", "reviewer", "kp2mi"),
    Member("second", "Dua, penelaah kedua", "reviewer", "kp2mi"),
    Member("data", "Dara, data Kemlu", "data_officer", "kemlu"),
    Member("agency", "Agus di PT Contoh Jaya", "agency_officer", "p3mi-contoh-jaya"),
    Member("lender", "Lia di Bank Uji", "lender_officer", "bank-uji"),
    Member("licensing", "Lina, petugas perizinan", "licensing_officer", "kp2mi"),
    Member("steering", "Stefani di Kemenko", "steering", "kemenko-pm"),
    Member("auditor", "Aulia, auditor", "auditor", "audit"),
    Member("admin", "Adi, pengelola sistem", "administrator", "selaras"),
)
BY_KEY = {member.key: member for member in CAST}


def enter_cast() -> None:
    """Enter the cast by public verbs, once, into the template."""
    with as_job("setup"):
        open_office(key="ltsa-cirebon", kind="desk", name="LTSA/MWRC Cirebon", area="3209", reach=["area:3209"])
        open_office(key="p3mi-contoh-jaya", kind="agency", name="PT Contoh Jaya", reach=["party:contoh-jaya"])
        open_office(key="bank-uji", kind="lender", name="Bank Uji", reach=["party:bank-uji"])
        for member in CAST:
            office = office_by_key(member.office)
            assert office is not None, member.office
            officer = add_officer(email=member.email, name=member.name, password=PASSWORD, second_factor=False)
            post_officer(officer=officer, office=office, role=member.role)


@cache
def actor(key: str) -> Actor:
    """Give the actor that a member of the cast is."""
    officer = officer_by_email(BY_KEY[key].email)
    assert officer is not None
    return actor_of(officer, posts_of(officer.pk)[0])


def last_code() -> str:
    """Give the six digits of the newest message that holds any."""
    words = (word.strip(".") for message in outbox(5) for word in message.text.split())
    return next(word for word in words if word.isdecimal() and len(word) == 6)


def enrolled(person_id: UUID, phone: str = WORKER_PHONE, who: str = "dinas", kind: str = "worker") -> Actor:
    """Let a person come to a desk with her paper and her telephone; give the actor that she is from then on."""
    with acting(actor(who)):
        asked = ask_enrolment(person_id=person_id, phone=phone, paper="ktp", kind=kind)
        ended = enrol_worker(code_id=asked.code_id, code=last_code())
        assert ended.outcome == "opened" and ended.phone_id is not None
        account_id = SignInPhone.objects.get(id=ended.phone_id).account_id
    found = actor_of_account(account_id, ended.phone_id, 0)
    assert found is not None
    return found
