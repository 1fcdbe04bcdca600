"""What was seen of an agency's recruiting: a day, a place, and what happened there."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.models import Area, Country
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.market.models.orders import JobOrder
from selaras.people.models import Party


class Recruiting(ScopedModel):
    """One event of recruiting. Whether a permit allowed it is asked anew each time: see queries/recruiting.py.

    It accuses somebody, so it is no public table: the place where it happened and the nation see it.
    """

    class What(models.TextChoices):
        ADVERTISED = "advertised"
        VISITED = "visited"
        REGISTERED = "registered"
        SELECTED = "selected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="recruitings")
    order = models.ForeignKey(JobOrder, null=True, on_delete=models.PROTECT)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    on = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    what = models.CharField(max_length=12, choices=What.choices)
    words = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    once = models.CharField(max_length=40, unique=True)
    reach = ArrayField(models.TextField())

    objects: ClassVar[Any] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.what

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this event lies within a reach."""
        return not reach.isdisjoint(self.reach)
