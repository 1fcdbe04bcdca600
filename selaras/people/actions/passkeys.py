"""Passkeys of people who come in by themselves: what the door's library made is kept sealed, and found by its keyed index."""

import base64
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from selaras.ground import notices
from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.keyring import ring
from selaras.people.actions.enrolling import Enrolled
from selaras.people.actions.life import has_died
from selaras.people.actions.phones import in_force
from selaras.people.actions.signing_in import SignedIn, own_account
from selaras.people.models import Passkey, SignInPhone
from selaras.people.queries.surviving import all_of

MOST = 5
"""How many passkeys one account holds."""


def passkey_index(credential_id: bytes) -> UUID:
    """Give the keyed index of a passkey's own id."""
    return ring().index_of("passkey", base64.b64encode(credential_id).decode())


@act
def add_passkey(*, credential_id: bytes, data: bytes) -> Enrolled:
    """Keep a passkey that her telephone made while she was signed in; her telephones are told. The same one twice is one.

    It opens at once, so it needs a telephone that is told of it: whoever finds a card must not make it a way in of his own. Nor may the
    holder of an old telephone add one that would outlive it while a new telephone waits.
    """
    account, now = own_account(), timezone.now()
    if SignInPhone.objects.filter(account=account, since__gt=now, until__isnull=True).exists():
        raise Refused("passkey_phone_waits")
    if not SignInPhone.objects.filter(in_force(now), account=account).exists():
        raise Refused("passkey_needs_phone")
    if Passkey.objects.filter(account=account, ended_at__isnull=True).count() >= MOST:
        raise Refused("passkeys_enough")
    row, made = Passkey.objects.get_or_create(
        index=passkey_index(credential_id), account=account, defaults={"data": base64.b64encode(data).decode()}
    )
    if made:
        for phone in SignInPhone.objects.filter(in_force(now), account=account):
            notices.put("passkey_added", phone.value, language=account.locale)
    return Enrolled(account.person_id, "opened" if made else "again", row.id)


@act
def end_passkey(*, passkey_id: UUID) -> Enrolled:
    """Let a passkey open nothing any more; the sessions that it opened end with it."""
    account = own_account()
    mine = all_of(account.person_id)
    row = Passkey.objects.select_for_update(of=("self",)).filter(id=passkey_id, account__person_id__in=mine).first()
    if row is None:
        raise NotThere("not there")
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
    return Enrolled(account.person_id, "ended", row.id)


@act
def enter_passkey(*, credential_id: bytes, proves: Callable[[bytes], bool]) -> SignedIn | None:
    """Open an account by a passkey; `proves` is the door's library, which checks the answer against what was kept."""
    rows = Passkey.objects.filter(index=passkey_index(credential_id), ended_at__isnull=True, account__ended_at__isnull=True)
    row = rows.select_related("account").first()
    if row is not None:
        note(subject=row.account.person_id)
    if row is None or not proves(base64.b64decode(row.data)) or has_died(row.account.person_id):
        note(code="wrong")
        return None
    return SignedIn(row.account_id, row.account.person_id, row.id)
