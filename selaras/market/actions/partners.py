"""Verbs on an agency's agreements with partners abroad: entered by the agency, verified by the mission."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.answers import need
from selaras.market.deciding import may_have_new, own_agency, own_place, without_problem, written
from selaras.market.models import PartnerAgreement
from selaras.market.queries.agencies import licensed_on
from selaras.people.actions.parties import locked_party
from selaras.people.models import Party


@act
def enter_cooperation(*, agency: str, partner: str, number: str, since: dt.date, until: dt.date | None = None) -> PartnerAgreement:
    """Enter a placement cooperation agreement of one's agency with a partner abroad; the same number twice is entered once."""
    party = locked_party(agency)
    own_agency(party)
    need(licensed_on(agency, timezone.localdate()))
    other = Party.objects.filter(key=partner).first()
    if other is None:
        raise NotThere("not there")
    if other.kind not in ("partner", "employer", "principal") or other.individual:
        raise Refused("no_partner_for_cooperation", "UU18:59", kind=other.kind)
    if until is not None and until < since:
        raise Refused("ends_before_it_begins")
    number = written(number, "number_missing")[:80]
    there = PartnerAgreement.objects.filter(agency=party, number=number).first()
    if there is not None:
        if there.partner_id == other.pk and there.since == since:
            return there
        raise Refused("cooperation_exists", number=number)
    row = PartnerAgreement.objects.create(
        agency=party, partner=other, number=number, since=since, until=until, asked_by=current().address
    )
    note(agency=agency, cooperation=number)
    return row


@act
def verify_cooperation(*, cooperation_id: UUID) -> PartnerAgreement:
    """Verify, as the mission of the partner's country, that the partner is real and the agreement is kept by both."""
    row = _locked(cooperation_id)
    without_problem(row.partner, timezone.localdate())
    if row.state == "asked":
        may_have_new(row.agency, timezone.localdate())
    return _decide(row, "verified", "")


@act
def refuse_cooperation(*, cooperation_id: UUID, reason: str) -> PartnerAgreement:
    """Refuse an agreement with a partner, as the mission of the partner's country, with the reason."""
    return _decide(_locked(cooperation_id), "refused", written(reason))


def _locked(cooperation_id: UUID) -> PartnerAgreement:
    rows = PartnerAgreement.objects.select_for_update(of=("self",), no_key=True).select_related("partner", "agency")
    row = rows.filter(pk=cooperation_id).first()
    if row is None:
        raise NotThere("not there")
    own_place(row.partner.country_id, row.partner.district)
    return row


def _decide(row: PartnerAgreement, state: str, reason: str) -> PartnerAgreement:
    if row.state == state:
        return row
    if row.state != "asked":
        raise Refused("decided_already", state=row.state)
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, current().address, timezone.now()
    row.office = current().office
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "office"])
    note(agency=row.agency.key, cooperation=row.number, state=state)
    return row
