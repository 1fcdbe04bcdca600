"""Forms that waited on a device and were taken: each key once, so that a delivery whose answer was lost is not done again."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.scope import current


class OwnManager(models.Manager["TakenForm"]):
    """A manager that gives an actor her own rows only; without an actor it raises."""

    def get_queryset(self) -> "models.QuerySet[TakenForm]":
        """Give the actor's own rows."""
        return super().get_queryset().filter(actor=current().address)


class TakenForm(models.Model):
    """One form of one actor: the key that her device gave it, where it was sent, where its answer led. Nothing of what it said."""

    unscoped = "each actor sees her own rows: a manager here, a policy of its own in locks.py"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.CharField(max_length=80)
    key = models.UUIDField()
    path = models.CharField(max_length=300)  # ids only, as in every address
    led_to = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = OwnManager()

    class Meta:
        base_manager_name = "objects"
        default_manager_name = "objects"
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["actor", "key"], name="form_taken_once")]

    def __str__(self) -> str:
        return str(self.key)
