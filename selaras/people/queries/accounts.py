"""Who somebody is when she comes in by herself, and what she or an officer sees of her ways in."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from selaras.ground.act import NotThere, ask
from selaras.ground.scope import Actor
from selaras.people.models import Account, Card, Passkey, Person, SignInPhone
from selaras.people.numbers import masked
from selaras.people.queries.surviving import hers


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One telephone of an account, masked; `waits` until it takes over."""

    id: UUID
    masked: str
    since: dt.datetime
    until: dt.datetime | None
    how: str
    waits: bool
    may_second: bool


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One passkey of an account."""

    id: UUID
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How a person signs in: none when she has no account."""

    person_id: UUID
    name: str
    kind: str
    since: dt.datetime | None
    phones: tuple[PhoneLine, ...]
    card_made: dt.datetime | None
    card_left: int
    card_id: UUID | None = None
    card_since: dt.datetime | None = None
    card_waits: bool = False
    card_second: bool = False
    passkeys: tuple[PasskeyLine, ...] = ()

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def actor_of_account(account_id: UUID, through: UUID, sessions: int) -> Actor | None:
    """Give the actor of a session that is still good, through the one function that may look before anybody acts.

    She reaches herself and nobody else: the token of her own person, which her own rows alone carry.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, person_id, name, locale, sessions from selaras_account_of(%s, %s, %s)",
            (account_id, through, timezone.now()),
        )
        row = cursor.fetchone()
    if row is None or row[4] != sessions:
        return None
    kind, person_id, name, locale, _ = row
    return Actor(kind, str(account_id), name, frozenset({kind}), frozenset({f"person:{person_id}"}), locale=locale)


def sessions_of(account_id: UUID, through: UUID) -> int:
    """Give the number under which a session that begins now is held."""
    with connection.cursor() as cursor:
        cursor.execute("select sessions from selaras_account_of(%s, %s, %s)", (account_id, through, timezone.now()))
        row = cursor.fetchone()
    return int(row[0]) if row else -1


@ask
def see_ways_in(person_id: UUID, asker: str = "") -> WaysIn:
    """Show how a person within reach signs in: numbers masked, what waits, how many codes her card has left; of each account of hers."""
    name = Person.objects.filter(id=person_id).values_list("name", flat=True).first()
    if name is None:
        raise NotThere("not there")
    ids = hers(person_id)
    accounts = list(Account.objects.filter(person_id__in=ids, ended_at__isnull=True).order_by("made_at", "id"))
    if not accounts:
        return WaysIn(person_id, name, "", None, (), None, 0)
    now = timezone.now()
    phones = [
        PhoneLine(
            p.id, masked(p.value), p.since, p.until, p.how, p.until is None and p.since > now,
            p.how == "recovered" and p.by != asker,
        )
        for p in SignInPhone.objects.filter(account__in=accounts).order_by("since", "id")
        if p.until is None or p.until > now
    ]  # fmt: skip
    account = accounts[0]
    # Of several, left by a merge, the newest: a new card ends them all.
    card = Card.objects.filter(account__in=accounts, ended_at__isnull=True).order_by("-made_at", "-id").first()
    left = card.codes.filter(used_at__isnull=True).count() if card else 0
    standing = Passkey.objects.filter(account__in=accounts, ended_at__isnull=True).order_by("made_at")
    keys = tuple(PasskeyLine(k.id, k.made_at) for k in standing)
    if card is None:
        return WaysIn(person_id, name, account.kind, account.made_at, tuple(phones), None, 0, passkeys=keys)
    return WaysIn(
        person_id, name, account.kind, account.made_at, tuple(phones), card.made_at, left, card.id, card.since, card.since > now,
        card.made_by != asker, keys,
    )  # fmt: skip
