"""Signing in from outside, done by a named job before anybody acts: by a code to the telephone, or by a card from the desk.

Who asks learns nothing: a telephone that signs nobody in gets the same answer after the same work, and reaches nobody.
"""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground import notices
from selaras.ground.act import NotThere, act, note
from selaras.ground.keyring import ring
from selaras.ground.scope import current
from selaras.people.actions.enrolling import Asked, Enrolled
from selaras.people.actions.life import has_died
from selaras.people.actions.phones import (
    CODES_AN_HOUR,
    MINUTES,
    WRONG_AN_HOUR,
    card_opens,
    check_code,
    in_force,
    make_code,
    put_phone,
    refuse_unfit,
    same,
    spelt,
    still_taken,
    wait,
)
from selaras.people.actions.writing import lock
from selaras.people.faults import Unfit
from selaras.people.models import Account, Card, CardCode, PhoneCode, SignInPhone
from selaras.people.queries.surviving import all_of

HOUR = dt.timedelta(hours=1)
CARD_TRIES = 10
"""How many wrong codes one card stands in an hour."""
_SIGNS = re.compile(r"[^0-9A-HJKMNP-TV-Z]")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose account was opened, and through what: the session lasts no longer than that telephone or card."""

    account_id: UUID
    person_id: UUID
    through: UUID

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def tidy(text: str) -> str:
    """Give what stands on a card in its one spelling: capitals, O read as 0, I and L as 1, nothing between."""
    return _SIGNS.sub("", text.upper().translate(str.maketrans("OIL", "011")))


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which an account was opened before, as its own cookie says."""

    id: UUID
    account_id: UUID


@act
def ask_code(*, phone: str, country: str = "", device: Device | None = None) -> UUID:
    """Send a code to a telephone that signs somebody in; give the id under which it is typed, for every number alike.

    What strangers ask for her telephone is counted apart from what she asks where she was signed in before: else whoever knows her
    number could keep her out, hour by hour.
    """
    try:
        value, index = spelt(phone, country)
    except Unfit:
        value, index = "", ring().index_of("phone", phone.strip())
    now = timezone.now()
    known = (
        SignInPhone.objects.filter(in_force(now), index=index, account__ended_at__isnull=True).select_related("account").first()
    )
    own = device.id if device is not None and known is not None and known.account_id == device.account_id else None
    lately = PhoneCode.objects.filter(index=index, purpose="sign_in", asked_at__gt=now - HOUR, device=own)
    held = lately.count() >= CODES_AN_HOUR or (lately.aggregate(n=Sum("tries"))["n"] or 0) >= WRONG_AN_HOUR
    row, code = make_code(
        "sign_in", value, index, current().address, person_id=known.account.person_id if known else None, phone=known,
        device=own,
    )
    if held:  # of no use to whoever guesses: it is closed before it begins, and says so to nobody
        row.used_at = now
    row.save(update_fields=["used_at"])
    notices.put(
        "sign_in_code", value if known and not held else "", language=known.account.locale if known else "id",
        lasts=dt.timedelta(minutes=MINUTES), code=code, minutes=MINUTES,
    )  # fmt: skip
    note(subject=row.person_id, **({"code": "too_often"} if held else {}))
    return row.id


@act
def enter_code(*, code_id: UUID, code: str) -> SignedIn | None:
    """Open an account by the code that its telephone was sent; none when it does not open, whatever the cause."""
    row, opens = check_code(code_id, code, "sign_in")
    phone = None
    if row is not None:
        note(subject=row.person_id)
        # Asked also when there is none: the same statements for a telephone that nobody has.
        rows = SignInPhone.objects.filter(in_force(timezone.now()), id=row.phone_id or code_id)
        phone = rows.select_related("account").first()
    if not opens or phone is None or phone.account.ended_at is not None or has_died(phone.account.person_id):
        note(code="wrong")
        return None
    return SignedIn(phone.account_id, phone.account.person_id, phone.id)


