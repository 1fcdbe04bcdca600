"""The gate: what was decided, with the lines as they were judged; appeals; and what an officer says of a row's condition."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Person
from selaras.people.models.person import OfPerson


class Decision(ScopedModel):
    """One decision of one officer at the gate; nothing of what was judged is ever written again, only what became of it."""

    class Kind(models.TextChoices):
        ALLOW = "allow"
        HOLD = "hold"

    class State(models.TextChoices):
        STANDING = "standing"
        PROPOSED = "proposed"  # to allow somebody who was held: waits for a second officer
        CONFIRMED = "confirmed"  # what a second officer made a standing decision of
        DECLINED = "declined"  # what a second officer did not confirm
        REPLACED = "replaced"  # a later decision stands
        SET_ASIDE = "set_aside"  # an appeal was granted; to be decided anew

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="decisions", db_index=False)  # one_turn_at_the_gate
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gate_decisions")
    turn = models.SmallIntegerField()  # the first, the second … of this journey
    number = models.CharField(max_length=16, unique=True)  # on the printed record
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    on = models.DateField()
    words = SealedText()  # the officer's justification
    lines = SealedJson()  # every line as it was judged
    seen = models.CharField(max_length=16)  # the mark of those lines' values
    sha256 = models.CharField(max_length=64)  # of everything above; the ledger has it too
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    proposal = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="confirmation")
    closed_at = models.DateTimeField(null=True)  # when a later one, a second officer or an appeal ended it
    closed_by = models.CharField(max_length=80, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    closed_words = SealedText(default=str)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["journey", "turn"], name="one_turn_at_the_gate"),
            models.UniqueConstraint(fields=["journey"], condition=models.Q(state="standing"), name="one_decision_stands"),
            models.UniqueConstraint(fields=["journey"], condition=models.Q(state="proposed"), name="one_proposal_waits"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id


class Appeal(ScopedModel):
    """A worker's objection to being held, and the answer of somebody who did not decide."""

    class State(models.TextChoices):
        OPEN = "open"
        REFUSED = "refused"  # the hold stays
        GRANTED = "granted"  # the hold is set aside

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals", db_index=False)  # one_open_appeal
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    words = SealedText()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    answer = SealedText(default=str)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_office = models.CharField(max_length=160, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["decision"], condition=models.Q(state="open"), name="one_open_appeal"),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True) | ~models.Q(state="open") & models.Q(answered_at__isnull=False),
                name="an_answered_appeal_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id


class Condition(ScopedModel):
    """What an officer says of the condition of a row, such as whether a visa is asked for where the ship lies; the last word counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="gate_conditions", db_index=False)  # condition_by_journey
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gate_conditions")
    name = models.CharField(max_length=40)
    holds = models.BooleanField()
    words = SealedText()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["journey", "name"], name="condition_by_journey")]

    def __str__(self) -> str:
        return f"{self.name} {self.holds}"

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
