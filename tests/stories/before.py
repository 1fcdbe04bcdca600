"""What stands in the register before a story begins: the agencies and employers, a job order with its permit, another seafarer."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from selaras.ground.act import as_job
from selaras.ground.scope import Actor, acting
from selaras.market.actions.orders import ask_job_order, attest_job_order
from selaras.market.actions.partners import enter_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit
from selaras.people.actions.facts import Scan, add_fact
from selaras.people.actions.parties import enter_party
from selaras.people.papers import Written
from tests.cast import actor
from tests.market.demand import AGENCY, LICENSING, OFFER, OWN, TODAY, parties
from tests.people.someone import registered
from tests.stories.screens import PDF


def _order(country: str, number: str, *, key: str, name: str, job: str, currency: str, wage: int, kind: str = "employer") -> None:
    """Enter somebody who employs, with whom the agency cooperates, and an order of theirs, attested and permitted."""
    with as_job("setup"):
        enter_party(kind=kind, key=key, name=name, country=country)
        verify_cooperation(
            cooperation_id=enter_cooperation(agency=OWN, partner=key, number=f"PKP/{key}", since=TODAY() - timedelta(100)).pk
        )
    offer = OFFER | {"employer": key, "job": job, "currency": currency, "wage": Decimal(wage), "title": name, "letter": f"L/{key}"}
    with acting(AGENCY):
        order = ask_job_order(**offer, once=number)
    mission = Actor("officer", f"mission-{country}", "Perwakilan", frozenset({"mission_officer"}), frozenset({f"abroad:{country}"}))
    with acting(mission):
        attest_job_order(order_id=order.pk, number=number, until=TODAY() + timedelta(365))
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="PP-1", draft_contract="PK-1")
    with acting(LICENSING):
        issue_permit(permit_id=permit.pk, number=f"SIP2MI/{number}")


def _care_home() -> None:
    _order("JPN", "JO/TYO/1", key="jp-himawari", name="Himawari Care", job="care_worker", currency="JPY", wage=190_000)


def _merchant_ship() -> None:
    _order("TWN", "JO/SEA/1", key="tw-evergood", name="Evergood Marine", job="merchant_crew", currency="USD", wage=900, kind="principal")
    other = registered("hongkong", name="Wagiyo Sumarno", sex="", birth_date=None, home_area="", numbers=[])
    with acting(actor("hongkong")):
        add_fact(person_id=other.person_id, paper=Written("sea_certificates", "BST/2024/0077", "Poltekpel"), scan=Scan([PDF], "berkas.pdf"))


def _fishing_boat() -> None:
    _order("TWN", "JO/SEA/1", key="tw-goodcatch", name="Good Catch Fishery", job="fishing_crew", currency="USD", wage=700, kind="principal")


def _farm() -> None:
    with as_job("setup"):
        enter_party(kind="employer", key="jp-mori", name="Mori Farm", country="JPN")


OWN_NEEDS: dict[str, Callable[[], None]] = {
    "ssw_agency": _care_home, "ssw_self": _farm, "crew_merchant": _merchant_ship, "crew_fishing": _fishing_boat,
}  # fmt: skip


def before(scheme: str) -> None:
    """Enter what a story of a scheme finds."""
    parties()
    OWN_NEEDS.get(scheme, lambda: None)()
