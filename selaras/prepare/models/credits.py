"""Requests for the placement credit (KUR): how much, of which lender, until when it must answer, and what it answered."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Party, Person
from selaras.people.models.person import OfPerson


class OfCredit(OfPerson):
    """The manager of requests: who sees a person as her lender alone sees the requests that it was asked, and no other of hers."""

    party = "lender__key"
    reads_reach = True


class CreditRequest(ScopedModel):
    """One request of one journey; a new one may be made when this one was refused or withdrawn."""

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="credit_requests", db_index=False)  # one_live_credit
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credit_requests")
    lender = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="credit_requests", db_index=False)
    amount = models.BigIntegerField()  # rupiah
    months = models.PositiveSmallIntegerField()  # of the contract
    instalments = models.PositiveSmallIntegerField()
    tax_number = models.BooleanField(default=False)  # that one was shown, not which
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField()
    due = models.DateField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    answered_on = models.DateField(null=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    words = SealedText(default=str)
    earlier = SealedJson(null=True)  # the answers that were taken back

    objects: ClassVar[OfCredit] = OfCredit()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["state", "due"], name="credit_by_due_day")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="credit_of_something"),
            models.UniqueConstraint(fields=["journey"], condition=models.Q(state__in=["asked", "granted"]), name="one_live_credit"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
