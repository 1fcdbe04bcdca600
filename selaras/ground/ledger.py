"""Writes ledger lines: inside the verb's transaction, or apart from it when the verb was refused."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground.fixed import insert
from selaras.ground.models.ledger import LedgerLine
from selaras.ground.scope import Actor

SUBJECTS = 20_000
NAMED = "named"
"""The key of a line's detail that holds the hash of its subjects, so that the seal over the line covers them, too."""


def named(subjects: Iterable[bytes]) -> str:
    """Hash the subjects of a line: the bytes of their ids, in their order."""
    digest = hashlib.sha256()
    for subject in subjects:
        digest.update(subject)
    return digest.hexdigest()


def write(
    actor: Actor,
    verb: str,
    outcome: str,
    *,
    subject: UUID | None = None,
    subjects: Sequence[UUID] = (),
    count: int = 0,
    content: str = "",
    detail: dict[str, Any] | None = None,
    line_id: UUID | None = None,
) -> LedgerLine:
    """Write one line in the running transaction, so that the line and what it tells stand or fall together."""
    line = LedgerLine(
        id=line_id or uuid7(),
        at=timezone.now(),
        actor=actor.address,
        actor_name=actor.name,
        office=actor.office,
        verb=verb,
        outcome=outcome,
        subject=subject,
        count=count or len(subjects),
        content=content,
        detail=(detail or {}) | ({NAMED: named(s.bytes for s in sorted(subjects))} if subjects else {}),
    )
    insert([line])
    if subjects:
        _write_subjects(line.id, subjects)
    return line


def _write_subjects(line: UUID, subjects: Sequence[UUID]) -> None:
    # In SQL: a run may touch millions of persons, and a row of the ORM for each would fill the memory.
    with connection.cursor() as cursor:
        for start in range(0, len(subjects), SUBJECTS):
            cursor.execute(
                "insert into ground_ledgersubject (id, line_id, subject) select gen_random_uuid(), %s, unnest(%s::uuid[])",
                (line, list(subjects[start : start + SUBJECTS])),
            )


def write_apart(
    actor: Actor, verb: str, outcome: str, *, subject: UUID | None = None, detail: dict[str, Any] | None = None
) -> None:
    """Write one line on the insert-only connection, so that it stays when the verb's transaction is rolled back."""
    # Raw, because this role may not read: the ORM would ask for rows back.
    with connections["ledger"].cursor() as cursor:
        cursor.execute(
            "insert into ground_ledgerline (id, at, actor, actor_name, office, verb, outcome, subject, count, content, detail)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, 0, '', %s)",
            (
                uuid7(),
                timezone.now(),
                actor.address,
                actor.name,
                actor.office,
                verb,
                outcome,
                subject,
                json.dumps(detail or {}),
            ),
        )
