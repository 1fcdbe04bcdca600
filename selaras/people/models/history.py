"""What happened to a record: who was granted sight of it, and each merge, separation and correction."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models.person import OfPerson, Person


class Grant(ScopedModel):
    """One reason why someone sees a person: her home, a country, a party, herself. Grants accumulate."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    code = models.CharField(max_length=60)  # the narrowest code, such as area:3212012007; the wider ones follow from it
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=80)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "code"], condition=models.Q(until__isnull=True), name="one_open_grant_per_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Event(ScopedModel):
    """One change of a record that can be read again and, where it says so, undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="events", db_index=False
    )  # event_by_person begins with it
    kind = models.CharField(max_length=12)  # registered, joined, corrected, added, merged, unmerged, conflict, doubted, papers, unsaid
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=80)
    reason = SealedText(default=str)  # what an officer wrote may name somebody
    before = SealedText(null=True)  # JSON
    after = SealedText(null=True)  # JSON
    undone_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoes", db_index=False)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "at"], name="event_by_person"),
            models.Index(fields=["at"], condition=models.Q(kind="conflict"), name="conflict_by_time"),
        ]

    def __str__(self) -> str:
        return self.kind


class Receipt(models.Model):
    """The answer to a form that was sent, so that the same form sent twice is answered once."""

    unscoped = "ids only: a hash of actor and form, and the person and row of the answer, who are looked up within reach"

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    outcome = models.CharField(max_length=12)
    row_id = models.UUIDField(null=True)  # the row of the answer, where it is not the person herself
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.outcome
