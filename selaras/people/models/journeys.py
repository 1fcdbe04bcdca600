"""A person's way from village to village: one journey in one scheme, its steps as they were done, and side entries without any placement."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Country
from selaras.ground.scope import ScopedModel
from selaras.people.models.person import OfPerson, Person


class OfJourney(OfPerson):
    """The manager of journeys: who sees a person as her agency alone sees the journeys that name it, and no other of hers."""

    party = "agency"
    reads_reach = True


class Journey(ScopedModel):
    """One person's way through one scheme, judged by the law of the day on which it was started."""

    class State(models.TextChoices):
        OPEN = "open"
        FINISHED = "finished"
        WITHDRAWN = "withdrawn"  # she no longer wants to
        REFUSED = "refused"  # an office said no at a step
        FAILED = "failed"  # it came to nothing: visa cancelled, departure failed, the employer gone
        EXPIRED = "expired"  # a place in a queue ended
        DIED = "died"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="journeys", db_index=False)  # journey_by_person
    scheme = models.CharField(max_length=40)
    started_on = models.DateField()  # its law is that of this day, to its end
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.CharField(max_length=80)
    started_by_name = models.CharField(max_length=120)
    started_office = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, db_index=False)
    # Parties by the key of their reach token, without `party:`; the job order by its own number.
    agency = models.CharField(max_length=80, blank=True)
    employer = models.CharField(max_length=80, blank=True)
    job_order = models.CharField(max_length=80, blank=True)
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    # What an officer saw is known by this number; the last change says who was quicker.
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    changed_by_name = models.CharField(max_length=120)
    changed_what = models.CharField(max_length=20)  # the verb: start, do_step, …
    changed_step = models.CharField(max_length=40, blank=True)
    ended_on = models.DateField(null=True)
    reason = SealedText(default=str)  # why it ended, in an officer's words: they may name somebody

    objects: ClassVar[OfJourney] = OfJourney()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person", "scheme"], name="journey_by_person")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "scheme"], condition=models.Q(state="open"), name="one_open_journey_per_scheme"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_on__isnull=True) | ~models.Q(state="open") & models.Q(ended_on__isnull=False),
                name="a_journey_that_ended_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.scheme

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id


class JourneyStep(ScopedModel):
    """One attempt at one step: open now, done or skipped; returned ones stay beside the new attempt as history."""

    class State(models.TextChoices):
        NOW = "now"
        DONE = "done"
        SKIPPED = "skipped"
        RETURNED = "returned"
        # the step at which a journey ended
        WITHDRAWN = "withdrawn"
        REFUSED = "refused"
        FAILED = "failed"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="steps", db_index=False)  # step_by_journey
    # Of the journey, once more: reach and the queue of an office ask for the person at once.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="journey_steps")
    step = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State.choices, default=State.NOW)
    turn = models.SmallIntegerField(default=1)  # an extension may be done more than once
    # It may be left out, so nobody waits for it: an office's queue shows it only with a clock.
    optional = models.BooleanField(default=False)
    waits_for = ArrayField(models.CharField(max_length=40))  # who may do it, by the law of the journey's day
    since = models.DateField()
    due = models.DateField(null=True)
    place_until = models.DateField(null=True)  # the place in a queue, such as the Korean roster, ends after this day
    done_on = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    office = models.CharField(max_length=160, blank=True)
    back_to = models.CharField(max_length=120, blank=True)  # returned to whom: the name of who did it before
    reason = SealedText(default=str)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["journey"], name="step_by_journey"),
            models.Index(fields=["due", "since"], condition=models.Q(state="now"), name="step_that_waits"),
            models.Index(fields=["place_until"], condition=models.Q(state="now", place_until__isnull=False), name="place_that_ends"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["journey", "step", "turn"],
                condition=models.Q(state__in=["now", "done", "skipped"]),
                name="one_standing_row_per_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.state}"


class SideEntry(ScopedModel):
    """How a person came into the register from the side, without any placement: refused at exit, a report, a death."""

    class Kind(models.TextChoices):
        REFUSED_EXIT = "refused_exit"
        LAPOR_DIRI = "lapor_diri"
        COMPLAINT = "complaint"
        DEPORTATION = "deportation"
        DEATH = "death"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="side_entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    reason = SealedText(default=str)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.kind
