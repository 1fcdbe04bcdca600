"""Verbs on permits to recruit (SIP2MI): the agency asks for one of its job orders, the ministry issues, refuses or withdraws."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.answers import need
from selaras.market.deciding import may_have_new, own_agency, without_problem, written
from selaras.market.models import JobOrder, PartnerAgreement, RecruitmentPermit
from selaras.market.queries.agencies import cooperation_on
from selaras.market.queries.countries import country_open
from selaras.market.queries.orders import order_line, order_stands
from selaras.people.actions.parties import locked_party


@act
def ask_permit(*, order_id: UUID, draft_placement: str, draft_contract: str) -> RecruitmentPermit:
    """Ask for a permit to recruit for an attested job order of one's own agency, with the four papers of article 59.

    The request letter stands with the job order, the cooperation agreement is the verified one of that day. A press sent twice asks once.
    """
    order = _locked_order(order_id)
    own_agency(order.agency)
    live = RecruitmentPermit.objects.filter(order=order, state__in=["asked", "issued"]).first()
    if live is not None:
        return live
    row = RecruitmentPermit(order=order, cooperation=_allowed(order, timezone.localdate()), asked_by=current().address)
    row.draft_placement = written(draft_placement, "draft_placement_missing")[:80]
    row.draft_contract = written(draft_contract, "draft_contract_missing")[:80]
    row.save(force_insert=True)
    note(order=str(order_id), agency=order.agency.key)
    return row


@act
def issue_permit(*, permit_id: UUID, number: str, since: dt.date | None = None) -> RecruitmentPermit:
    """Issue a permit to recruit: from its first day, never before, as long as the job order runs."""
    row = _locked(permit_id)
    since, number = since or timezone.localdate(), written(number, "number_missing")
    if row.state == "issued" and row.number == number:
        return row
    _still_asked(row)
    if len(number) > 80:
        raise Refused("number_too_long", most=80)
    if since < timezone.localdate():
        raise Refused("permit_not_backwards", "PP59:47")
    # On both days: a permit that begins after a suspension is something new that the suspended agency gets today.
    for day in sorted({timezone.localdate(), since}):
        _allowed(row.order, day)
    if RecruitmentPermit.objects.filter(number__iexact=number).exists():
        raise Refused("permit_number_taken", number=number)
    row.number, row.since, row.until = number, since, row.order.until
    return _decide(row, "issued", "", ["number", "since", "until"])


@act
def refuse_permit(*, permit_id: UUID, reason: str) -> RecruitmentPermit:
    """Refuse a permit to recruit, with the reason; the agency may ask again."""
    row = _locked(permit_id)
    if row.state == "refused":
        return row
    _still_asked(row)
    return _decide(row, "refused", written(reason), [])


@act
def withdraw_permit(*, permit_id: UUID, reason: str) -> RecruitmentPermit:
    """Withdraw a permit from today on: the day before was its last."""
    row = _locked(permit_id)
    if row.state == "withdrawn":
        return row
    if row.state != "issued" or row.since is None or row.until is None:
        raise Refused("permit_not_issued", state=row.state)
    # Of a permit that began today or has not begun no day is left.
    row.until = min(row.until, timezone.localdate() - dt.timedelta(days=1))
    return _decide(row, "withdrawn", written(reason), ["until"])


def _locked_order(order_id: UUID) -> JobOrder:
    key = JobOrder.objects.filter(pk=order_id).values_list("agency__key", flat=True).first()
    if key is None:
        raise NotThere("not there")
    locked_party(key)
    return JobOrder.objects.select_for_update(of=("self",), no_key=True).select_related("agency", "employer", "partner").get(pk=order_id)


def _locked(permit_id: UUID) -> RecruitmentPermit:
    order_id = RecruitmentPermit.objects.filter(pk=permit_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotThere("not there")
    order = _locked_order(order_id)
    row = RecruitmentPermit.objects.select_for_update(of=("self",), no_key=True).get(pk=permit_id)
    row.order = order
    return row


def _still_asked(row: RecruitmentPermit) -> None:
    if row.state != "asked":
        raise Refused("decided_already", state=row.state)


def _allowed(order: JobOrder, day: dt.date) -> PartnerAgreement:
    """Refuse unless the agency may have something new, the order and the country are open, and the cooperation holds; give the latter."""
    may_have_new(order.agency, day)
    need(order_stands(order_line(order), day))
    need(country_open(order.country_id, order.job, day, order.agency.key))
    partner = order.partner or order.employer
    without_problem(partner, day)
    found = cooperation_on(order.agency_id, partner.pk, day)
    if found is None:
        raise Refused("no_cooperation", "UU18:59", partner=partner.name)
    return PartnerAgreement.objects.get(pk=found)


def _decide(row: RecruitmentPermit, state: str, reason: str, also: list[str]) -> RecruitmentPermit:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, current().address, timezone.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", *also])
    note(order=str(row.order_id), agency=row.order.agency.key, state=state)
    return row
