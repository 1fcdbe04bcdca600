"""Where a person was, in which capacity, from when to when, who says so and how surely."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.models import Country
from selaras.ground.scope import ScopedModel
from selaras.people.models.person import OfPerson, Person


class Presence(ScopedModel):
    """One statement that a person was in a country; a registration is not a presence, so the kind is kept."""

    class Capacity(models.TextChoices):
        WORKER = "worker"
        STUDENT = "student"
        SPOUSE = "spouse"
        CHILD = "child"
        CREW = "crew"
        OTHER = "other"

    class Kind(models.TextChoices):
        PLACEMENT = "placement"  # a service finished before work
        REPORT = "report"  # lapor diri
        ARRIVAL = "arrival"
        RETURN = "return"
        STATED = "stated"  # told to an officer

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="presences")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, db_index=False)  # presence_by_country begins with it
    district = models.CharField(max_length=40, blank=True)
    capacity = models.CharField(max_length=8, choices=Capacity.choices, default=Capacity.OTHER)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=40)
    source_row = models.CharField(max_length=40, blank=True)  # the register's own row id
    confidence = models.SmallIntegerField(default=50)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["country", "capacity"], name="presence_by_country")]
        constraints: ClassVar[list[Any]] = [
            # a register's row is one statement about one person: when the linkage finds whose it really is, the statement moves
            models.UniqueConstraint(
                fields=["source", "source_row"], condition=~models.Q(source_row=""), name="one_presence_per_source_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.capacity}"
