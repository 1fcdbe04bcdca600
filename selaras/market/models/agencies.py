"""An agency's licence (SIP3MI) with its deposit, and its agreements with partners abroad."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.people.models import Party, Standing

PUBLIC = "licences, deposits and agreements of agencies are public by law (PP59:4); they name no person"


class Licence(models.Model):
    """A placement agency's licence (SIP3MI). Its days are those of the standing that it gives; nobody can hand it on."""

    unscoped = PUBLIC

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="licences")
    standing = models.OneToOneField(Standing, on_delete=models.PROTECT)
    number = models.CharField(max_length=80, unique=True)
    capital = models.BigIntegerField()  # rupiah, paid up
    deposit = models.BigIntegerField()  # rupiah, what is left of it today
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(deposit__gte=0) & models.Q(capital__gte=0), name="licence_money_not_below_zero")
        ]

    def __str__(self) -> str:
        return self.number


class DepositMove(models.Model):
    """Money paid into the deposit, taken out of it by the government, or topped up."""

    unscoped = PUBLIC

    class Kind(models.TextChoices):
        PAID = "paid"
        CASHED = "cashed"
        TOPPED = "topped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = models.BigIntegerField()
    on = models.DateField()
    basis = models.CharField(max_length=40)
    reason = models.CharField(max_length=240)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)
    once = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["licence", "once"], name="one_deposit_move_per_press"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="deposit_move_of_something"),
        ]

    def __str__(self) -> str:
        return self.kind


class PartnerAgreement(models.Model):
    """A placement cooperation agreement between an agency and a partner agency or employer abroad, verified by a mission."""

    unscoped = PUBLIC

    class State(models.TextChoices):
        ASKED = "asked"
        VERIFIED = "verified"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="partner_agreements")
    partner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agency_agreements")
    number = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    office = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["agency", "number"], name="one_partner_agreement_per_number"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="partner_agreement_ends_after_it_begins"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number
