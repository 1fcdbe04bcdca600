"""The outbox: messages that wait to be sent, or were sent, to somebody outside."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7

from selaras.ground.fields import SealedText


class Notice(models.Model):
    """One short message: to whom and what it says rest sealed, and no column tells about whom it is."""

    unscoped = "outbox: address and text are sealed, and it is written before anybody acts"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        NOBODY = "nobody"  # nobody has this address: written all the same, so that the answer takes as long

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    to = SealedText()
    text = SealedText()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()  # later it is of no use: a code that has run out is not sent any more

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["until"], condition=models.Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["made_at"], name="notice_by_time"),
        ]

    def __str__(self) -> str:
        return self.kind
