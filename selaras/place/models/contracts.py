"""What was promised and what is: offers, agreements, contracts, what was found on arrival, payslips; and reported differences."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedJson, SealedText
from selaras.ground.models import Country, KeptFile
from selaras.ground.scope import ScopedModel
from selaras.people.models import Journey, Person
from selaras.people.models.person import OfPerson


class Document(ScopedModel):
    """One version of one document of a journey, as it states its terms; a later version replaces it and changes nothing of it."""

    class Kind(models.TextChoices):
        OFFER = "offer"
        AGREEMENT = "placement_agreement"
        CONTRACT = "contract"
        ARRIVAL = "arrival"  # the contract, or what is said in its place, on arrival
        PAYSLIP = "payslip"  # the first one

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="documents", db_index=False)  # one_version_of_a_document
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=19, choices=Kind.choices)
    version = models.SmallIntegerField()
    current = models.BooleanField(default=True)
    signed_on = models.DateField(null=True)
    until = models.DateField(null=True)
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, db_index=False)
    job = models.CharField(max_length=40, blank=True)  # as the market names jobs
    wage = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    per = models.CharField(max_length=5, default="month")
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # a week
    employer = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=240, blank=True)
    deductions = SealedJson(null=True)  # item → amount; None: not stated
    terms = SealedJson(default=dict)  # term of the law → what the document says: her address may be among them
    doubts = models.JSONField(default=list)  # what stood out and did not stop it: term, code, parameters
    file = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, db_index=False)
    extends = models.BooleanField(default=False)  # signed before the mission's officer while she works
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["journey", "kind", "version"], name="one_version_of_a_document"),
            models.UniqueConstraint(fields=["journey", "kind"], condition=models.Q(current=True), name="one_current_document"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id


class Finding(ScopedModel):
    """A difference between two documents that somebody reported, as it was on that day; a case may take it up later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="findings", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="findings")
    earlier = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="findings_before", db_index=False)
    later = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="findings_after", db_index=False)
    field = models.CharField(max_length=20)
    told = SealedJson()  # code, parameters
    worse = models.BooleanField(null=True)
    after_signing = models.BooleanField()
    basis = models.CharField(max_length=40)
    words = SealedText(default=str)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    office = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["journey", "field", "earlier", "later"], name="one_report_of_a_difference")
        ]

    def __str__(self) -> str:
        return self.field

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.person_id
