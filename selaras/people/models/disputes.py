"""The question whether two records are one person, opened by a number that stands with both or by an officer, and what officers say of it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.people.models.history import Event
from selaras.people.models.person import Person


class Dispute(ScopedModel):
    """Where a question stands; it is opened by an event `conflict`, and this row is made when the first officer says something."""

    class State(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"  # one officer said so; a second pair of eyes is due
        DISPUTED = "disputed"  # two officers differ: a third decides
        SETTLED = "settled"

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="dispute")
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disputes")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disputed_by")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    verdict = models.CharField(max_length=9, blank=True)
    merge_event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="settled")
    # The national reviewers only: whoever sees one of the two must not learn from it that there is the other.
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.state


class OfDispute(ScopedManager[Any]):
    """The manager of what belongs to one question: seen by whoever sees it."""

    path = "dispute__reach"


class Ruling(ScopedModel):
    """What one officer says of one question; she may say otherwise later, and the earlier one stays readable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="rulings")
    verdict = models.CharField(max_length=9)
    officer = models.CharField(max_length=80)
    officer_name = models.CharField(max_length=120)
    reason = SealedText()  # what an officer wrote may name somebody
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[OfDispute] = OfDispute()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["dispute", "officer"], condition=models.Q(undone_at__isnull=True), name="one_standing_ruling_each"
            )
        ]

    def __str__(self) -> str:
        return self.verdict
