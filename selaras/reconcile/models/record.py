"""A row of a register as it stands now, and whose it is."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models import Person
from selaras.people.models.person import OfPerson
from selaras.reconcile.models.delivery import Delivery, Source


class Record(ScopedModel):
    """One row of one register; all it says is sealed, but for what counting needs.

    `values` opens to a JSON object: each canonical column that is not empty (dates YYYY-MM-DD), in the order of
    `selaras.engines.reading.CANONICAL`, and under `raw` the values as handed over where reading repaired or refused one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)  # the constraint below leads with it
    row_id = models.CharField(max_length=40)
    content = models.BinaryField()  # keyed hash of what the row says: tells an unchanged row without opening it
    values = SealedText()  # JSON of the canonical columns
    country = models.CharField(max_length=3, blank=True)  # ISO3, empty when the spelling is unknown
    country_text = models.CharField(max_length=80, blank=True)  # the unknown spelling, unless it holds a number
    capacity = models.CharField(max_length=8, blank=True)
    event_date = models.DateField(null=True)
    nobody = models.BooleanField(default=False)  # a test row or a row of nobody
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="records")
    first_delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="first_records", db_index=False)
    # the last one that changed, withdrew or brought it back; one that repeats it unchanged is not written down here
    last_delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="last_records", db_index=False)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["source", "row_id"], name="one_record_per_row")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def subject_id(self) -> UUID | None:
        """Say whom a ledger line about this row is about."""
        return self.person_id
