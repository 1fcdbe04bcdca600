"""The ledger: one line per verb, per sensitive read, per refusal; and the seals over batches of lines."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL
from uuid6 import uuid7


class TransactionId(models.Field[int, int]):
    """PostgreSQL's 64-bit transaction id, by which a seal knows that a batch is complete."""

    def db_type(self, connection: Any) -> str:
        """Name the column type."""
        return "xid8"

    def get_prep_value(self, value: Any) -> Any:
        """Write the id as text: PostgreSQL knows no cast from a whole number."""
        return str(value) if isinstance(value, int) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """Read the id as a whole number."""
        return None if value is None else int(value)


class LedgerLine(models.Model):
    """One line: who, when, which verb, about whom, how it ended. Never changed, never removed."""

    unscoped = "append only: policies of its own in locks.py"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120, blank=True)
    office = models.CharField(max_length=160, blank=True)
    verb = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)  # done, read, refused, not_there
    subject = models.UUIDField(null=True)
    count = models.IntegerField(default=0)
    content = models.CharField(max_length=80, blank=True)  # a hash of what a bulk verb wrote
    detail = models.JSONField(default=dict)
    xid = TransactionId(db_default=RawSQL("pg_current_xact_id()", ()), editable=False)
    generation = models.SmallIntegerField(
        db_default=1, editable=False
    )  # raised by a restore: transaction ids start anew

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["subject", "at"], name="ledger_by_subject"),
            models.Index(fields=["generation", "xid"], name="ledger_by_transaction"),
            models.Index(fields=["at"], name="ledger_by_time"),
            models.Index(fields=["actor", "at"], name="ledger_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.outcome}"


class LedgerSubject(models.Model):
    """One person touched by a bulk verb, so that 'who opened my record' includes exports and runs."""

    unscoped = "append only: policies of its own in locks.py"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(LedgerLine, on_delete=models.PROTECT, db_constraint=False)
    subject = models.UUIDField()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["subject"], name="ledger_subject_by_subject")]

    def __str__(self) -> str:
        return str(self.subject)


class Seal(models.Model):
    """A signed batch of line hashes, chained to the seal before it."""

    unscoped = "append only: policies of its own in locks.py"

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    generation = models.SmallIntegerField()
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    lines = models.BinaryField()  # (16 bytes id, 32 bytes hash) of each line, in the order of ids
    count = models.IntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    signature = models.BinaryField()
    key = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"seal {self.number}"
