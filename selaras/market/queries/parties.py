"""Questions of officers about parties abroad: employers, partner agencies, principals, and where each stands."""

from dataclasses import dataclass

from selaras.ground.act import NotThere, ask, note
from selaras.market.models import JobOrder
from selaras.market.queries.orders import OrderLine, order_line, own_orders
from selaras.people.queries.parties import PartyLine, StandingLine, parties, party_by_key, standings_of


@dataclass(frozen=True, slots=True)
class PartyPage:
    """All that the office door shows of one party: where it stands, and the job orders in which it is named."""

    party: PartyLine
    standings: tuple[StandingLine, ...]
    orders: tuple[OrderLine, ...]


@ask
def see_parties(kind: str = "", text: str = "", country: str = "", offset: int = 0, limit: int = 50) -> tuple[list[PartyLine], int]:
    """List the parties of a kind by name and country, and how many there are in all."""
    found, total = parties(kind, text, country, offset, limit)
    note(count=len(found))
    return found, total


@ask
def see_party(key: str) -> PartyPage:
    """Give all of one party that is no agency."""
    party = party_by_key(key)
    if party is None or party.kind == "agency":
        raise NotThere("not there")
    rows = JobOrder.objects.filter(employer_id=party.id) | JobOrder.objects.filter(partner_id=party.id)
    shown = own_orders(rows).select_related("agency", "employer", "partner").order_by("-asked_at")[:50]
    note(party=key)
    return PartyPage(party, tuple(standings_of([party.id]).get(party.id, ())), tuple(order_line(row) for row in shown))
