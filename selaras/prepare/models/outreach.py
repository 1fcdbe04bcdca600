"""Outreach: a session in a village or at a desk, which of the thirteen items of information were given, and who came."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Area
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.people.models import Person
from selaras.people.models.person import OfPerson


class Outreach(ScopedModel):
    """One session of information on one day."""

    class Language(models.TextChoices):
        INDONESIAN = "id"
        JAVANESE = "jv"
        SUNDANESE = "su"
        MADURESE = "mad"
        SASAK = "sas"
        BALINESE = "ban"
        BUGIS = "bug"
        MINANGKABAU = "min"
        BANJAR = "bjn"
        SIGN = "sign"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    on = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, db_index=False)
    venue = models.CharField(max_length=120)
    items = ArrayField(models.CharField(max_length=40))  # of the law's list
    language = models.CharField(max_length=5, choices=Language.choices)
    women = models.PositiveSmallIntegerField()
    men = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    once = models.CharField(max_length=40)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=80, blank=True)
    taken_back_by_name = models.CharField(max_length=120, blank=True)
    taken_back_words = SealedText(null=True)
    reach = ArrayField(models.TextField())

    objects: ClassVar[Any] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["on"], name="outreach_by_day")]
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["by", "once"], name="one_outreach_per_press")]

    def __str__(self) -> str:
        return self.venue

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this session lies within a reach."""
        return not reach.isdisjoint(self.reach)


class Attendance(ScopedModel):
    """One person who came to a session and wants it written down; day and items go with her, wherever she is seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # its reach is another: whoever sees her need not see the session, so day and items stand here once more
    outreach = models.ForeignKey(Outreach, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    on = models.DateField()
    items = ArrayField(models.CharField(max_length=40))
    language = models.CharField(max_length=5)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=80, blank=True)
    taken_back_by_name = models.CharField(max_length=120, blank=True)
    taken_back_words = SealedText(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["outreach"], name="attendance_by_session")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "outreach"], condition=models.Q(taken_back_at__isnull=True), name="one_attendance_a_session"
            )
        ]

    def __str__(self) -> str:
        return str(self.outreach_id)

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
