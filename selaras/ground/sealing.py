"""What a seal covers and how it is checked: windows of finished transactions, hashes, a chain, signatures, copies outside.

A window is [from, to) of transaction ids in one generation. `to` never passes the oldest transaction still running, so no line can
appear later inside a sealed window, although lines of long transactions are written late.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.db import connection

from selaras.engines.sealing import leaf_hash, merkle_root
from selaras.ground.keyring import ring
from selaras.ground.ledger import NAMED, named
from selaras.ground.models import LedgerLine, LedgerSubject, Seal

LOCK = 7_305_001
"""Held by whoever seals, until it has committed."""
BATCH = 10_000
ITEM = 48


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the ledger: which line or seal, and how."""

    kind: str  # changed, subjects, missing, added, seal_changed, seal_missing, signature, copy
    seal: int
    line: UUID | None = None


def line_hash(line: LedgerLine) -> bytes:
    """Hash everything that a ledger line says."""
    return leaf_hash(
        {
            "id": str(line.id),
            "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": line.actor,
            "actor_name": line.actor_name,
            "office": line.office,
            "verb": line.verb,
            "outcome": line.outcome,
            "subject": str(line.subject) if line.subject else None,
            "count": line.count,
            "content": line.content,
            "detail": line.detail,
            "xid": line.xid,
            "generation": line.generation,
        }
    )


def packed(lines: Iterable[LedgerLine]) -> bytes:
    """Pack (id, hash) of each line."""
    return b"".join(line.id.bytes + line_hash(line) for line in lines)


def unpacked(raw: bytes | memoryview) -> Iterator[tuple[UUID, bytes]]:
    """Give (id, hash) of each line of a seal."""
    for start in range(0, len(raw), ITEM):
        yield UUID(bytes=bytes(raw[start : start + 16])), bytes(raw[start + 16 : start + ITEM])


def statement(seal: Seal) -> bytes:
    """Give the bytes that a seal's signature covers."""
    return json.dumps(
        {
            "number": seal.number,
            "made_at": seal.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "generation": seal.generation,
            "from": seal.from_xid,
            "to": seal.to_xid,
            "count": seal.count,
            "root": bytes(seal.root).hex(),
            "previous": bytes(seal.previous).hex(),
        },
        sort_keys=True,
    ).encode()


def copy_path(number: int) -> Path:
    """Give the place outside the database where a seal's copy lies."""
    return Path(settings.SELARAS_SEALS) / f"{number:09d}.json"


def export(seal: Seal) -> None:
    """Write a seal's copy outside the database, whole or not at all."""
    path = copy_path(seal.number)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    body = {"statement": statement(seal).decode(), "signature": bytes(seal.signature).hex(), "key": seal.key}
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(body, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, path)


def _signed(seal: Seal) -> bool:
    public = ring().seal_public(seal.key)
    if public is None:
        return False
    try:
        public.verify(bytes(seal.signature), statement(seal))
    except InvalidSignature:
        return False
    return True


def _copy_of(number: int) -> dict[str, Any] | None:
    try:
        return dict(json.loads(copy_path(number).read_text()))
    except (OSError, ValueError):
        return None


def copied(number: int) -> Seal | None:
    """Read a seal, without its list of lines, from its copy outside; None when there is none, or none that we signed."""
    copy = _copy_of(number)
    if copy is None:
        return None
    try:
        told = json.loads(copy["statement"])
        seal = Seal(
            number=told["number"], made_at=datetime.fromisoformat(told["made_at"]), generation=told["generation"],
            from_xid=told["from"], to_xid=told["to"], count=told["count"], root=bytes.fromhex(told["root"]),
            previous=bytes.fromhex(told["previous"]), key=copy["key"], signature=bytes.fromhex(copy["signature"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return None
    return seal if seal.number == number and _signed(seal) else None


def free_number(number: int) -> int:
    """Give the first number, from this one on, of which no copy lies outside: a copy is never written over."""
    while copy_path(number).exists():
        number += 1
    return number


def _copies() -> list[int]:
    folder = Path(settings.SELARAS_SEALS)
    return sorted(int(p.stem) for p in folder.glob("*.json") if p.stem.isdecimal()) if folder.exists() else []


def check_seal(seal: Seal, previous: bytes) -> list[Finding]:
    """Check one seal against its own list, its signature, the seal before it and its copy outside."""
    found = []
    if merkle_root([h for _, h in unpacked(seal.lines)]) != bytes(seal.root) or bytes(seal.previous) != previous:
        found.append(Finding("seal_changed", seal.number))
    if not _signed(seal):
        found.append(Finding("signature", seal.number))
    copy = _copy_of(seal.number)
    if (
        copy is None
        or copy["statement"].encode() != statement(seal)
        or copy["signature"] != bytes(seal.signature).hex()
    ):
        found.append(Finding("copy", seal.number))
    return found


def check_lines(seal: Seal) -> list[Finding]:
    """Check the lines of one seal's window against its list, naming each that was changed, removed or slipped in."""
    listed = dict(unpacked(seal.lines))
    found = []
    subjects = dict(_named(list(listed)))
    for line in LedgerLine.objects.filter(pk__in=list(listed)).iterator(5_000):
        if listed.pop(line.id) != line_hash(line):
            found.append(Finding("changed", seal.number, line.id))
        elif line.detail.get(NAMED) != subjects.get(line.id):
            found.append(Finding("subjects", seal.number, line.id))
    return found + [Finding("missing", seal.number, line_id) for line_id in listed]


def _named(lines: list[UUID]) -> Iterator[tuple[UUID, str]]:
    """Give the hash of the subjects of each line that has any, as they stand now, one row at a time."""
    rows = (
        LedgerSubject.objects.filter(line_id__in=lines).order_by("line_id", "subject").values_list("line_id", "subject")
    )
    for line, group in groupby(rows.iterator(20_000), key=itemgetter(0)):
        yield line, named(subject.bytes for _, subject in group)


def copies_beyond(last: int) -> list[Finding]:
    """Name each copy outside whose seal is gone from the database."""
    if not any(n > last for n in _copies()):
        return []
    # A sealing under way has copied before it commits: it is waited for, or it would be taken for a seal that somebody removed.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    there = set(Seal.objects.filter(number__gt=last).values_list("number", flat=True))
    return [Finding("seal_missing", n) for n in _copies() if n > last and n not in there]
