"""Verbs on job orders: an agency asks, the mission attests or refuses, and either closes."""

import datetime as dt
import secrets
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.answers import need
from selaras.market.deciding import may_have_new, own_agency, own_place, without_problem, written
from selaras.market.jobs import jobs
from selaras.market.models import JobOrder
from selaras.market.queries.agencies import cooperation_on
from selaras.market.queries.countries import country_open
from selaras.market.rules import CURRENCIES
from selaras.people.actions.parties import locked_party
from selaras.people.models import Party

# No letter or digit that is taken for another, for a code that is typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = 10
MOST_PLACES, MOST_HOURS, MOST_MONTHS, MOST_DAYS = 5_000, 98, 60, 5 * 366
EMPLOYS = frozenset({"employer", "principal"})


@act
def ask_job_order(
    *,
    agency: str,
    employer: str,
    job: str,
    title: str,
    places: int,
    wage: Decimal,
    currency: str,
    hours: int,
    months: int,
    letter: str,
    once: str,
    partner: str = "",
) -> JobOrder:
    """Ask a mission to attest a job order of one's agency. The same press twice asks once.

    An individual employer hires through a partner agency abroad only (PP 59/2021, article 86).
    """
    party = locked_party(agency)
    own_agency(party)
    there = JobOrder.objects.filter(agency=party, once=once).first()
    if there is not None:
        return there
    today = timezone.localdate()
    may_have_new(party, today)
    boss, other = _party(employer), _party(partner) if partner else None
    _hires(party, boss, other, today)
    _offer(job, places, wage, currency, hours, months)
    need(country_open(boss.country_id, job, today, agency))
    row = JobOrder.objects.create(
        agency=party, employer=boss, partner=other, country_id=boss.country_id, district=boss.district, job=job,
        title=written(title, "title_missing")[:120], places=places, wage=wage, currency=currency, hours=hours, months=months,
        letter=written(letter, "letter_missing")[:80], asked_by=current().address, once=once,
    )  # fmt: skip
    note(agency=agency, order=str(row.pk), country=row.country_id, places=places)
    return row


def _party(key: str) -> Party:
    row = Party.objects.filter(key=key).first()
    if row is None:
        raise NotThere("not there")
    return row


def _hires(agency: Party, employer: Party, partner: Party | None, day: dt.date) -> None:
    if employer.kind not in EMPLOYS:
        raise Refused("no_employer", kind=employer.kind)
    if partner is not None and (partner.kind != "partner" or partner.country_id != employer.country_id):
        raise Refused("no_partner_there", "PP59:86")
    if employer.individual and partner is None:
        raise Refused("individual_needs_partner", "PP59:86")
    for party in filter(None, (employer, partner)):
        without_problem(party, day)
    if cooperation_on(agency.pk, (partner or employer).pk, day) is None:
        raise Refused("no_cooperation", "UU18:59", partner=(partner or employer).name)


def _offer(job: str, places: int, wage: Decimal, currency: str, hours: int, months: int) -> None:
    if job not in jobs():
        raise Refused("unknown_job", job=job)
    if not 1 <= places <= MOST_PLACES:
        raise Refused("places_absurd", most=MOST_PLACES)
    if not 0 < wage < Decimal(10**12):
        raise Refused("wage_absurd")
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", currency=currency)
    if not 1 <= hours <= MOST_HOURS:
        raise Refused("hours_absurd", most=MOST_HOURS)
    if not 1 <= months <= MOST_MONTHS:
        raise Refused("months_absurd", most=MOST_MONTHS)


@act
def attest_job_order(*, order_id: UUID, number: str, until: dt.date, since: dt.date | None = None) -> JobOrder:
    """Attest a job order, as the mission of its country, giving it its number and the days on which it runs."""
    row = _locked(order_id)
    own_place(row.country_id, row.district)
    number, since = written(number, "number_missing"), since or timezone.localdate()
    if row.state == "attested" and row.number == number:
        return row
    _still_asked(row)
    if len(number) > 80:
        raise Refused("number_too_long", most=80)
    if until < since:
        raise Refused("ends_before_it_begins")
    if (until - since).days > MOST_DAYS:
        raise Refused("runs_too_long", most=MOST_DAYS)
    today = timezone.localdate()
    may_have_new(row.agency, today)
    _hires(row.agency, row.employer, row.partner, today)
    need(country_open(row.country_id, row.job, today, row.agency.key))
    if JobOrder.objects.filter(number__iexact=number).exists():
        raise Refused("order_number_taken", number=number)
    row.number, row.since, row.until = number, since, until
    row.code = "".join(secrets.choice(LETTERS) for _ in range(CODE))
    try:
        with transaction.atomic():
            _decide(row, "attested", "", ["number", "since", "until", "code"])
    except IntegrityError as fault:  # another mission gave the same number at this moment
        raise Refused("order_number_taken", number=number) from fault
    return row


@act
def refuse_job_order(*, order_id: UUID, reason: str) -> JobOrder:
    """Refuse to attest a job order, as the mission of its country, with the reason."""
    row = _locked(order_id)
    own_place(row.country_id, row.district)
    if row.state == "refused":
        return row
    _still_asked(row)
    _decide(row, "refused", written(reason), [])
    return row


@act
def close_job_order(*, order_id: UUID, reason: str) -> JobOrder:
    """Close a job order from today on, as the mission of its country or the ministry; places taken stay taken."""
    row = _locked(order_id)
    own_place(row.country_id, row.district)
    if row.state == "closed":
        return row
    if row.state != "attested":
        raise Refused("not_attested", state=row.state)
    row.closed_on = timezone.localdate()
    _decide(row, "closed", written(reason), ["closed_on"])
    return row


def _locked(order_id: UUID) -> JobOrder:
    """Give an order, locked; its agency first, in the order in which every verb locks."""
    key = JobOrder.objects.filter(pk=order_id).values_list("agency__key", flat=True).first()
    if key is None:
        raise NotThere("not there")
    locked_party(key)
    rows = JobOrder.objects.select_for_update(of=("self",), no_key=True).select_related("agency", "employer", "partner")
    return rows.get(pk=order_id)


def _still_asked(row: JobOrder) -> None:
    if row.state != "asked":
        raise Refused("decided_already", state=row.state)


def _decide(row: JobOrder, state: str, reason: str, also: list[str]) -> None:
    actor = current()
    row.state, row.reason, row.decided_by, row.decided_at, row.office = state, reason, actor.address, timezone.now(), actor.office
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "office", *also])
    note(order=str(row.pk), agency=row.agency.key, state=state, country=row.country_id)
