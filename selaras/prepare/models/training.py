"""Training: a course with its seats, and who is enrolled."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models import Party, Person
from selaras.people.models.person import OfPerson


class Course(models.Model):
    """So many seats in one course of a training body. `taken` is counted in the database and cannot leave 0 … seats."""

    unscoped = "courses are announced to everybody; they name no person"

    class Kind(models.TextChoices):
        SKILL = "skill"
        LANGUAGE = "language"
        LITERACY = "literacy"  # financial literacy

    class Payer(models.TextChoices):
        GOVERNMENT = "government"
        EMPLOYER = "employer"
        AGENCY = "agency"
        WORKER = "worker"

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="courses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=120)
    job = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=40, blank=True)
    seats = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    since = models.DateField()
    until = models.DateField()
    payer = models.CharField(max_length=10, choices=Payer.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    once = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    closed_words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["state", "until"], name="course_by_last_day")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(taken__gte=0) & models.Q(taken__lte=models.F("seats")), name="seats_never_below_zero"
            ),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="course_ends_after_it_begins"),
            models.UniqueConstraint(fields=["by", "once"], name="one_course_per_press"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Enrolment(ScopedModel):
    """One person in one course; whoever cancels gives the seat back, whoever completes keeps it."""

    class State(models.TextChoices):
        ENROLLED = "enrolled"
        CANCELLED = "cancelled"
        COMPLETED = "completed"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments", db_index=False)  # one_live_enrolment
    state = models.CharField(max_length=9, choices=State.choices, default=State.ENROLLED)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    words = SealedText(default=str)
    earlier = SealedJson(null=True)  # the ends that were taken back

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "course"], condition=models.Q(state__in=["enrolled", "completed"]), name="one_live_enrolment"
            ),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
