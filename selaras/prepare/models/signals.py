"""Early warnings: what was seen where and when, never who was suspected."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.models import Area, KeptFile
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.people.models import Party


class Signal(ScopedModel):
    """One early warning, and what an office found. No column holds a person who is suspected, and none may ever be added.

    A list shows kind, place, day and state; the words rest sealed and are opened one by one.
    """

    class State(models.TextChoices):
        REPORTED = "reported"
        LOOKED_INTO = "looked_into"
        PASSED_ON = "passed_on"
        NOTHING = "nothing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)  # of the law's list
    on = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, db_index=False)
    words = SealedText()
    agency = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="signals", db_index=False)
    company = SealedText(default=str)  # as it was named, when it is no agency of the register
    photo = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=11, choices=State.choices, default=State.REPORTED)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    once = models.CharField(max_length=40)
    answer = SealedText(default=str)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_office = models.CharField(max_length=160, blank=True)
    earlier = SealedJson(null=True)  # the answers that were taken back: each with its words, and by whom and why it was
    reach = ArrayField(models.TextField())

    objects: ClassVar[Any] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["state", "on"], name="signal_by_state")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["by", "once"], name="one_signal_per_press"),
            models.CheckConstraint(
                condition=models.Q(state="reported", answered_at__isnull=True)
                | ~models.Q(state="reported") & models.Q(answered_at__isnull=False),
                name="an_answered_signal_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this warning lies within a reach."""
        return not reach.isdisjoint(self.reach)
