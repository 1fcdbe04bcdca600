"""The nouns of agreements: an agreement, its clauses, and what data each clause lets flow."""

from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7


class Agreement(models.Model):
    """A promise between governments, ministries or offices, with its days."""

    unscoped = "agreements hold nothing about a person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=80, unique=True)  # such as PKS-2026-001
    kind = models.CharField(max_length=12)  # mou, pks, g_to_g, perda
    title = models.CharField(max_length=200)
    parties = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.number


class Clause(models.Model):
    """One clause that lets one register's columns be used for one purpose; the law row says which columns."""

    unscoped = "agreements hold nothing about a person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="clauses")
    number = models.CharField(max_length=20)
    sharing = models.CharField(max_length=40)  # id of a row of law/sharing.toml
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["agreement", "number"], name="one_clause_per_number")]

    def __str__(self) -> str:
        return f"{self.number}"
