"""Enters the invented agencies, employers and job orders into a copy, by the same verbs that officers use."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from selaras.ground.act import as_job
from selaras.market.actions.countries import admit_to_channel, load_country_statuses
from selaras.market.actions.licences import cash_deposit, grant_licence
from selaras.market.actions.orders import ask_job_order, attest_job_order
from selaras.market.actions.partners import enter_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit
from selaras.market.actions.places import take_place
from selaras.market.actions.recruiting import record_recruiting
from selaras.people.actions.parties import enter_party, flag_problem, sanction
from selaras.people.queries.parties import party_by_key
from selaras.samples.parties import EMPLOYERS, LENDERS, MINIMUM_DEPOSIT, PARTY_AGENCIES, Agency, Employer

KINDS = {"partner": "partner", "company": "employer", "principal": "principal"}
WORK = {
    "domestic": ("elderly_carer", "Perawat lansia di rumah"),
    "manufacturing": ("factory_worker", "Operator produksi"),
    "health": ("care_worker", "Careworker panti lansia"),
    "plantation": ("field_worker", "Pemanen kebun"),
    "crew": ("fishing_crew", "Awak kapal ikan jarak jauh"),
}
"""The job and its name at the employer, by sector."""
WAGES = {
    "HKG": ("4990", "HKD"),
    "TWN": ("29500", "TWD"),
    "MYS": ("1700", "MYR"),
    "SGP": ("620", "SGD"),
    "SAU": ("1500", "SAR"),
    "JPN": ("186000", "JPY"),
    "KOR": ("2100000", "KRW"),
    "POL": ("4700", "PLN"),
}
"""A wage a month and its currency; invented, in the order of what is usual."""
EACH = 3  # agencies that work with one employer


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered: agencies, parties abroad, job orders, permits."""

    agencies: int
    abroad: int
    orders: int
    permits: int


def enter_market() -> Entered:
    """Enter the market of the invented nation; nothing is entered a second time."""
    with as_job("setup"):
        load_country_statuses()
        for lender in LENDERS:  # a copy made before there were lenders gets them now
            if party_by_key(lender.key) is None:
                enter_party(kind="lender", key=lender.key, name=lender.name, country="IDN")
        if party_by_key(PARTY_AGENCIES[0].key) is not None:
            return Entered(0, 0, 0, 0)
        for agency in PARTY_AGENCIES:
            _agency(agency)
        for employer in EMPLOYERS:
            enter_party(kind=KINDS[employer.kind], key=employer.key, name=employer.name, country=employer.iso3, district=employer.district)
        able = [a for a in PARTY_AGENCIES if a.status == "active" and a.expires > timezone.localdate()]
        admit_to_channel(country="SAU", job="household", agency=_with(able, "SAU")[0].key, basis="Kepmenaker 291/2018")
        done = [_orders(employer, n, agency) for employer in EMPLOYERS for n, agency in enumerate(_with(able, employer.iso3)[:EACH])]
        troubled = next(e for e in EMPLOYERS if "passports" in e.note)
        flag_problem(key=troubled.key, reason="paspor pekerja ditahan pada 2024 (contoh)", since=timezone.localdate())
        _seen(able[1])
    orders = sum(numbers > 0 for numbers in done)
    return Entered(len(PARTY_AGENCIES), len(EMPLOYERS), orders, sum(n > 1 for n in done))


def _agency(agency: Agency) -> None:
    enter_party(kind="agency", key=agency.key, name=agency.name, country="IDN", area=agency.regency)
    deposit = max(agency.deposit, MINIMUM_DEPOSIT)
    grant_licence(agency=agency.key, number=agency.licence, capital=agency.capital, deposit=deposit, since=agency.licensed)
    if deposit > agency.deposit:
        cash_deposit(licence=agency.licence, amount=deposit - agency.deposit, reason="pemulangan pekerja (contoh)", once="contoh")
    if agency.status in ("suspended", "revoked"):
        since = max(agency.licensed, timezone.localdate() - dt.timedelta(60))
        sanction(key=agency.key, kind=agency.status, reason=f"{agency.note} (contoh)", basis="UU18:37", since=since)


def _with(agencies: list[Agency], country: str) -> list[Agency]:
    return [a for a in agencies if country in a.countries]


def _orders(employer: Employer, n: int, agency: Agency) -> int:
    """Enter one job order of an agency with an employer; give 0 when its country is closed to it, 2 when a permit came too."""
    today = timezone.localdate()
    cooperation = enter_cooperation(
        agency=agency.key, partner=employer.key, number=f"PKP-CONTOH/{agency.key[-6:]}/{employer.key}", since=today - dt.timedelta(200)
    )
    verify_cooperation(cooperation_id=cooperation.pk)
    job, title = WORK[employer.sector]
    if employer.iso3 == "SAU" and n > 0:
        return 0  # one agency of the sample is in the channel
    boss, partner = employer.key, ""
    if employer.kind == "partner":
        boss, partner = f"{employer.key}-rt-{n}", employer.key
        enter_party(kind="employer", key=boss, name="", country=employer.iso3, district=employer.district, individual=True)
    wage, currency = WAGES[employer.iso3]
    order = ask_job_order(
        agency=agency.key, employer=boss, partner=partner, job=job, title=title, places=1 if partner else 10 + 5 * n,
        wage=Decimal(wage), currency=currency, hours=48, months=24, letter=f"SURAT-{employer.key}-{n}", once=f"contoh-{employer.key}-{n}",
    )  # fmt: skip
    if n == EACH - 1:
        return 1  # waits for the mission
    number = f"CONTOH-JO/{employer.iso3}/{employer.key.upper()}/{n + 1}"
    attest_job_order(order_id=order.pk, number=number, since=today, until=today + dt.timedelta(365))
    permit = ask_permit(order_id=order.pk, draft_placement=f"PP-{employer.key}-{n}", draft_contract=f"PK-{employer.key}-{n}")
    if n == 0:
        issue_permit(permit_id=permit.pk, number=f"CONTOH-SIP2MI/{employer.iso3}/{employer.key.upper()}", since=today)
        for worker in range(0 if partner else 4):
            take_place(number=number, once=f"contoh-{worker}")
        return 2
    return 1  # its permit waits for the ministry


def _seen(agency: Agency) -> None:
    record_recruiting(
        agency=agency.key, country=agency.countries[0], on=timezone.localdate() - dt.timedelta(9), area="3212042003", what="visited",
        words="mendatangi rumah warga sebelum ada izin (contoh)", once="contoh",
    )  # fmt: skip
