"""A sample of a run's pairs, drawn for reading by people, to say how good the run's links are."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.reconcile.models.linking import Run
from selaras.reconcile.models.record import Record


class Sample(ScopedModel):
    """Pairs that a run kept for drawing; once an officer draws, some of them are to be read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="sample")
    strata = models.JSONField()  # as the engine gave them: linked, low, high, pairs, expected
    beyond = models.FloatField()  # matches expected among pairs too unlikely to be drawn
    size = models.IntegerField(null=True)
    drawn_by = models.CharField(max_length=80, blank=True)
    drawn_at = models.DateTimeField(null=True)
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.id)

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this sample lies within a reach."""
        return not reach.isdisjoint(self.reach)


class OfSample(ScopedManager[Any]):
    """The manager of what belongs to one sample."""

    path = "sample__reach"


class DrawnPair(ScopedModel):
    """One pair kept for drawing, and what its reader said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="pairs")
    left = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+", db_index=False)
    stratum = models.SmallIntegerField()
    turn = models.IntegerField(null=True)  # its place in the order of reading, which is random; null: not drawn
    verdict = models.CharField(max_length=9, blank=True)
    reader = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[OfSample] = OfSample()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["sample", "turn"], name="drawn_by_turn")]

    def __str__(self) -> str:
        return str(self.id)
