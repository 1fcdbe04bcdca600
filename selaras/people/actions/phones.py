"""What the verbs of sign-in share: whether a telephone may sign somebody in, making and checking codes, replacing a telephone."""

import datetime as dt
import hmac
import secrets
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground import notices
from selaras.ground.act import handed_to
from selaras.ground.keyring import ring
from selaras.law.load import law
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Account, Card, Identifier, OfficePhone, Passkey, PhoneCode, SignInPhone
from selaras.people.numbers import index_of, number_faults, spelling

MINUTES = 10
TRIES = 5
"""How often one code may be typed wrongly."""
CODES_AN_HOUR = 5
WRONG_AN_HOUR = 10
"""How many wrong codes one telephone stands in an hour, over all its codes; beyond it no code opens it."""
MANY = 3
"""With so many other persons of the register a telephone is shared: an agency's, a dormitory's, a broker's."""


def spelt(phone: str, country: str = "") -> tuple[str, UUID]:
    """Give a telephone in its one spelling and its keyed index; raise Unfit when it is none."""
    value = spelling("phone", phone, country)
    faults = number_faults("phone", value)
    if faults:
        raise Unfit(faults)
    return value, index_of("phone", value)


def in_force(at: dt.datetime) -> Q:
    """Give the condition of a telephone that signs in at a moment."""
    return Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))


def card_opens(at: dt.datetime) -> Q:
    """Give the condition of a card that signs in at a moment."""
    return Q(since__lte=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def still_taken(index: UUID) -> QuerySet[SignInPhone]:
    """Give the accounts' rows that hold a telephone now or will hold it."""
    rows: QuerySet[SignInPhone] = SignInPhone.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()), index=index)
    return rows


def refuse_unfit(index: UUID, person_ids: list[UUID]) -> None:
    """Refuse a telephone that another worker signs in with, that is an office's, or that many persons share; looks at the whole nation."""
    with handed_to("sign_in"):
        code = _unfit(index, person_ids)
    if code:
        raise Unfit([Fault("phone", code)])


def _unfit(index: UUID, person_ids: list[UUID]) -> str:
    if OfficePhone.objects.filter(index=index).exists():
        return "phone_of_an_office"
    if still_taken(index).filter(account__ended_at__isnull=True).exclude(account__person_id__in=person_ids).exists():
        return "phone_of_another"
    others = Identifier.objects.filter(kind="phone", index=index).exclude(person_id__in=person_ids).exclude(doubt="other")
    return "phone_shared" if others.values("person_id").distinct()[:MANY].count() >= MANY else ""


def digest_of(code_id: UUID, code: str) -> UUID:
    """Give the keyed hash of a code: bound to its row, so that equal codes do not look equal."""
    return ring().index_of("code", f"{code_id}\0{code}")


def same(one: UUID, other: UUID) -> bool:
    """Compare two hashes in a time that tells nothing."""
    return hmac.compare_digest(one.bytes, other.bytes)


def make_code(purpose: str, value: str, index: UUID, by: str, **more: object) -> tuple[PhoneCode, str]:
    """Make a code of six digits and the row that knows its hash; the code itself is only in the message."""
    code_id, code = uuid7(), f"{secrets.randbelow(10**6):06d}"
    row = PhoneCode.objects.create(
        id=code_id, purpose=purpose, value=value, index=index, digest=digest_of(code_id, code), asked_by=by,
        until=timezone.now() + dt.timedelta(minutes=MINUTES), **more,
    )  # fmt: skip
    return row, code


def check_code(code_id: UUID, code: str, purpose: str) -> tuple[PhoneCode | None, bool]:
    """Count a try of a code, locked, and say whether it opens; the row is none when there is no such code for this actor."""
    row = PhoneCode.objects.select_for_update(of=("self",)).filter(id=code_id, purpose=purpose).first()
    fits = same(row.digest if row else uuid7(), digest_of(code_id, code.strip()))
    if row is None:
        return None, False
    open_still = row.used_at is None and row.tries < TRIES and row.until > timezone.now()
    row.tries += 1
    if fits and open_still:
        row.used_at = timezone.now()
    row.save(update_fields=["tries", "used_at"])
    return row, fits and open_still


def wait() -> dt.timedelta:
    """Give the time for which a new telephone waits."""
    return dt.timedelta(days=law().clock("phone_wait", timezone.localdate()).days or 0)


def begins(account: Account, person_ids: list[UUID]) -> dt.datetime:
    """Give the moment from which a new way in opens: at once where there is none; a day later beside another, or after a closing.

    The wait is for the owner of the old way: whoever holds her phone for a minute, or makes an officer believe that he speaks for
    her, must not take her page before she can read of it and stop it. Nor may an officer alone, by closing it first.
    """
    now = timezone.now()
    # A card or a passkey as well: an account without any telephone is hers, too.
    beside = (
        SignInPhone.objects.filter(in_force(now), account=account).exists()
        or Card.objects.filter(card_opens(now), account=account).exists()
        or Passkey.objects.filter(account=account, ended_at__isnull=True).exists()
    )
    closed = Account.objects.filter(person_id__in=person_ids, ended_at__gt=now - wait()).exists()
    return now + wait() if beside or closed else now


def end_passkeys(account: Account) -> None:
    """End every passkey of an account, and the sessions that they opened: whoever held the replaced way may have made them."""
    Passkey.objects.filter(account=account, ended_at__isnull=True).update(ended_at=timezone.now())


def put_phone(account: Account, value: str, index: UUID, how: str, by: str, since: dt.datetime) -> SignInPhone:
    """Give an account a telephone from a moment on, until which the one before goes on; that one is told at once, and passkeys end."""
    now = timezone.now()
    before = list(SignInPhone.objects.select_for_update(of=("self",)).filter(in_force(now), account=account))
    # of several that wait only the newest goes on waiting
    SignInPhone.objects.filter(account=account, since__gt=now, until__isnull=True).update(until=now)
    for old in before:
        old.until = since
        old.save(update_fields=["until"])
        notices.put("phone_waits", old.value, language=account.locale, at=timezone.localtime(since).strftime("%d-%m-%Y %H:%M"))
    # Already now: nothing runs at the moment of taking over, and while a telephone waits no passkey is added.
    end_passkeys(account)
    return SignInPhone.objects.create(account=account, value=value, index=index, since=since, how=how, by=by)
