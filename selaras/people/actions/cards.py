"""The card with one-time codes that a desk prints: the way in without any telephone."""

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from uuid6 import uuid7

from selaras.ground import notices
from selaras.ground.act import Refused, act, note
from selaras.ground.fixed import insert
from selaras.ground.scope import current
from selaras.people.actions.correcting import locked
from selaras.people.actions.enrolling import PAPERS, accounts_of
from selaras.people.actions.phones import begins, end_passkeys, in_force
from selaras.people.actions.signing_in import card_digest, card_index
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Account, Card, CardCode, SignInPhone
from selaras.people.queries.surviving import hers

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = 10


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a card: it is shown once, to be printed, and kept nowhere."""

    person_id: UUID
    number: str
    codes: tuple[str, ...]
    since: dt.datetime

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def _word(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


@act
def print_card(*, person_id: UUID, paper: str, kind: str = "worker") -> Printed:
    """Print a card for a person who stands before the desk with her paper; an older card ends when it opens, and her passkeys now.

    It opens an account if she has none. Beside another way in it waits, as another telephone would, and her telephone is told. The
    older card goes on meanwhile, so that its owner can come in and stop the new one; if it was lost, a second officer ends it at once.
    """
    if paper not in PAPERS:
        raise Unfit([Fault("paper", "paper_missing")])
    person = locked(person_id)
    if person.died_on is not None:
        raise Refused("person_died")
    accounts = accounts_of(person.id) or [Account.objects.create(person_id=person.id, kind=kind, made_by=current().address)]
    account = accounts[0]
    now = timezone.now()
    since = begins(account, hers(person.id))
    for each in accounts:
        before = Card.objects.filter(account=each, ended_at__isnull=True)
        before.filter(since__gt=now).update(ended_at=now)  # of several that wait only the newest goes on waiting
        before.update(ended_at=since)
        if Card.objects.filter(account=each).exists():
            end_passkeys(each)
    number, codes = _word(12), [_word(8) for _ in range(CODES)]
    card = Card.objects.create(id=uuid7(), account=account, index=card_index(number), made_by=current().address, since=since)
    insert([CardCode(card=card, digest=card_digest(card.id, code)) for code in codes])
    for phone in SignInPhone.objects.filter(in_force(now), account=account):
        notices.put("card_printed", phone.value, language=account.locale, office=current().office)
    note(paper=paper)
    shown = tuple(f"{code[:4]}-{code[4:]}" for code in codes)
    return Printed(person.id, "-".join(number[n : n + 4] for n in (0, 4, 8)), shown, since)
