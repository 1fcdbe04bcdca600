"""Files kept encrypted outside the database, with their place in it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText
from selaras.ground.scope import ScopedManager, ScopedModel


class KeptFile(ScopedModel):
    """A file on disk, encrypted in chunks; the row knows its name, size, hash and who may see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = SealedText()  # people name files after people
    media_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(auto_now_add=True)
    reach = ArrayField(models.TextField())

    objects: ClassVar[Any] = ScopedManager()

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.name)

    def within(self, reach: frozenset[str]) -> bool:
        """Say whether this file lies within a reach."""
        return not reach.isdisjoint(self.reach)
