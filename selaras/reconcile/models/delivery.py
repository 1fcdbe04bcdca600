"""A delivery of a register: where it comes from, how its columns are read, what became of each row."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.agreements.models import Agreement
from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.models import KeptFile
from selaras.ground.scope import ScopedManager, ScopedModel


class Source(models.Model):
    """One register of one owner."""

    unscoped = "registers hold nothing about a person; their rows do"

    key = models.CharField(primary_key=True, max_length=40)  # siskop2mi, peduliwni, returns
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=80)
    layout = models.CharField(max_length=40)
    trust = models.SmallIntegerField(default=50)  # 0 to 100, for choosing between sources

    def __str__(self) -> str:
        return self.name


class Mapping(models.Model):
    """A saved reading of one header: which heading is which canonical column."""

    unscoped = "headings hold nothing about a person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    header_hash = models.CharField(max_length=64)
    columns = models.JSONField()  # canonical column → heading
    made_by = models.CharField(max_length=80)  # "layout" when the register was recognised by itself
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["source", "header_hash"], name="one_mapping_per_header")]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(ScopedModel):
    """One file of one register, handed in under an agreement."""

    class State(models.TextChoices):
        RECEIVED = "received"
        UNMAPPED = "unmapped"  # waits for a person to say which column is which
        READING = "reading"
        TAKEN_IN = "taken_in"
        REFUSED = "refused"  # cannot be read as a whole: says why
        CANCELLED = "cancelled"
        FAILED = "failed"  # our fault: can be tried again

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    whole = models.BooleanField(default=False)  # the whole register: a row that is not in it was withdrawn
    mapping = models.ForeignKey(Mapping, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    fault = models.JSONField(null=True)  # code and parameters of what stopped it
    handed_in_by = models.CharField(max_length=80)
    handed_in_at = models.DateTimeField(auto_now_add=True)
    taken_in_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)  # stage, done, total, at
    counts = models.JSONField(default=dict)  # rows, new, changed, same, doubled, withdrawn, rejected, notes
    # kind, encoding, delimiter, header, masked sample: what was found. Sealed: the header of a file without one is somebody's row.
    form = SealedJson(default=dict)
    # Which try may write: a worker that was taken for dead and still lives finds another try here, and stops.
    attempt = models.UUIDField(null=True)
    wiped_at = models.DateTimeField(null=True)  # its file and what stood in its rejects are gone; counts and reasons stay
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()
    again = False  # set on the answer of hand_in when this very file was there before

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            # the same file twice changes nothing, also when two people hand it in at once
            models.UniqueConstraint(
                fields=["source", "sha256"],
                condition=~models.Q(state__in=["cancelled", "failed", "refused"]),
                name="one_live_delivery_per_file",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this delivery lies within a reach."""
        return not reach.isdisjoint(self.reach)


class OfDelivery(ScopedManager[Any]):
    """The manager of what belongs to one delivery."""

    path = "delivery__reach"


class Reject(ScopedModel):
    """One row that was not taken in, with line, column, value and reason, so that it can be mended at the source."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rejects")
    line = models.IntegerField()
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)  # never a personal value: that is sealed
    value = SealedText(null=True)
    raw = SealedText(null=True)

    objects: ClassVar[OfDelivery] = OfDelivery()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["delivery", "line"], name="reject_by_line")]

    def __str__(self) -> str:
        return self.code


class StagedRow(models.Model):
    """A row on its way in: COPY refuses policies, so rows land here sealed and are moved under the policy in one statement.

    A row that was set aside leaves its id here without content, so that a whole register does not withdraw it.
    """

    unscoped = "staging: sealed values only, emptied when the delivery is taken in or given up"
    sealed_for = {"values": "reconcile_record.values"}

    id = models.BigAutoField(primary_key=True)
    delivery_id = models.UUIDField()
    attempt = models.UUIDField()
    record_id = models.UUIDField()  # the id of the record, should the row be new
    row_id = models.CharField(max_length=40)
    line = models.IntegerField()
    content = models.BinaryField()  # keyed hash of the canonical row: has it changed?
    values = models.BinaryField()  # sealed JSON for the place reconcile_record.values
    country = models.CharField(max_length=3, blank=True)
    country_text = models.CharField(max_length=80, blank=True)
    capacity = models.CharField(max_length=8, blank=True)
    event_date = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.id)
