"""Job orders with their places, and the permits to recruit for them (SIP2MI)."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.models import Country
from selaras.people.models import Party

PUBLIC = "job orders and permits are public by law (PP59:4); they name no person"


class JobOrder(models.Model):
    """So many places for one job with one employer, asked for by an agency and attested by a mission.

    `taken` is counted in the database and cannot leave 0 … places: see actions/places.py.
    """

    unscoped = PUBLIC

    class State(models.TextChoices):
        ASKED = "asked"
        ATTESTED = "attested"
        REFUSED = "refused"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=80, null=True, unique=True)  # many without one wait for it
    code = models.CharField(max_length=12, null=True, unique=True)  # what its QR leads to
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="job_orders")
    employer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="orders_of_employer")
    partner = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="orders_of_partner")
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    district = models.CharField(max_length=40, blank=True)
    job = models.CharField(max_length=40)  # a row of jobs.toml
    title = models.CharField(max_length=120)
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    wage = models.DecimalField(max_digits=14, decimal_places=2)  # a month
    currency = models.CharField(max_length=3)
    hours = models.PositiveSmallIntegerField()  # a week
    months = models.PositiveSmallIntegerField()  # of contract
    letter = models.CharField(max_length=80)  # the employer's request letter
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    office = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=240, blank=True)
    closed_on = models.DateField(null=True)
    once = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(taken__gte=0) & models.Q(taken__lte=models.F("places")), name="places_never_below_zero"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="attested")
                | models.Q(number__isnull=False, code__isnull=False, since__isnull=False, until__isnull=False),
                name="attested_order_has_number_and_days",
            ),
            models.UniqueConstraint(fields=["agency", "once"], name="one_job_order_per_press"),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["country", "state"], name="job_order_country_state")]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class TakenPlace(models.Model):
    """One place of a job order that was taken under a key of the taker, and given back or not."""

    unscoped = "ids only: which key took a place of a public job order"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="taken_places")
    once = models.CharField(max_length=80)
    holder = models.UUIDField(null=True)  # the journey for which it was taken; none where an agency took it by hand
    taken_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField(auto_now_add=True)
    given_back_by = models.CharField(max_length=80, blank=True)
    given_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["order", "once"], name="one_place_per_key"),
            models.UniqueConstraint(
                fields=["holder"], condition=models.Q(given_back_at__isnull=True, holder__isnull=False), name="one_place_per_holder"
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["holder"], name="place_by_holder")]

    def __str__(self) -> str:
        return self.once


class RecruitmentPermit(models.Model):
    """A permit to recruit (SIP2MI) for one job order; its agency is the job order's, and nobody can hand it on."""

    unscoped = PUBLIC

    class State(models.TextChoices):
        ASKED = "asked"
        ISSUED = "issued"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=80, null=True, unique=True)  # many without one wait for it
    order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="permits")
    cooperation = models.ForeignKey("PartnerAgreement", on_delete=models.PROTECT, related_name="permits")
    draft_placement = models.CharField(max_length=80)  # reference of the draft placement agreement
    draft_contract = models.CharField(max_length=80)  # reference of the draft work contract
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["order"], condition=models.Q(state__in=["asked", "issued"]), name="one_live_permit_per_order"),
            models.CheckConstraint(
                condition=~models.Q(state="issued") | models.Q(number__isnull=False, since__isnull=False, until__isnull=False),
                name="issued_permit_has_number_and_days",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or str(self.pk)
