"""Questions about countries: which country and job is open on a day, by which channel, and who may use a restricted one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.ground.act import ask, note
from selaras.ground.fixed import Question
from selaras.market.answers import MET, NOT_MET, NOT_YET, Answer
from selaras.market.jobs import covering, groups, jobs
from selaras.market.models import ChannelAgency, StatusChange
from selaras.market.statuses import UNLISTED, Change, Status, on, spans

OPEN_BASIS, CLOSED_BASIS = "UU18:31", "UU18:32"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One change as the list of the ministry shows it."""

    id: UUID
    country: str
    job: str
    channel: str
    since: dt.date
    basis: str
    note: str
    note_en: str
    unsure: bool
    withdrawn_why: str
    withdrawn: bool


_changes = Question(
    lambda country: StatusChange.objects.filter(country_id=country, withdrawn_at__isnull=True)
    .order_by("since")
    .values_list("job", "channel", "since", "basis", "note", "note_en", "unsure")
)


def changes_of(country: str) -> list[Change]:
    """Give every change of a country that stands."""
    return [Change(*row) for row in _changes.rows(country)]


def status_of(country: str, job: str = "", day: dt.date | None = None) -> Status:
    """Say what holds for a country and a job on a day; without a job, what holds for every job of it."""
    return on(changes_of(country), covering(job), day or timezone.localdate())


def history_of(country: str, job: str = "") -> list[Status]:
    """Give what held and holds for a country and a job, one span after another."""
    return spans(changes_of(country), covering(job))


def jobs_apart(country: str, day: dt.date | None = None, changes: Sequence[Change] | None = None) -> list[tuple[str, Status]]:
    """List the jobs and groups of a country for which something else holds on a day than for the country as a whole."""
    day = day or timezone.localdate()
    changes = changes_of(country) if changes is None else changes
    whole = on(changes, covering(""), day)
    named = sorted({c.job for c in changes if c.job})
    found = [(name, on(changes, covering(name) if name in jobs() else ("", name), day)) for name in named]
    return [(name, status) for name, status in found if status.decided_by != whole.decided_by]


def country_open(
    country: str, job: str, day: dt.date | None = None, agency: str = "", changes: Sequence[Change] | None = None
) -> Answer:
    """Answer whether a worker may be placed in this country and job on a day, by this agency when the channel is a restricted one.

    `changes` are those of the country, where they were read just now.
    """
    day = day or timezone.localdate()
    status = on(changes_of(country) if changes is None else changes, covering(job), day)
    told = {"country": country, "job": job, "day": day.isoformat(), "since": status.since and status.since.isoformat()}
    basis = status.decided_by.basis if status.decided_by else OPEN_BASIS
    if status.channel == UNLISTED:
        return Answer(NOT_YET, "country.unlisted", OPEN_BASIS, told)
    if status.channel == "open":
        return Answer(MET, "country.open", basis, told, status.unsure)
    if status.channel == "restricted":
        given = _in_channel(country, job, day, agency)
        return Answer(MET if given else NOT_MET, "country.in_channel" if given else "country.channel_only", basis, told, status.unsure)
    return Answer(NOT_MET, f"country.{status.channel}", basis, told, status.unsure)


def _in_channel(country: str, job: str, day: dt.date, agency: str) -> bool:
    rows = ChannelAgency.objects.filter(country_id=country, job__in=covering(job), agency__key=agency, since__lte=day)
    return bool(agency) and rows.filter(Q(until__isnull=True) | Q(until__gte=day)).exists()


def channel_agencies(country: str, job: str = "", day: dt.date | None = None) -> list[tuple[str, str]]:
    """List the agencies that a country's restricted channel takes on a day, as key and name."""
    day = day or timezone.localdate()
    rows = ChannelAgency.objects.filter(country_id=country, job__in=covering(job), since__lte=day)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=day)).order_by("agency__name")
    return list(rows.values_list("agency__key", "agency__name").distinct())


def countries_listed() -> list[str]:
    """List the countries about which anything was ever said."""
    return sorted(set(StatusChange.objects.filter(withdrawn_at__isnull=True).values_list("country_id", flat=True)))


@ask
def see_statuses(country: str = "") -> Sequence[StatusLine]:
    """List the changes, of one country or of all, the newest first, with those that were withdrawn."""
    rows = StatusChange.objects.order_by("country_id", "job", "-since", "-at")
    rows = rows.filter(country_id=country) if country else rows
    found = [
        StatusLine(
            r.pk, r.country_id, r.job, r.channel, r.since, r.basis, r.note, r.note_en, r.unsure, r.withdrawn_why, r.withdrawn_at is not None
        )
        for r in rows[:500]
    ]
    note(count=len(found))
    return found


def job_choices(language: str = "id") -> list[tuple[str, str]]:
    """List the jobs by name in a language, for a choice."""
    return sorted(((j.id, j.named(language)) for j in jobs().values()), key=lambda row: row[1])


def group_choices(language: str = "id") -> list[tuple[str, str]]:
    """List the groups of jobs by name in a language, for a choice."""
    return sorted(((g.id, g.named(language)) for g in groups().values()), key=lambda row: row[1])
