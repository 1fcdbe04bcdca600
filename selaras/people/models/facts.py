"""A paper or result that proves something of a person: its number sealed, its scan encrypted, and who verified it by which way."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import KeptFile
from selaras.ground.scope import ScopedModel
from selaras.people.models.journeys import Journey
from selaras.people.models.person import OfPerson, Person


class Fact(ScopedModel):
    """One paper of one person; it is never edited: what replaces it says so on the old one."""

    class Verdict(models.TextChoices):
        STATED = "stated"  # an office wrote it down
        VERIFIED = "verified"
        REFUSED = "refused"
        UNVERIFIABLE = "unverifiable"  # nobody can say: the issuer is gone, the feed does not answer

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts", db_index=False)  # fact_by_person
    # None: it is about the person, and holds for each of her journeys
    journey = models.ForeignKey(Journey, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False)
    kind = models.CharField(max_length=40)  # the id of the evidence in the law tables
    number = SealedText(null=True)
    index = models.UUIDField(null=True)  # keyed hash of the number in its one spelling
    issuer = models.CharField(max_length=160, blank=True)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    value = models.CharField(max_length=20, blank=True)  # a small result, such as fit or unfit; nothing else leaves a clinic
    file = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, db_index=False)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=80)
    added_by_name = models.CharField(max_length=120)
    added_office = models.CharField(max_length=160, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.STATED)
    # Why it is refused: an officer's word, or `number_taken` when the number stands with somebody else.
    fault = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=6, blank=True)  # feed, manual
    words = SealedText(default=str)  # what the verifier looked at, on the manual path; why it was refused
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=80, blank=True)
    verified_by_name = models.CharField(max_length=120, blank=True)
    verified_office = models.CharField(max_length=160, blank=True)
    superseded_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "kind"], name="fact_by_person"),
            models.Index(fields=["index"], condition=models.Q(index__isnull=False), name="fact_by_index"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
