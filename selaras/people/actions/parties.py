"""Verbs on parties: enter one, correct one, say where it stands and that it stands there no longer."""

import datetime as dt
import re
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.queries.offices import abroad_codes
from selaras.ground.scope import Actor, current
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Party, Standing
from selaras.people.places import area_known, country_known, district_country

SANCTIONS = ("warned", "suspended", "revoked")
ABROAD = frozenset({"employer", "partner", "principal", "vessel"})
"""Kinds that missions and agencies may enter; the others are entered by the ministry."""
HOME = "IDN"
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def locked_party(key: str) -> Party:
    """Give a party, locked until this transaction ends: what it may have and where it stands is decided one after another."""
    party = Party.objects.select_for_update(of=("self",), no_key=True).filter(key=key).first()
    if party is None:
        raise NotThere("not there")
    return party


def within_country(actor: Actor, country: str, district: str = "") -> bool:
    """Say whether an actor answers for this place abroad: a mission's own country or district, or the whole nation."""
    return actor.national or not actor.reach.isdisjoint(abroad_codes(country, district))


def _faults(kind: str, name: str, country: str, district: str, area: str, individual: bool) -> list[Fault]:
    faults = []
    if kind not in Party.Kind.values:
        faults.append(Fault("kind", "unknown_party_kind"))
    if individual and kind != "employer":
        faults.append(Fault("individual", "only_employers_are_individuals"))
    if not name and not individual:
        faults.append(Fault("name", "name_missing"))
    if len(name) > 160:
        faults.append(Fault("name", "too_long", {"most": 160}))
    if not country_known(country):
        faults.append(Fault("country", "unknown_country"))
    if district and district_country(district) != country:
        faults.append(Fault("district", "unknown_district"))
    if area and (country != HOME or not area_known(area)):
        faults.append(Fault("area", "unknown_area"))
    return faults


@act
def enter_party(
    *,
    kind: str,
    name: str,
    country: str,
    key: str = "",
    individual: bool = False,
    district: str = "",
    area: str = "",
    address: str = "",
    number: str = "",
) -> Party:
    """Enter a party. The same party sent twice, by key or by register number, is entered once.

    A household is entered without its name, which stands in the worker's contract only.
    """
    name, number = " ".join(name.split()), " ".join(number.split()).upper()
    faults = _faults(kind, name, country, district, area, individual)
    key = key or f"{kind}-{uuid7().hex[-12:]}"
    if not _KEY.fullmatch(key) or len(key) > 50:
        faults.append(Fault("key", "unfit_key"))
    if faults:
        raise Unfit(faults)
    actor = current()
    if not actor.national and kind not in ABROAD:
        raise Refused("entered_by_the_ministry", "UU18:51", kind=kind)
    if not actor.national and not any(c.startswith("party:") for c in actor.reach) and not within_country(actor, country, district):
        raise Refused("not_your_country", "PP59:14", country=country)
    if individual:
        name = f"{country} {key.rpartition('-')[2]}"
    told = {
        "name": name, "individual": individual, "district": district, "area_id": area or None,
        "address": " ".join(address.split())[:240], "entered_by": actor.address,
    }  # fmt: skip
    try:
        if number:
            there, _ = Party.objects.get_or_create(country_id=country, kind=kind, number=number, defaults={**told, "key": key})
        else:
            there, _ = Party.objects.get_or_create(key=key, kind=kind, defaults={**told, "country_id": country})
    except IntegrityError as fault:
        raise Refused("party_key_taken", key=key) from fault
    note(party=there.key, kind=kind)
    return there


@act
def correct_party(*, key: str, version: int, name: str, address: str = "", number: str = "") -> Party:
    """Correct what a party is called and where it sits; refused when somebody else changed it meanwhile."""
    party = locked_party(key)
    if party.version != version:
        raise Refused("changed_meanwhile", version=party.version)
    name = " ".join(name.split())
    if faults := _faults(party.kind, name, party.country_id, "", "", party.individual):
        raise Unfit(faults)
    if not within_country(current(), party.country_id, party.district):
        raise Refused("not_your_country", "PP59:14", country=party.country_id)
    party.name = party.name if party.individual else name
    party.address, party.number = " ".join(address.split())[:240], " ".join(number.split()).upper()
    party.version += 1
    party.save(update_fields=["name", "address", "number", "version"])
    note(party=key, version=party.version)
    return party


