"""A person, the forms of her name, the keys by which a half-remembered name is found, and her kin."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.models import Area
from selaras.ground.scope import ScopedManager, ScopedModel, current


class OfPerson(ScopedManager[Any]):
    """The manager of what belongs to one person: seen by whoever sees her."""

    path = "person__reach"


class Person(ScopedModel):
    """One human being, with or without numbers, with or without a placement."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=160)
    sex = models.CharField(max_length=1, blank=True)  # F, M or unknown
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, default="day")  # day, month, year
    birth_place = models.CharField(max_length=80, blank=True)
    mother = SealedText(null=True)
    # no index: nobody is looked up by home alone; the reach and the search keys hold it
    home_area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, db_index=False)
    home_text = models.CharField(max_length=120, blank=True)  # as a register wrote it, when no code was found
    died_on = models.DateField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_from", db_index=False
    )
    source = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.IntegerField(default=1)
    # keyed hash of all that the registers said of her when the linkage last wrote: what has not changed is left alone
    content = models.UUIDField(null=True)
    # Derived from the grants in the same transaction: who sees her. It always holds the national token.
    reach = ArrayField(models.TextField())

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes: ClassVar[list[Any]] = [
            GinIndex(fields=["reach"], name="person_by_reach"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="merged_by_survivor"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def subject_id(self) -> UUID:
        """Say whom a ledger line about this row is about."""
        return self.id

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether she is seen within a reach."""
        return not reach.isdisjoint(self.reach)


class NameForm(ScopedModel):
    """One way in which her name was written, by whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="name_forms", db_index=False
    )  # its constraint begins with it
    text = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, default="written")  # main, passport, former, written
    source = models.CharField(max_length=40)
    since = models.DateField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "text", "source"], name="one_name_form_per_source")
        ]

    def __str__(self) -> str:
        return str(self.id)


class OfKey(OfPerson):
    """The manager of search keys: sees what OfPerson sees, and makes PostgreSQL look at the person of each key.

    With a join it may begin at the other end, with all whom an office sees: fifty thousand rows for a key that has two thousand.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        """Give the keys of persons within reach."""
        rows: models.QuerySet[Any] = super(ScopedManager, self).get_queryset()
        if current().national:
            return rows
        hers = Person.objects.filter(id=models.OuterRef("person_id")).order_by().values("id")[:1]
        return rows.filter(person_id=models.Subquery(hers))


class PersonKey(ScopedModel):
    """One phonetic search key of a person in one place: looked up by equality, which row-level security lets an index serve."""

    pk = models.CompositePrimaryKey("key", "place", "person_id")
    key = models.BigIntegerField()
    # the regency or country by which an office sees her, as a number (people/keys.py); an office looks through its own places only
    place = models.BigIntegerField(default=0)
    # No constraint: a dozen keys a person, made from her names alone, and persons are never removed; the check would be half of the
    # work of a bulk verb.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys", db_constraint=False)

    objects: ClassVar[OfKey] = OfKey()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.key)


class Kin(ScopedModel):
    """A tie between two persons: spouse, parent, child, guardian, sibling."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin")
    other = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="kin_of")
    other_name = models.CharField(max_length=160, blank=True)  # kin who is not in the register
    relation = models.CharField(max_length=10)
    source = models.CharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    objects: ClassVar[OfPerson] = OfPerson()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.relation
