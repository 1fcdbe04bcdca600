"""Which country and which job is open, as changes with a first day each: between two changes there is neither gap nor overlap."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.models import Country
from selaras.people.models import Party

PUBLIC = "which country is open is published (UU18:32); it names no person"


class StatusChange(models.Model):
    """From this day a country, or one job or group of jobs in it, is open, in a restricted channel, stopped or banned.

    It holds until the day before the next change of the same country and job, so its last day is never written.
    """

    unscoped = PUBLIC

    class Channel(models.TextChoices):
        OPEN = "open"
        RESTRICTED = "restricted"
        STOPPED = "stopped"
        BANNED = "banned"
        NONE = "none"  # from this day nothing is said for this country and job any more

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    job = models.CharField(max_length=40, blank=True)  # a job or a group of jobs.toml; empty: every job
    channel = models.CharField(max_length=12, choices=Channel.choices)
    since = models.DateField()
    basis = models.CharField(max_length=40)
    note = models.CharField(max_length=300)
    note_en = models.CharField(max_length=300, blank=True)
    unsure = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["country", "job", "since"], condition=models.Q(withdrawn_at__isnull=True), name="one_status_per_first_day"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.country_id} {self.job} {self.channel}"


class ChannelAgency(models.Model):
    """An agency that may place through a country's restricted channel, from one day to another."""

    unscoped = PUBLIC

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    job = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="channels")
    since = models.DateField()
    until = models.DateField(null=True)
    basis = models.CharField(max_length=40)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["country", "job", "agency"], condition=models.Q(until__isnull=True), name="one_open_channel_per_agency"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.country_id} {self.job}"
