"""The nouns of insight: published figures, each with its definition, date, sources and interval."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7


class Publication(models.Model):
    """One publication of figures: when, by which run, from which sources."""

    unscoped = "counts hold nothing about a person; small cells are for officers only"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    as_of = models.DateField()
    run = models.UUIDField(unique=True)  # the run that was counted: counted once
    sources = models.JSONField(default=list)  # [key, name, rows, last delivery at, latest event date] or why one is missing
    totals = models.JSONField(default=dict)
    current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["current"], condition=models.Q(current=True), name="one_current_publication")
        ]

    def __str__(self) -> str:
        return str(self.as_of)


class Figure(models.Model):
    """One number: an indicator for a country and a capacity, with its parts and interval."""

    unscoped = "counts hold nothing about a person; small cells are for officers only"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=60)
    country = models.CharField(max_length=3, blank=True)  # empty: spelling unknown
    capacity = models.CharField(max_length=8, blank=True)  # empty: all
    count = models.IntegerField()
    expected = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    parts = models.JSONField(default=dict)  # matched, only_<source>, duplicate_rows, stale, returned, women, women_low …

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["publication", "indicator", "country", "capacity"], name="one_figure_per_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.country}"
