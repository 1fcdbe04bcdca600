"""What verbs of the market ask before they decide: whose the work is, why, and whether the agency may have anything new."""

import datetime as dt

from selaras.ground.act import Refused
from selaras.ground.scope import current
from selaras.market.answers import Answer, need
from selaras.market.queries.agencies import deposit_enough, licensed_on
from selaras.people.actions.parties import within_country
from selaras.people.models import Party
from selaras.people.queries.parties import stands_on

KEPT = 240


def own_agency(agency: Party) -> None:
    """Refuse when the agency is not the actor's own: a licence, an order or a permit is nobody else's to use (article 71)."""
    actor = current()
    if not actor.national and f"party:{agency.key}" not in actor.reach:
        raise Refused("not_your_agency", "UU18:71", agency=agency.key)


def own_place(country: str, district: str = "") -> None:
    """Refuse when a place abroad is not the actor's: each mission attests what lies in its own country or district."""
    if not within_country(current(), country, district):
        raise Refused("not_your_country", "PP59:14", country=country)


def may_have_new(agency: Party, day: dt.date) -> Answer:
    """Refuse anything new for an agency that is not licensed on a day, or whose deposit was used and not topped up."""
    answer = need(licensed_on(agency.key, day))
    need(deposit_enough(agency.pk, day))
    return answer


def without_problem(party: Party, day: dt.date) -> None:
    """Refuse anything new with a party on the list of those with problems (article 10)."""
    line = stands_on(party.pk, day).get("problem")
    if line is not None:
        raise Refused("party_has_problem", line.basis, party=party.name, since=line.since.isoformat())


def written(text: str, code: str = "no_reason") -> str:
    """Give a text without needless spaces; refuse an empty one."""
    told = " ".join(text.split())
    if not told:
        raise Refused(code)
    return told[:KEPT]
