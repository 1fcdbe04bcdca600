"""The cost ledger of a journey: each item, who paid, how much, with which receipt."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import KeptFile
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Person
from selaras.people.models.person import OfPerson


class Cost(ScopedModel):
    """One payment for one item; a wrong one is taken back with a reason, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="costs", db_index=False)  # cost_by_journey
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="costs")
    item = models.CharField(max_length=40)  # of the law's list
    payer = models.CharField(max_length=10)  # worker, employer, agency, government
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    paid_on = models.DateField()
    receipt = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, db_index=False)
    words = SealedText(default=str)  # to whom, and what for, as she tells it
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=80, blank=True)
    taken_back_by_name = models.CharField(max_length=120, blank=True)
    taken_back_words = SealedText(default=str)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["journey", "item"], name="cost_by_journey")]
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="cost_of_something")]

    def __str__(self) -> str:
        return self.item

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
