"""What became of her after she left: that she arrived, works for somebody else, came home and why."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Country
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Party, Person
from selaras.people.models.person import OfPerson


class Report(ScopedModel):
    """One report of a journey after departure, as it was told on its day; nothing of it is written again, only who took it up or ended it."""

    class Kind(models.TextChoices):
        ARRIVAL = "arrival"  # lapor diri
        EMPLOYER = "employer"
        RETURN = "return"

    class State(models.TextChoices):
        TOLD = "told"  # by the worker; the law asks a mission officer for the rest
        KEPT = "kept"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="reports", db_index=False)  # report_by_journey
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=4, choices=State.choices, default=State.KEPT)
    on = models.DateField()
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, db_index=False)
    district = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=20, blank=True)  # of return: a row of the law's causes
    died_on = models.DateField(null=True)  # the day of death that this return wrote into the register
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)  # the employer, where it is known
    employer = SealedText(default=str)  # of a household it is a person's name
    place = SealedText(default=str)  # where she works and lives
    words = SealedText(default=str)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    taken_up_by = models.CharField(max_length=80, blank=True)
    taken_up_by_name = models.CharField(max_length=120, blank=True)
    taken_up_at = models.DateTimeField(null=True)
    # In force until somebody corrects it or takes it back; what corrects it names it.
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_why = SealedText(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["journey", "kind"], name="report_by_journey")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["journey", "kind"],
                condition=models.Q(kind__in=["arrival", "return"], ended_at__isnull=True),
                name="one_arrival_and_one_return_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
