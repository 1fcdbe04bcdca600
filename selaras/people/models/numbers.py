"""Numbers by which a person is known: NIK, passports, family card, travel paper, seafarer code, migrant card, phones."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedModel
from selaras.people.models.person import OfPerson, Person


class Identifier(ScopedModel):
    """One number of one person over time; encrypted, found by its keyed index."""

    class Kind(models.TextChoices):
        NIK = "nik"
        PASSPORT = "passport"
        KK = "kk"
        SPLP = "splp"
        SEAFARER = "seafarer"
        EKPMI = "ekpmi"
        PHONE = "phone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="identifiers", db_index=False
    )  # its constraint begins with it
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = SealedText()
    # keyed hash of the normalised number; the same number may stand with two persons until a reviewer decides
    index = models.UUIDField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=40)
    confidence = models.SmallIntegerField(default=50)  # 0 to 100
    sound = models.BooleanField(default=True)  # its structure is valid
    # What officers found: "" nothing, `doubted` whose it is cannot be told, `other` it is somebody else's. A database default, for the
    # bulk verb names its columns.
    doubt = models.CharField(max_length=7, blank=True, default="", db_default="")

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [models.Index(fields=["index"], name="identifier_by_index")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "kind", "index"], name="one_row_per_number_of_a_person")
        ]

    def __str__(self) -> str:
        return self.kind
