"""Questions about job orders and permits: real on a day or not and why, how many places are left, and whose permit it is."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.ground.fixed import Question, filled
from selaras.ground.scope import current
from selaras.market.answers import MET, NOT_MET, NOT_YET, Answer
from selaras.market.models import JobOrder, RecruitmentPermit
from selaras.people.models import Party


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A job order as a page shows it."""

    id: UUID
    number: str
    code: str
    state: str
    agency: str
    agency_name: str
    employer: str
    employer_name: str
    individual: bool
    partner: str
    partner_name: str
    country: str
    district: str
    job: str
    title: str
    places: int
    taken: int
    wage: Decimal
    currency: str
    hours: int
    months: int
    letter: str
    since: dt.date | None
    until: dt.date | None
    closed_on: dt.date | None
    office: str
    reason: str
    asked_at: dt.datetime

    @property
    def left(self) -> int:
        """Give how many places are left."""
        return self.places - self.taken


@dataclass(frozen=True, slots=True)
class PermitLine:
    """A permit to recruit (SIP2MI) as a page shows it."""

    id: UUID
    number: str
    state: str
    since: dt.date | None
    until: dt.date | None
    draft_placement: str
    draft_contract: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """All that the office door shows of one job order."""

    order: OrderLine
    standing: Answer
    permits: tuple[PermitLine, ...]


_by_number = Question(lambda number: JobOrder.objects.filter(number=number).order_by())
_parties = Question(lambda ids: Party.objects.filter(pk__in=ids).order_by())


def job_order(number: str) -> OrderLine | None:
    """Find an attested job order by its number, or by the code that its QR holds; whatever its case and spaces."""
    told = " ".join(number.split())
    if not told:
        return None
    known = _by_number.objects(told)  # as it stands in journeys and permits: by the index, in one statement that is made once
    if known:
        row = known[0]
        ids = [key for key in (row.agency_id, row.employer_id, row.partner_id) if key]
        named = {party.pk: party for party in _parties.objects(filled(ids))}
        row.agency, row.employer, row.partner = named[row.agency_id], named[row.employer_id], named.get(row.partner_id)
        return order_line(row)
    rows = JobOrder.objects.exclude(number__isnull=True).select_related("agency", "employer", "partner")
    code = told.replace("-", "").replace(" ", "").upper()
    found = rows.filter(number__iexact=told).first() or rows.filter(code=code).first()
    return None if found is None else order_line(found)


def job_order_on(number: str, day: dt.date | None = None) -> Answer:
    """Answer whether a job order of this number (or code) is real and runs on a day; the places left are in its parameters."""
    day = day or timezone.localdate()
    line = job_order(number)
    return Answer(NOT_MET, "order.unknown", "UU18:10", {"day": day.isoformat()}) if line is None else order_stands(line, day)


def open_orders_of(agency_id: UUID, day: dt.date | None = None, limit: int = 20) -> list[OrderLine]:
    """List the job orders of an agency that run on a day, for which it may recruit by an issued permit, and that have places left."""
    day = day or timezone.localdate()
    permitted = RecruitmentPermit.objects.filter(state="issued", since__lte=day, until__gte=day)
    rows = JobOrder.objects.filter(agency_id=agency_id, state="attested", since__lte=day, until__gte=day, taken__lt=F("places"))
    rows = rows.filter(pk__in=permitted.values("order_id")).select_related("agency", "employer", "partner")
    return [order_line(row) for row in rows.order_by("country_id", "number")[:limit]]


def order_stands(line: OrderLine, day: dt.date) -> Answer:
    """Answer how a job order stands on a day."""
    told: dict[str, Any] = {
        "number": line.number, "day": day.isoformat(), "country": line.country, "job": line.job, "agency": line.agency,
        "left": line.left, "places": line.places, "since": line.since and line.since.isoformat(),
        "until": line.until and line.until.isoformat(),
    }  # fmt: skip
    if line.state == "asked":
        return Answer(NOT_YET, "order.not_attested", "UU18:10", told)
    if line.state == "refused":
        return Answer(NOT_MET, "order.refused", "UU18:10", told)
    if line.since is None or line.until is None:
        return Answer(NOT_YET, "order.not_attested", "UU18:10", told)
    if line.closed_on is not None and line.closed_on <= day:
        return Answer(NOT_MET, "order.closed", "UU18:10", {**told, "closed": line.closed_on.isoformat()})
    if day < line.since:
        return Answer(NOT_YET, "order.not_begun", "UU18:10", told)
    if day > line.until:
        return Answer(NOT_MET, "order.ended", "PP59:47", told)
    return Answer(MET, "order.in_force", "UU18:10", told)


_permits = Question(lambda order: RecruitmentPermit.objects.filter(order_id=order).exclude(state="refused").order_by("-asked_at"))


