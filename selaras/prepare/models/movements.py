"""The log of a village: who of it left or came back, when, where to or from, and who said so."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Area, Country
from selaras.ground.scope import ScopedModel
from selaras.people.models import Person
from selaras.people.models.person import OfPerson


class Movement(ScopedModel):
    """One departure or return of one person, who needs no journey; a wrong line is taken back with a reason, never changed."""

    class Kind(models.TextChoices):
        LEFT = "left"
        RETURNED = "returned"

    class Teller(models.TextChoices):
        HERSELF = "herself"
        FAMILY = "family"
        NEIGHBOUR = "neighbour"
        HEAD = "head"  # of the neighbourhood or hamlet (RT, RW, dusun)
        AGENCY = "agency"
        OFFICE = "office"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="movements", db_index=False)  # one_movement_a_day
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, db_index=False)  # None: nobody knows yet
    district = models.CharField(max_length=40, blank=True)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, db_index=False)  # her home on that day
    told_by = models.CharField(max_length=9, choices=Teller.choices)
    words = SealedText(default=str)
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
        indexes: ClassVar[list[Any]] = [models.Index(fields=["on", "kind"], name="movement_by_day")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "kind", "on"], condition=models.Q(taken_back_at__isnull=True), name="one_movement_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
