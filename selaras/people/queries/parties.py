"""Questions about parties: who they are, where they stand on a day, and which one was meant by a half-remembered name."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz

from selaras.ground.fixed import Question, filled
from selaras.people.models import Party, Standing

# Forms of companies say nothing about which company is meant.
_FORMS = frozenset({"pt", "cv", "tbk", "ltd", "co", "inc", "sdn", "bhd", "limited", "company", "persero", "p3mi"})
_WORD = re.compile(r"[a-z0-9]+")
ENOUGH = 70.0
"""A name that agrees less than this, of 100, is another name."""


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as a page shows it."""

    id: UUID
    key: str
    kind: str
    individual: bool
    name: str
    country: str
    district: str
    area: str
    address: str
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class StandingLine:
    """Where a party stands or stood, since when, until when, on which basis and why."""

    id: UUID
    kind: str
    since: dt.date
    until: dt.date | None
    basis: str
    reason: str
    office: str
    lifted_why: str

    def holds_on(self, day: dt.date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


_by_key = Question(lambda key: Party.objects.filter(key=key).order_by())
_by_keys = Question(lambda keys: Party.objects.filter(key__in=keys).order_by())
_standings = Question(lambda ids: Standing.objects.filter(party_id__in=ids).order_by("-since", "-at"))


def party_by_key(key: str) -> PartyLine | None:
    """Find a party by its key."""
    found = _by_key.objects(key)
    return line_of(found[0]) if found else None


def parties_by_key(keys: Iterable[str]) -> dict[str, PartyLine]:
    """Find parties by their keys, in one question; an empty key is nobody's."""
    asked = sorted({key for key in keys if key})
    return {row.key: line_of(row) for row in _by_keys.objects(filled(asked))} if asked else {}


def parties_by_id(ids: Iterable[UUID]) -> dict[UUID, PartyLine]:
    """Give parties by their ids, in one question."""
    return {row.pk: line_of(row) for row in Party.objects.filter(pk__in=list(ids))}


def parties(kind: str = "", text: str = "", country: str = "", offset: int = 0, limit: int = 50) -> tuple[list[PartyLine], int]:
    """List parties by kind, name and country, with how many there are in all."""
    rows = Party.objects.order_by("name", "key")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(country_id=country) if country else rows
    rows = rows.filter(Q(name__icontains=text) | Q(key__icontains=text)) if text else rows
    return [line_of(row) for row in rows[offset : offset + limit]], rows.count()


def standings_of(party_ids: Iterable[UUID]) -> dict[UUID, list[StandingLine]]:
    """Give every standing of some parties, the newest first."""
    found: dict[UUID, list[StandingLine]] = {}
    asked = list(party_ids)
    for row in _standings.objects(filled(asked)) if asked else ():
        line = StandingLine(row.pk, row.kind, row.since, row.until, row.basis, row.reason, row.office, row.lifted_why)
        found.setdefault(row.party_id, []).append(line)
    return found


def stands_on(party_id: UUID, day: dt.date | None = None) -> dict[str, StandingLine]:
    """Give where a party stands on a day, by kind; of several of one kind the newest."""
    day = day or timezone.localdate()
    held = [line for line in standings_of([party_id]).get(party_id, []) if line.holds_on(day)]
    return {line.kind: line for line in reversed(held)}


def named(text: str, kind: str, limit: int = 5) -> list[PartyLine]:
    """Find the parties of a kind whose name is meant by a half-remembered one, the likeliest first.

    All names of the kind are compared: there are some hundreds of agencies, not millions.
    """
    wanted = _told(text)
    if not wanted:
        return []
    scored = [(_agreement(wanted, _told(name)), name, pk) for pk, name in Party.objects.filter(kind=kind).values_list("pk", "name")]
    best = sorted((s for s in scored if s[0] >= ENOUGH), key=lambda s: (-s[0], s[1]))[:limit]
    # An exact name stands alone: nobody asks which of several she meant.
    if best and best[0][0] == 100.0 and (len(best) == 1 or best[1][0] < 100.0):
        best = best[:1]
    lines = parties_by_id(pk for _, _, pk in best)
    return [lines[pk] for _, _, pk in best]


def _told(name: str) -> list[str]:
    return [word for word in _WORD.findall(name.lower()) if word not in _FORMS]


def _agreement(wanted: list[str], name: list[str]) -> float:
    """Say how well a name agrees, 0 to 100: each word asked for with the word of the name most like it, in any order."""
    if not name:
        return 0.0
    whole = fuzz.token_sort_ratio(" ".join(wanted), " ".join(name))
    if len(wanted) >= len(name):
        return whole
    best = list(_best(wanted, name))
    # A part of the name is a weaker sign than all of it, and a short word hardly one.
    return max(whole, min(best) * 0.95) if all(len(word) > 3 for word in wanted) else whole


def _best(wanted: list[str], name: list[str]) -> Iterator[float]:
    for word in wanted:
        yield max(fuzz.ratio(word, other) for other in name)


def line_of(row: Party) -> PartyLine:
    """Give a party as a page shows it."""
    return PartyLine(
        row.pk, row.key, row.kind, row.individual, row.name, row.country_id, row.district, row.area_id or "", row.address, row.number,
        row.version,
    )
