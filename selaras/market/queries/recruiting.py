"""Questions about recruiting that was seen: what happened where, and whether a permit of that day allowed it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import ask, note
from selaras.market.answers import NOT_MET, Answer
from selaras.market.models import Recruiting, RecruitmentPermit
from selaras.market.queries.agencies import licensed_on
from selaras.people.places import area_names


@dataclass(frozen=True, slots=True)
class RecruitingLine:
    """An event of recruiting; `breach` says what it broke, None when a permit allowed it."""

    id: UUID
    agency: str
    agency_name: str
    country: str
    on: dt.date
    place: str
    what: str
    words: str
    office: str
    number: str
    breach: Answer | None


def breach_of(row: Recruiting) -> Answer | None:
    """Say what an event of recruiting broke, by the licences and permits as they stand now; None when it was allowed."""
    licence = licensed_on(row.agency.key, row.on)
    if not licence.met:
        return Answer(NOT_MET, "recruited.without_licence", "UU18:51", {"licence": licence.code, "on": row.on.isoformat()})
    permits = RecruitmentPermit.objects.filter(order__agency_id=row.agency_id, order__country_id=row.country_id, since__isnull=False)
    if row.order_id:
        permits = permits.filter(order_id=row.order_id)
    days = list(permits.values_list("since", "until"))
    if any(since <= row.on <= until for since, until in days):
        return None
    first = min((since for since, _ in days if since > row.on), default=None)
    told = {"on": row.on.isoformat(), "since": first and first.isoformat()}
    return Answer(NOT_MET, "recruited.before_permit" if first else "recruited.without_permit", "PP59:47", told)


@ask
def see_recruiting(agency: str = "", breaches: bool = False, limit: int = 200) -> list[RecruitingLine]:
    """List what was seen of recruiting within reach, of one agency or of all, the newest first; only breaches when asked."""
    rows = Recruiting.objects.select_related("agency", "order").order_by("-on", "-at")
    rows = rows.filter(agency__key=agency) if agency else rows
    found = list(rows[:limit])
    places = area_names(r.area_id for r in found)
    lines = [
        RecruitingLine(
            r.pk, r.agency.key, r.agency.name, r.country_id, r.on, places.get(r.area_id, r.area_id), r.what, r.words, r.office,
            (r.order.number or "") if r.order else "", breach_of(r),
        )
        for r in found
    ]  # fmt: skip
    note(count=len(lines))
    return [line for line in lines if line.breach is not None] if breaches else lines
