"""Parties: those with whom persons deal on their way, such as agencies and employers, and where each stands."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.models import Area, Country

PUBLIC = "who places and who employs is public by law (PP59:4); a household is entered without its name"


class Party(models.Model):
    """An agency, employer, partner agency, ship's principal, training body, clinic, lender or vessel.

    Its key is its reach: an office of this party sees what carries `party:<key>`.
    """

    unscoped = PUBLIC

    class Kind(models.TextChoices):
        AGENCY = "agency"
        EMPLOYER = "employer"
        PARTNER = "partner"
        PRINCIPAL = "principal"
        TRAINING = "training"
        CLINIC = "clinic"
        LENDER = "lender"
        VESSEL = "vessel"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=50, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    individual = models.BooleanField(default=False)  # a household; everybody else is a legal entity
    name = models.CharField(max_length=160)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    district = models.CharField(max_length=40, blank=True)  # abroad, as missions share a country out
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)  # the seat at home
    address = models.CharField(max_length=240, blank=True)
    number = models.CharField(max_length=60, blank=True)  # in its country's register of companies or vessels
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["kind", "name"], name="party_kind_name")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["country", "kind", "number"], condition=~models.Q(number=""), name="one_party_per_number"),
        ]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """Where a party stands from one day to another: licensed, warned, suspended, revoked, or known for a problem."""

    unscoped = PUBLIC

    class Kind(models.TextChoices):
        LICENSED = "licensed"
        WARNED = "warned"
        SUSPENDED = "suspended"
        REVOKED = "revoked"
        PROBLEM = "problem"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    basis = models.CharField(max_length=40)
    reason = models.CharField(max_length=240)
    by = models.CharField(max_length=80)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_why = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["party", "kind"], condition=models.Q(until__isnull=True), name="one_open_standing_per_kind"),
            models.UniqueConstraint(fields=["party", "kind", "since"], name="one_standing_per_kind_and_day"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="standing_ends_after_it_begins"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.kind
