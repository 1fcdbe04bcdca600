"""Verbs on licences (SIP3MI) and their deposits: grant, cash, top up."""

import datetime as dt

from django.db.models import Sum
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.deciding import written
from selaras.market.models import DepositMove, Licence
from selaras.market.rules import least, years_later
from selaras.people.actions.parties import locked_party, record_licensed
from selaras.people.queries.parties import stands_on


@act
def grant_licence(*, agency: str, number: str, capital: int, deposit: int, since: dt.date | None = None) -> Licence:
    """Grant an agency a licence for five years. The same grant sent twice is granted once; a licence is never another agency's."""
    party = locked_party(agency)
    if party.kind != "agency" or party.individual:
        raise Refused("only_agencies_are_licensed", "UU18:51")
    since, number = since or timezone.localdate(), written(number, "number_missing")
    if len(number) > 80:
        raise Refused("number_too_long", most=80)
    there = Licence.objects.filter(number__iexact=number).select_related("standing").first()
    if there is not None:
        if there.agency_id == party.pk and there.standing.since == since:
            return there
        raise Refused("licence_exists", "UU18:51", number=number)
    stands = stands_on(party.pk, since) | stands_on(party.pk, timezone.localdate())
    if bad := next((kind for kind in ("revoked", "suspended") if kind in stands), ""):
        raise Refused(f"licence.{bad}", stands[bad].basis)
    for what, have in (("capital", capital), ("deposit", deposit)):
        rule = least(what, since)
        if have < rule.rupiah:
            raise Refused(f"{what}_too_small", rule.basis, have=have, least=rule.rupiah)
    term = least("licence", since)
    until = years_later(since, term.years) - dt.timedelta(days=1)
    standing = record_licensed(party, since, until, term.basis, number)
    licence = Licence.objects.create(
        agency=party, standing=standing, number=number, capital=capital, deposit=deposit, granted_by=current().address
    )
    DepositMove.objects.create(
        licence=licence, kind="paid", amount=deposit, on=since, basis="UU18:54", reason=number, by=current().address, once="grant"
    )
    note(agency=agency, licence=number, until=until.isoformat())
    return licence


@act
def cash_deposit(*, licence: str, amount: int, reason: str, once: str, basis: str = "UU18:55") -> Licence:
    """Take money out of a deposit because the agency did not meet a duty; until it is topped up, the agency gets nothing new."""
    return _move(licence, "cashed", -amount, reason, once, basis)


@act
def top_up_deposit(*, licence: str, amount: int, reason: str, once: str, basis: str = "UU18:55") -> Licence:
    """Record what an agency paid in to make its deposit whole again."""
    return _move(licence, "topped", amount, reason, once, basis)


def _move(number: str, kind: str, change: int, reason: str, once: str, basis: str) -> Licence:
    if change == 0 or (change < 0) != (kind == "cashed"):
        raise Refused("amount_must_be_positive")
    row = Licence.objects.select_for_update(of=("self",), no_key=True).filter(number=number).first()
    if row is None:
        raise NotThere("not there")
    if DepositMove.objects.filter(licence=row, once=once).exists():
        return row
    if row.deposit + change < 0:
        raise Refused("deposit_holds_less", basis, have=row.deposit)
    reason = written(reason)
    DepositMove.objects.create(
        licence=row, kind=kind, amount=abs(change), on=timezone.localdate(), basis=basis, reason=reason, by=current().address, once=once
    )
    row.deposit += change
    row.save(update_fields=["deposit"])
    note(licence=number, kind=kind, deposit=row.deposit)
    return row


def deposit_by_moves(licence: Licence) -> int:
    """Add a deposit up from its movements, to compare it with what the licence says."""
    sums = dict(DepositMove.objects.filter(licence=licence).values_list("kind").annotate(Sum("amount")))
    return int(sums.get("paid", 0) + sums.get("topped", 0) - sums.get("cashed", 0))
