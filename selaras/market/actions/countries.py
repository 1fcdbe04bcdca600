"""Verbs on countries: say from which day one is open, restricted, stopped or banned; take a mistake back; admit to a channel."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.deciding import written
from selaras.market.jobs import groups, jobs
from selaras.market.models import ChannelAgency, StatusChange
from selaras.people.actions.parties import locked_party
from selaras.people.places import country_known

TABLE = Path(__file__).resolve().parents[1] / "countries.toml"


@act
def set_country_status(
    *, country: str, channel: str, since: dt.date, basis: str, note_id: str, note_en: str = "", job: str = "", unsure: bool = False
) -> StatusChange:
    """Say what holds for a country, or for one job or group of jobs in it, from a day on, until something else is said."""
    if not country_known(country) or country == "IDN":
        raise Refused("unknown_country", country=country)
    if job and job not in jobs() and job not in groups():
        raise Refused("unknown_job", job=job)
    if channel not in StatusChange.Channel.values:
        raise Refused("unknown_channel", channel=channel)
    basis, words = written(basis, "basis_missing")[:40], " ".join(note_id.split())[:300]
    if not words:
        raise Refused("no_reason")
    # Of two who say it at this moment the first stands.
    row, _ = StatusChange.objects.get_or_create(
        country_id=country, job=job, since=since, withdrawn_at=None,
        defaults={
            "channel": channel, "basis": basis, "note": words, "note_en": " ".join(note_en.split())[:300], "unsure": unsure,
            "by": current().address,
        },
    )  # fmt: skip
    if (row.channel, row.basis) != (channel, basis):
        raise Refused("status_there", since=since.isoformat(), channel=row.channel)
    note(country=country, job=job, channel=channel, since=since.isoformat())
    return row


@act
def withdraw_country_status(*, status_id: UUID, reason: str) -> StatusChange:
    """Take back what was said of a country by mistake: what held before holds on; the row stays to be seen."""
    row = StatusChange.objects.select_for_update(of=("self",), no_key=True).filter(pk=status_id).first()
    if row is None:
        raise NotThere("not there")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), current().address, written(reason)
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        note(country=row.country_id, job=row.job, since=row.since.isoformat())
    return row


@act
def admit_to_channel(
    *, country: str, agency: str, basis: str, job: str = "", since: dt.date | None = None, until: dt.date | None = None
) -> ChannelAgency:
    """Admit an agency to a country's restricted channel; the same twice admits once."""
    party = locked_party(agency)
    if party.kind != "agency":
        raise Refused("only_agencies_are_licensed", "UU18:51")
    if not country_known(country):
        raise Refused("unknown_country", country=country)
    if job and job not in jobs() and job not in groups():
        raise Refused("unknown_job", job=job)
    since = since or timezone.localdate()
    if until is not None and until < since:
        raise Refused("ends_before_it_begins")
    there = ChannelAgency.objects.filter(country_id=country, job=job, agency=party, until__isnull=True).first()
    if there is not None:
        return there
    row = ChannelAgency.objects.create(
        country_id=country, job=job, agency=party, since=since, until=until, basis=written(basis, "basis_missing")[:40], by=current().address
    )
    note(country=country, job=job, agency=agency)
    return row


@act
def load_country_statuses() -> int:
    """Enter what the house's table knows of countries at the start; what is there already, or was withdrawn, stays as it is."""
    made = 0
    for row in table():
        found = {"country_id": row.pop("country"), "job": row.pop("job", ""), "since": row.pop("since")}
        if not StatusChange.objects.filter(**found).exists():
            StatusChange.objects.create(**found, **row, by=current().address)
            made += 1
    note(count=made)
    return made


def table() -> Iterator[dict[str, Any]]:
    """Give the rows of the house's table of countries, one a country."""
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    yield from (dict(row) for row in data["statuses"])
    for row in data["placing"]:
        for country in row["countries"]:
            yield {**{k: v for k, v in row.items() if k != "countries"}, "country": country}
