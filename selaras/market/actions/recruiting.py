"""The verb on recruiting: write down what was seen of it, where and when; what it broke is asked anew each time."""

import datetime as dt

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.queries.offices import home_codes
from selaras.ground.scope import NATION, current
from selaras.market.deciding import written
from selaras.market.models import JobOrder, Recruiting
from selaras.people.models import Party
from selaras.people.places import area_known, country_known


@act
def record_recruiting(
    *, agency: str, country: str, on: dt.date, area: str, what: str, once: str, words: str = "", number: str = ""
) -> Recruiting:
    """Write down that an agency recruited on a day in a village, district or regency; the same press twice writes it once."""
    party = Party.objects.filter(key=agency, kind="agency").first()
    if party is None:
        raise NotThere("not there")
    if not country_known(country):
        raise Refused("unknown_country", country=country)
    if not area_known(area):
        raise Refused("unknown_area")
    if what not in Recruiting.What.values:
        raise Refused("unknown_recruiting", what=what)
    if on > timezone.localdate():
        raise Refused("day_to_come")
    reach = [NATION, *home_codes(area)]
    actor = current()
    if not actor.national and actor.reach.isdisjoint(reach):
        raise Refused("not_your_area", "PP59:47")
    order = None
    if number:
        order = JobOrder.objects.filter(number__iexact=number, agency=party, country_id=country).first()
        if order is None:
            raise Refused("order.unknown", "UU18:10", number=number)
    row, _ = Recruiting.objects.get_or_create(
        once=written(once, "key_missing")[:40],
        defaults={
            "agency": party, "order": order, "country_id": country, "on": on, "area_id": area, "what": what,
            "words": " ".join(words.split())[:300], "by": actor.address, "office": actor.office, "reach": reach,
        },
    )  # fmt: skip
    note(agency=agency, on=on.isoformat(), what=what)
    return row