@act
def enter_card(*, number: str, code: str) -> SignedIn | None:
    """Open an account by a card and one of its codes, which is used up by it; none when it does not open, whatever the cause."""
    now = timezone.now()
    rows = Card.objects.select_for_update(of=("self",)).select_related("account")
    card = rows.filter(card_opens(now), index=card_index(number), account__ended_at__isnull=True).first()
    card_id = card.id if card else uuid7()
    digest = card_digest(card_id, code)
    codes = list(CardCode.objects.filter(card_id=card_id, used_at__isnull=True))
    fitting = [c.id for c in codes if same(c.digest, digest)]
    lately = card.tries if card and card.tried_at and card.tried_at > now - HOUR else 0
    opens = card is not None and bool(fitting) and lately < CARD_TRIES and not has_died(card.account.person_id)
    CardCode.objects.filter(id__in=fitting if opens else [card_id]).update(used_at=now)
    Card.objects.filter(id=card_id).update(tries=0 if opens else lately + 1, tried_at=now)
    if card is not None:
        note(subject=card.account.person_id)
    if not opens or card is None:
        note(code="wrong")
        return None
    return SignedIn(card.account_id, card.account.person_id, card.id)


def card_index(number: str) -> UUID:
    """Give the keyed index of a card's number."""
    return ring().index_of("card", tidy(number))


def card_digest(card_id: UUID, code: str) -> UUID:
    """Give the keyed hash of a card's code, bound to the card."""
    return ring().index_of("card_code", f"{card_id}\0{tidy(code)}")


def own_account() -> Account:
    """Give the account of whoever acts, locked."""
    # By her own id: the record of somebody who was merged into hers is within reach, too.
    account = Account.objects.select_for_update(of=("self",)).filter(id=current().id, ended_at__isnull=True).first()
    if account is None:
        raise NotThere("not there")
    return account


@act
def ask_change(*, phone: str, country: str = "") -> Asked:
    """Send a code to a new telephone that a person names for herself; it must answer before it waits."""
    account = own_account()
    value, index = spelt(phone, country)
    refuse_unfit(index, all_of(account.person_id))
    row, code = make_code("change", value, index, current().address, person_id=account.person_id)
    notices.put("new_phone", value, language=account.locale, lasts=row.until - timezone.now(), code=code)
    return Asked(account.person_id, row.id)


@act
def change_phone(*, code_id: UUID, code: str) -> Enrolled:
    """Name a new telephone by the code that it was sent: it waits, the old one is told and can stop it."""
    waiting = PhoneCode.objects.filter(id=code_id, purpose="change", asked_by=current().address).first()
    if waiting is None:
        raise NotThere("not there")
    lock([waiting.index])
    account = own_account()
    row, opens = check_code(code_id, code, "change")
    if row is None or not opens:
        note(code="wrong")
        return Enrolled(account.person_id, "wrong")
    mine = all_of(account.person_id)
    refuse_unfit(row.index, mine)
    there = still_taken(row.index).filter(account__person_id__in=mine, until__isnull=True).first()
    if there is not None:
        return Enrolled(account.person_id, "again", there.id)
    # Also beside a card alone: whoever finds a card must not make it a telephone of his own within the hour.
    made = put_phone(account, row.value, row.index, "changed", current().address, timezone.now() + wait())
    return Enrolled(account.person_id, "waits", made.id)


@act
def end_sessions() -> Enrolled:
    """Sign her out wherever she is signed in."""
    account = own_account()
    account.sessions += 1
    account.save(update_fields=["sessions"])
    return Enrolled(account.person_id, "ended")


@act
def remove_codes() -> int:
    """Remove the codes of days past; give how many."""
    gone, _ = PhoneCode.objects.filter(asked_at__lt=timezone.now() - dt.timedelta(days=1)).delete()
    note(count=gone)
    return gone


def keep_account_language(account_id: UUID, language: str) -> None:
    """Keep the language in which somebody reads her page; no ledger line, it tells nothing about anybody."""
    Account.objects.filter(id=account_id).update(locale=language)
