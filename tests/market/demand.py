"""Something to test with: two licensed agencies, partners and employers in Taiwan and Hong Kong, an order that is attested."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from selaras.ground.act import as_job
from selaras.ground.scope import Actor, acting
from selaras.market.actions.countries import load_country_statuses
from selaras.market.actions.licences import grant_licence
from selaras.market.actions.orders import ask_job_order, attest_job_order
from selaras.market.actions.partners import enter_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit
from selaras.market.models import JobOrder
from selaras.people.actions.parties import enter_party

TODAY = timezone.localdate
OWN, OTHER = "contoh-jaya", "contoh-lain"
"""The agency of the cast's agency officer, and another."""
EMPLOYER, HOUSEHOLD, PARTNER = "tw-yuehai", "tw-household-1", "tw-brightpath"

AGENCY = Actor("officer", "agency", "Agus", frozenset({"agency_officer"}), frozenset({f"party:{OWN}"}))
RIVAL = Actor("officer", "rival", "Rival", frozenset({"agency_officer"}), frozenset({f"party:{OTHER}"}))
TAIPEI = Actor("officer", "taipei", "Tia", frozenset({"mission_officer"}), frozenset({"abroad:TWN"}), office="KDEI Taipei")
HONGKONG = Actor("officer", "hongkong", "Hana", frozenset({"mission_officer"}), frozenset({"abroad:HKG"}))
LICENSING = Actor("officer", "licensing", "Lina", frozenset({"licensing_officer"}), frozenset({"nation"}))

OFFER: dict[str, Any] = {
    "agency": OWN, "employer": EMPLOYER, "job": "factory_worker", "title": "Operator mesin CNC", "places": 5, "wage": Decimal("29500"),
    "currency": "TWD", "hours": 40, "months": 36, "letter": "YH-2026-11",
}  # fmt: skip


def parties() -> None:
    """Enter the parties, license both agencies, verify the cooperations, load what is known of countries."""
    with as_job("setup"):
        load_country_statuses()
        for n, key in enumerate((OWN, OTHER)):
            enter_party(kind="agency", key=key, name=f"PT {key.replace('-', ' ').title()}", country="IDN", area="3171")
            grant_licence(agency=key, number=f"SIP3MI/{n}", capital=5_000_000_000, deposit=1_500_000_000, since=TODAY() - dt.timedelta(400))
        enter_party(kind="employer", key=EMPLOYER, name="Yuehai Precision", country="TWN")
        enter_party(kind="employer", key=HOUSEHOLD, name="", country="TWN", individual=True)
        enter_party(kind="partner", key=PARTNER, name="Brightpath Manpower", country="TWN")
        enter_party(kind="employer", key="hk-wing", name="Wing Trading", country="HKG")
        for agency, partner in ((OWN, EMPLOYER), (OWN, PARTNER), (OTHER, EMPLOYER), (OWN, "hk-wing")):
            row = enter_cooperation(agency=agency, partner=partner, number=f"PKP/{agency}/{partner}", since=TODAY() - dt.timedelta(100))
            verify_cooperation(cooperation_id=row.pk)


def asked(once: str = "1", actor: Actor = AGENCY, **changes: Any) -> JobOrder:
    """Ask for a job order."""
    with acting(actor):
        return ask_job_order(**{**OFFER, "once": once, **changes})


def attested(number: str = "JO/TPE/1", places: int = 5, once: str = "", **changes: Any) -> JobOrder:
    """Ask for a job order and attest it."""
    order = asked(once or number, places=places, **changes)
    with acting(TAIPEI):
        return attest_job_order(order_id=order.pk, number=number, until=TODAY() + dt.timedelta(365))


def permitted(number: str = "JO/TPE/1", places: int = 5, **changes: Any) -> JobOrder:
    """Have a job order attested and its permit issued."""
    order = attested(number, places, **changes)
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="PP-1", draft_contract="PK-1")
    with acting(LICENSING):
        issue_permit(permit_id=permit.pk, number=f"SIP2MI/{number}")
    return order