def sip2mi_for(agency: str, number: str, day: dt.date | None = None) -> Answer:
    """Answer whether an agency may recruit on a day for the job order of this number: its SIP2MI is issued, runs, and is its own."""
    day = day or timezone.localdate()
    return sip2mi_of(agency, number, job_order(number), day)


def sip2mi_of(agency: str, number: str, line: OrderLine | None, day: dt.date) -> Answer:
    """Answer the same of a job order that was looked up already."""
    told: dict[str, Any] = {"agency": agency, "number": number, "day": day.isoformat()}
    if line is None:
        return Answer(NOT_MET, "permit.no_order", "UU18:59", told)
    rows = _permits.objects(line.id)
    if rows and line.agency != agency:
        return Answer(NOT_MET, "permit.other_agency", "UU18:71", told)
    for row in rows:
        if row.state in ("issued", "withdrawn") and row.since and row.until and row.since <= day <= row.until:
            found = {**told, "permit": row.number, "since": row.since.isoformat(), "until": row.until.isoformat()}
            return Answer(MET, "permit.in_force", "UU18:59", found)
    issued = [r for r in rows if r.since and r.until]
    if any(r.state == "withdrawn" for r in issued):
        return Answer(NOT_MET, "permit.withdrawn", "UU18:59", told)
    if any(day < r.since for r in issued):
        return Answer(NOT_YET, "permit.not_begun", "PP59:47", {**told, "since": min(r.since for r in issued).isoformat()})
    if issued:
        return Answer(NOT_MET, "permit.ended", "PP59:47", {**told, "until": max(r.until for r in issued).isoformat()})
    return Answer(NOT_YET, "permit.waits", "UU18:59", told) if rows else Answer(NOT_MET, "permit.none", "UU18:72", told)


def own_orders(rows: Any) -> Any:
    """Keep the job orders that an actor answers for: an agency its own, a mission those of its places, others all."""
    actor = current()
    keys = [code.partition(":")[2] for code in actor.reach if code.startswith("party:")]
    abroad = [code.partition(":")[2] for code in actor.reach if code.startswith("abroad:")]
    if actor.national or not (keys or abroad):
        return rows
    return rows.filter(Q(agency__key__in=keys) | Q(country_id__in=abroad) | Q(district__in=abroad))


@ask
def see_job_orders(text: str = "", state: str = "", country: str = "", offset: int = 0, limit: int = 50) -> tuple[list[OrderLine], int]:
    """List job orders, the newest first: an agency sees its own, a mission those of its places; with how many there are in all."""
    rows = own_orders(JobOrder.objects.all())
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(country_id=country) if country else rows
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(agency__name__icontains=text) | Q(employer__name__icontains=text)
        )
    found = rows.select_related("agency", "employer", "partner").order_by("-asked_at", "-pk")[offset : offset + limit]
    lines = [order_line(row) for row in found]
    note(count=len(lines))
    return lines, rows.count()


@ask
def see_job_order(order_id: UUID, day: dt.date | None = None) -> OrderPage:
    """Give all of one job order that the actor answers for, with its permits."""
    row = own_orders(JobOrder.objects.filter(pk=order_id)).select_related("agency", "employer", "partner").first()
    if row is None:
        raise NotThere("not there")
    permits = RecruitmentPermit.objects.filter(order=row).order_by("-asked_at")
    line = order_line(row)
    note(order=str(order_id))
    lines = tuple(PermitLine(p.pk, p.number or "", p.state, p.since, p.until, p.draft_placement, p.draft_contract, p.reason) for p in permits)
    return OrderPage(line, order_stands(line, day or timezone.localdate()), lines)


@ask
def see_permits(
    state: str = "asked", offset: int = 0, limit: int = 50, permit: UUID | None = None
) -> tuple[list[tuple[PermitLine, OrderLine]], int]:
    """List permits in a state with their job orders, the longest waiting first, and how many there are in all."""
    rows = RecruitmentPermit.objects.filter(state=state).select_related("order__agency", "order__employer", "order__partner")
    rows = rows.filter(pk=permit) if permit else rows
    found = [
        (PermitLine(p.pk, p.number or "", p.state, p.since, p.until, p.draft_placement, p.draft_contract, p.reason), order_line(p.order))
        for p in rows.order_by("asked_at", "id")[offset : offset + limit]
    ]
    note(count=len(found))
    return found, rows.count()


def order_line(row: JobOrder) -> OrderLine:
    """Give a job order as pages show it."""
    return OrderLine(
        row.pk, row.number or "", row.code or "", row.state, row.agency.key, row.agency.name, row.employer.key, row.employer.name,
        row.employer.individual, row.partner.key if row.partner else "", row.partner.name if row.partner else "", row.country_id,
        row.district, row.job, row.title, row.places, row.taken, row.wage, row.currency, row.hours, row.months, row.letter,
        row.since, row.until, row.closed_on, row.office, row.reason, row.asked_at,
    )  # fmt: skip
