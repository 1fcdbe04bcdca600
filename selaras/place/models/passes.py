"""The migrant worker's card (E-KPMI): each card that was issued with its place in a status list, and the lists as they are published."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Person
from selaras.people.models.person import OfPerson


class PassList(models.Model):
    """A status list as it was last signed: two bits for each card at a place drawn by chance, for anybody to fetch whole."""

    unscoped = "status lists are public: two bits at places drawn by chance, which name nobody"

    turn = models.PositiveSmallIntegerField(primary_key=True)  # the first, the second …
    name = models.CharField(max_length=24, unique=True)  # as cards carry it
    signed = models.TextField(blank=True)
    made = models.DateTimeField(null=True)
    next = models.DateTimeField(null=True)  # by then there is a newer one

    def __str__(self) -> str:
        return self.name


class Pass(ScopedModel):
    """One card: what it says is in its token, which is sealed; of the keys that sign it only the name stands here."""

    class State(models.TextChoices):
        IN_FORCE = "in_force"
        SUSPENDED = "suspended"
        REVOKED = "revoked"
        EXPIRED = "expired"
        REPLACED = "replaced"  # a newer card of the same journey holds

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="passes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="passes")
    number = models.CharField(max_length=24, unique=True)
    kid = models.CharField(max_length=16)  # the key that signed it
    status_list = models.ForeignKey(PassList, on_delete=models.PROTECT, related_name="passes", db_index=False)  # one_card_a_place
    place = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.IN_FORCE)
    issued = models.DateField()
    since = models.DateField()
    until = models.DateField()
    token = SealedText()  # the card on paper
    credential = SealedText()  # the card on the telephone, with every statement
    earlier = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="later")
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=20, blank=True)  # why its state changed last
    words = SealedText(default=str)
    changed_by = models.CharField(max_length=80, blank=True)
    changed_by_name = models.CharField(max_length=120, blank=True)
    changed_office = models.CharField(max_length=160, blank=True)
    changed_at = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["status_list", "place"], name="one_card_a_place"),
            models.UniqueConstraint(
                fields=["journey"], condition=models.Q(state__in=("in_force", "suspended")), name="one_card_stands"
            ),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="a_card_ends_after_it_begins"),
        ]
        indexes: ClassVar[list[Any]] = [
            # what a list is made of: the few cards that no longer hold
            models.Index(
                fields=["status_list"], condition=models.Q(state__in=("suspended", "revoked", "replaced")), name="cards_that_do_not_hold"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
