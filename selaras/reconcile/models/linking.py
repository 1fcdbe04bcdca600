"""A run of the linkage, the pairs it found, what people judged, and which record is whose."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.people.models import Person
from selaras.people.models.person import OfPerson
from selaras.reconcile.models.record import Record


class Run(ScopedModel):
    """One linkage of all current records: what went in, which model, what came out, how long it took."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    fault = models.JSONField(null=True)
    progress = models.JSONField(default=dict)
    engine = models.CharField(max_length=40, blank=True)
    model = models.JSONField(default=dict)  # levels and weights, as the engine gave them
    counts = models.JSONField(default=dict)
    stages = models.JSONField(default=dict)  # seconds
    figures = models.JSONField(default=dict)  # the count of record at this run: date, sources, one line a cell
    # Faults by office with row ids, and numbers that many share; of the newest run only. Sealed: these are personal numbers.
    findings = SealedJson(default=dict)
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.id)

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this run lies within a reach."""
        return not reach.isdisjoint(self.reach)


class Pair(ScopedModel):
    """Two records that may be one person: how sure the model is and why. Pairs that are clearly apart are not kept."""

    class State(models.TextChoices):
        OPEN = "open"  # nobody judged
        WAITING = "waiting"  # one said so; a second pair of eyes is due
        DISPUTED = "disputed"  # two officers differ: a third decides
        SETTLED = "settled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    left = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="pairs_left")
    right = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="pairs_right")
    run = models.ForeignKey(Run, on_delete=models.PROTECT)  # the last run that weighed this pair otherwise than before
    probability = models.FloatField()
    weight = models.FloatField()
    decision = models.CharField(max_length=6)  # link, review, no (a model's 'no' is kept only for judged pairs)
    reasons = models.JSONField(default=list)  # [code, parameters, weight]: no personal values
    matters = models.FloatField(default=0)  # how much a judgement would change: the order of the queue
    changes = models.JSONField(default=dict)  # what it would change: rows of both sides, country, whether they are one now
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    verdict = models.CharField(max_length=9, blank=True)  # same, different, unsure: the standing judgement
    merge_event = models.UUIDField(null=True)  # the merge of persons that the verdict made, by which it is taken back
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["left", "right"], name="one_pair_per_two_records"),
        ]
        indexes: ClassVar[list[Any]] = [
            # the queue is a hundredth of the pairs: an index of its own, in its order
            models.Index(
                fields=["-matters", "id"],
                condition=models.Q(decision="review") | ~models.Q(state="open"),
                name="pair_queue",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this pair lies within a reach."""
        return not reach.isdisjoint(self.reach)


class OfPair(ScopedManager[Any]):
    """The manager of what belongs to one pair."""

    path = "pair__reach"


class Judgement(ScopedModel):
    """What one officer judged of one pair; never overwritten, only undone by another line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="judgements")
    verdict = models.CharField(max_length=9)
    officer = models.CharField(max_length=80)
    officer_name = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)
    reason = SealedText(default=str)  # what an officer wrote may name a person
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[OfPair] = OfPair()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            # a double click is one judgement
            models.UniqueConstraint(
                fields=["pair", "officer"],
                condition=models.Q(undone_at__isnull=True),
                name="one_standing_judgement_per_officer",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict


class Link(ScopedModel):
    """That a record is a person's: who or what decided, when, why; ended, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    former = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # whose it was before
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT)
    judged = models.ForeignKey(Pair, null=True, on_delete=models.SET_NULL, related_name="links")  # the pair that moved it
    decided_by = models.CharField(max_length=200)  # job:link, or the officers whose judgement decided
    how = models.CharField(max_length=12)  # model, judgement, merge, undone
    why = models.JSONField(default=list)  # the strongest reasons: [code, parameters, weight]
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(until__isnull=True), name="one_standing_link_per_record"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this link is about."""
        return self.person_id


class StagedLink(models.Model):
    """A link on its way in: a run lays all of them down first and switches to them in one transaction."""

    unscoped = "staging: ids and reason codes only, emptied when the run is over"

    id = models.UUIDField(primary_key=True)
    run_id = models.UUIDField()
    record_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    former_id = models.UUIDField(null=True)
    nobody = models.BooleanField()
    how = models.CharField(max_length=12)
    decided_by = models.CharField(max_length=200)
    why = models.JSONField()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["record_id"], name="staged_link_by_record")]

    def __str__(self) -> str:
        return str(self.id)


class StagedPair(models.Model):
    """A pair on its way in."""

    unscoped = "staging: ids and reason codes only, emptied when the run is over"

    id = models.UUIDField(primary_key=True)
    run_id = models.UUIDField()
    left_id = models.UUIDField()
    right_id = models.UUIDField()
    probability = models.FloatField()
    weight = models.FloatField()
    decision = models.CharField(max_length=6)
    reasons = models.JSONField()
    matters = models.FloatField()
    changes = models.JSONField()

    class Meta:
        # nobody has counted these rows when the switch asks for them: without an index the planner may guess wrong
        indexes: ClassVar[list[Any]] = [models.Index(fields=["left_id", "right_id"], name="staged_pair_by_records")]

    def __str__(self) -> str:
        return str(self.id)
