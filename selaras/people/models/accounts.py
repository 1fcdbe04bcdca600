"""How a person comes in by herself: her account, the telephones, codes and cards that open it."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Office
from selaras.ground.scope import ScopedManager, ScopedModel
from selaras.people.models.person import OfPerson, Person


class OfAccount(ScopedManager[Any]):
    """The manager of what opens an account: seen by whoever sees the person."""

    path = "account__person__reach"


class OfCard(ScopedManager[Any]):
    """The manager of the codes of a card: seen by whoever sees the person."""

    path = "card__account__person__reach"


class Account(ScopedModel):
    """One person's own way in, opened with proof at a desk or mission; nobody opens one for herself from outside."""

    class Kind(models.TextChoices):
        WORKER = "worker"
        FAMILY = "family"  # in the register only because a relative shares something with her

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    locale = models.CharField(max_length=5, default="id")
    # Each session carries the number under which it began: a higher one here ends them all at once.
    sessions = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_open_account_each"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class SignInPhone(ScopedModel):
    """A telephone that signs in, from one moment to another; one whose beginning lies ahead is waiting."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="phones")
    value = SealedText()
    index = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    how = models.CharField(max_length=9)  # enrolled, changed, recovered
    by = models.CharField(max_length=80)
    seconded_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[OfAccount] = OfAccount()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["index"], condition=models.Q(until__isnull=True), name="one_account_per_phone"
            )
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["index", "since"], name="sign_in_phone_by_index")]

    def __str__(self) -> str:
        return self.how


class PhoneCode(ScopedModel):
    """A short code that was sent to a telephone: only its keyed hash is kept. Without a person it was asked for an unknown one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="phone_codes")
    phone = models.ForeignKey(SignInPhone, null=True, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=7)  # sign_in, enrol, change
    kind = models.CharField(max_length=6, blank=True)  # which account an enrolment opens
    paper = models.CharField(max_length=14, blank=True)  # which paper an officer saw
    value = SealedText()
    index = models.UUIDField()
    digest = models.UUIDField()
    tries = models.PositiveSmallIntegerField(default=0)
    asked_by = models.CharField(max_length=80)
    device = models.UUIDField(null=True)  # one on which this account was opened before; null: anybody's
    asked_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["index", "asked_at"], name="phone_code_by_index")]

    def __str__(self) -> str:
        return self.purpose


class Card(ScopedModel):
    """A card with one-time codes, printed at a desk; the register keeps keyed hashes of what stands on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cards")
    index = models.UUIDField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=80)
    since = models.DateTimeField()  # beside a telephone it waits, as a new telephone does
    seconded_by = models.CharField(max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OfAccount] = OfAccount()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at__isnull=True), name="one_open_card_each"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class CardCode(ScopedModel):
    """One code of a card; it opens once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="codes")
    digest = models.UUIDField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[OfCard] = OfCard()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.id)


class Passkey(ScopedModel):
    """A passkey that her telephone made while she was signed in: the public half, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="passkeys")
    index = models.UUIDField(unique=True)
    data = SealedText()
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OfAccount] = OfAccount()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.id)


class OfficePhone(models.Model):
    """A telephone of an office, such as an agency's: it signs in nobody."""

    unscoped = "offices are public"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="phones")
    index = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["office", "index"], name="one_row_per_phone_of_an_office")
        ]

    def __str__(self) -> str:
        return str(self.office_id)