@act
def sanction(*, key: str, kind: str, reason: str, basis: str, since: dt.date | None = None, until: dt.date | None = None) -> Standing:
    """Warn, suspend or revoke an agency: the ladder of article 37. From that day nothing new is given to it."""
    if kind not in SANCTIONS:
        raise Refused("unknown_sanction", "UU18:37", kind=kind)
    party = locked_party(key)
    if party.kind != "agency":
        raise Refused("only_agencies_are_sanctioned", "UU18:37")
    return _stand(party, kind, since or timezone.localdate(), until, basis, reason)


@act
def flag_problem(*, key: str, reason: str, basis: str = "UU18:10", since: dt.date | None = None, until: dt.date | None = None) -> Standing:
    """Put an employer, partner agency or principal abroad on the list of those with problems, which is published."""
    party = locked_party(key)
    if party.kind not in ABROAD:
        raise Refused("only_abroad_is_flagged", "UU18:10")
    if not within_country(current(), party.country_id, party.district):
        raise Refused("not_your_country", "PP59:14", country=party.country_id)
    return _stand(party, "problem", since or timezone.localdate(), until, basis, reason)


@act
def lift_standing(*, standing_id: UUID, reason: str, on: dt.date | None = None) -> Standing:
    """End a warning, suspension, revocation or problem: yesterday, or the day given, was its last; what was recorded stays.

    What began today holds today: a day on which something was refused for it stays such a day.
    """
    found = Standing.objects.filter(pk=standing_id).exclude(kind=Standing.Kind.LICENSED).first()
    if found is None:
        raise NotThere("not there")
    party = locked_party(Party.objects.values_list("key", flat=True).get(pk=found.party_id))
    if not within_country(current(), party.country_id, party.district):
        raise Refused("not_your_country", "PP59:14", country=party.country_id)
    row = Standing.objects.get(pk=standing_id)
    last = on or max(row.since, timezone.localdate() - dt.timedelta(days=1))
    if row.until is not None and row.until <= last:
        raise Refused("standing_over", until=row.until.isoformat())
    if last < row.since:
        raise Refused("ends_before_it_begins")
    if not (reason := " ".join(reason.split())):
        raise Refused("no_reason")
    row.until, row.lifted_by, row.lifted_why = last, current().address, reason[:240]
    row.save(update_fields=["until", "lifted_by", "lifted_why"])
    note(party=party.key, kind=row.kind, until=last.isoformat())
    return row


def record_licensed(party: Party, since: dt.date, until: dt.date, basis: str, reason: str) -> Standing:
    """Record that a locked party is licensed; only the verb that grants the licence calls this."""
    return _stand(party, Standing.Kind.LICENSED.value, since, until, basis, reason)


def _stand(party: Party, kind: str, since: dt.date, until: dt.date | None, basis: str, reason: str) -> Standing:
    """Write a standing of a locked party; two of one kind never hold on one day, and a double click writes one."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("no_reason")
    if until is not None and until < since:
        raise Refused("ends_before_it_begins")
    actor = current()
    for row in Standing.objects.filter(party=party, kind=kind).order_by(F("since").desc()):
        if row.since == since and row.until == until and row.reason == reason[:240] and row.by == actor.address:
            return row
        if row.since <= (until or dt.date.max) and (row.until is None or since <= row.until):
            raise Refused("standing_there", since=row.since.isoformat(), until=row.until and row.until.isoformat())
    row = Standing.objects.create(
        party=party, kind=kind, since=since, until=until, basis=basis.strip()[:40], reason=reason[:240], by=actor.address, office=actor.office
    )
    note(party=party.key, kind=kind, since=since.isoformat())
    return row
