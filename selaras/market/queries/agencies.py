"""Questions about agencies: licensed on a day or not and why, with deposit, partners and everything else of one agency."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.ground.fixed import Question, filled
from selaras.ground.scope import current
from selaras.market.answers import MET, NOT_MET, NOT_YET, Answer
from selaras.market.models import DepositMove, Licence, PartnerAgreement
from selaras.market.rules import least
from selaras.people.queries.parties import (
    PartyLine,
    StandingLine,
    named,
    parties,
    party_by_key,
    standings_of,
)


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """A licence (SIP3MI) with its days and what is left of its deposit."""

    id: UUID
    number: str
    since: dt.date
    until: dt.date
    capital: int
    deposit: int
    short: int
    """How much is missing of the deposit today."""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A movement of a deposit."""

    kind: str
    amount: int
    on: dt.date
    basis: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """An agreement of an agency with a partner abroad."""

    id: UUID
    number: str
    agency: str
    agency_name: str
    partner: str
    partner_name: str
    country: str
    since: dt.date
    until: dt.date | None
    state: str
    office: str
    reason: str


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency as a list shows it: who, and whether it is licensed."""

    party: PartyLine
    licence: Answer


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """All that the office door shows of one agency."""

    party: PartyLine
    licence: Answer
    licences: tuple[LicenceLine, ...]
    moves: tuple[MoveLine, ...]
    standings: tuple[StandingLine, ...]
    partners: tuple[PartnerLine, ...]


_licences = Question(
    lambda ids: Licence.objects.filter(agency_id__in=ids)
    .order_by("standing__since")
    .values_list("agency_id", "number", "standing__since", "standing__until")
)


def licensed_on(key: str, day: dt.date | None = None) -> Answer:
    """Answer whether an agency is licensed on a day: it has a licence of that day, and is neither suspended nor revoked."""
    return party_licensed(party_by_key(key), day or timezone.localdate())


def party_licensed(party: PartyLine | None, day: dt.date) -> Answer:
    """Answer the same of an agency that was looked up already."""
    if party is None or party.kind != "agency":
        return Answer(NOT_MET, "licence.unknown", "UU18:51", {"day": day.isoformat()})
    return _licensed([party], day)[party.id]


def _licensed(found: Sequence[PartyLine], day: dt.date) -> dict[UUID, Answer]:
    """Answer for several agencies at once, in two questions to the database."""
    ids = [party.id for party in found]
    stands = standings_of(ids)
    licences: dict[UUID, list[tuple[str, dt.date, dt.date]]] = {}
    for agency, *told in _licences.rows(filled(ids)) if ids else ():
        licences.setdefault(agency, []).append((told[0], told[1], told[2]))
    return {party.id: _licence(party, stands.get(party.id, []), licences.get(party.id, []), day) for party in found}


def _licence(
    party: PartyLine, stands: Sequence[StandingLine], licences: Sequence[tuple[str, dt.date, dt.date]], day: dt.date
) -> Answer:
    told: dict[str, object] = {"agency": party.name, "key": party.key, "day": day.isoformat()}
    for kind in ("revoked", "suspended"):
        line = next((s for s in stands if s.kind == kind and s.holds_on(day)), None)
        if line is not None:
            days = {"since": line.since.isoformat(), "until": line.until and line.until.isoformat()}
            return Answer(NOT_MET, f"licence.{kind}", line.basis, {**told, **days})
    for number, since, until in licences:
        if since <= day <= until:
            days = {"number": number, "since": since.isoformat(), "until": until.isoformat()}
            return Answer(MET, "licence.in_force", "UU18:57", {**told, **days})
    if ended := [until for _, _, until in licences if until < day]:
        return Answer(NOT_MET, "licence.ended", "UU18:57", {**told, "until": max(ended).isoformat()})
    if licences:
        return Answer(NOT_YET, "licence.not_yet", "UU18:57", {**told, "since": licences[0][1].isoformat()})
    return Answer(NOT_MET, "licence.none", "UU18:51", told)


def deposit_enough(agency_id: UUID, day: dt.date | None = None) -> Answer:
    """Answer whether the deposit of the licence of a day is whole; one that was used must be topped up before anything new."""
    day = day or timezone.localdate()
    rule = least("deposit", day)
    row = Licence.objects.filter(agency_id=agency_id, standing__since__lte=day, standing__until__gte=day).first()
    have = row.deposit if row else 0
    told = {"have": have, "least": rule.rupiah}
    return Answer(MET, "deposit.whole", rule.basis, told) if have >= rule.rupiah else Answer(NOT_MET, "deposit.short", rule.basis, told)


def agencies_named(text: str, day: dt.date | None = None, limit: int = 5) -> list[AgencyLine]:
    """Find the agencies that a name, half-remembered, or a licence number means, each with whether it is licensed."""
    number = " ".join(text.split())
    keys = list(Licence.objects.filter(number__iexact=number).values_list("agency__key", flat=True)) if number else []
    found = [p for key in dict.fromkeys(keys) if (p := party_by_key(key))] or named(text, "agency", limit)
    answers = _licensed(found, day or timezone.localdate())
    return [AgencyLine(party, answers[party.id]) for party in found]


def cooperation_on(agency_id: UUID, partner_id: UUID, day: dt.date) -> UUID | None:
    """Give the verified agreement of an agency with a partner that holds on a day, or None."""
    rows = PartnerAgreement.objects.filter(agency_id=agency_id, partner_id=partner_id, state="verified", since__lte=day)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=day)).order_by("-since").values_list("pk", flat=True).first()


@ask
def see_agencies(text: str = "", offset: int = 0, limit: int = 50, day: dt.date | None = None) -> tuple[list[AgencyLine], int]:
    """List the agencies by name with whether each is licensed, and how many there are in all."""
    found, total = parties("agency", text, offset=offset, limit=limit)
    note(count=len(found))
    answers = _licensed(found, day or timezone.localdate())
    return [AgencyLine(party, answers[party.id]) for party in found], total


@ask
def see_agency(key: str, day: dt.date | None = None) -> AgencyPage:
    """Give all of one agency: licences, deposit, where it stands, partners."""
    day = day or timezone.localdate()
    party = party_by_key(key)
    if party is None or party.kind != "agency":
        raise NotThere("not there")
    rows = Licence.objects.filter(agency_id=party.id).select_related("standing").order_by("-standing__since")
    lines = tuple(
        LicenceLine(
            r.pk, r.number, r.standing.since, r.standing.until, r.capital, r.deposit,
            max(0, least("deposit", day).rupiah - r.deposit) if r.standing.since <= day <= r.standing.until else 0,
        )
        for r in rows
    )  # fmt: skip
    moves = DepositMove.objects.filter(licence__agency_id=party.id).order_by("-on", "-at")
    note(agency=key)
    return AgencyPage(
        party, licensed_on(key, day), lines, tuple(MoveLine(m.kind, m.amount, m.on, m.basis, m.reason) for m in moves),
        tuple(standings_of([party.id]).get(party.id, ())), tuple(partner_lines(PartnerAgreement.objects.filter(agency_id=party.id))),
    )  # fmt: skip


@ask
def see_partners(state: str = "", country: str = "") -> list[PartnerLine]:
    """List agreements with partners abroad, for instance those that wait for a mission; an agency sees its own."""
    keys = [code.partition(":")[2] for code in current().reach if code.startswith("party:")]
    rows = PartnerAgreement.objects.filter(agency__key__in=keys) if keys else PartnerAgreement.objects.all()
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(partner__country_id=country) if country else rows
    found = partner_lines(rows)[:200]
    note(count=len(found))
    return found


def partner_lines(rows: object) -> list[PartnerLine]:
    """Give agreements with partners as pages show them, the newest first."""
    found = rows.select_related("agency", "partner").order_by("-since", "number")  # type: ignore[attr-defined]
    return [
        PartnerLine(
            r.pk, r.number, r.agency.key, r.agency.name, r.partner.key, r.partner.name, r.partner.country_id, r.since, r.until, r.state,
            r.office, r.reason,
        )
        for r in found
    ]  # fmt: skip
