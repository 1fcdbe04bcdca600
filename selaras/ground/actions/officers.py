"""Verbs on officers: enter, post, move, end, switch off and on, second step, lockout. Nobody changes her own account here."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db.models import F
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.looking_after import held, may_be_posted, offices_of
from selaras.ground.models import Office, Officer, Posting
from selaras.ground.scope import current

REASONS = ("left", "leave", "misuse", "device", "back", "asked")
"""Why an account is switched or a second step taken away: left the office, on leave, misuse suspected, device lost, back, asked for it."""


@act
def add_officer(
    *, email: str, name: str, password: str | None = None, locale: str = "id", second_factor: bool = True
) -> Officer:
    """Enter an officer; without a password she sets one by the reset message."""
    email = email.strip().lower()
    if Officer.objects.filter(email__iexact=email).exists():
        raise Refused("officer_exists")
    officer = Officer(email=email, name=" ".join(name.split()), locale=locale, needs_second_factor=second_factor)
    if password is None:
        officer.set_unusable_password()
    else:
        validate_password(password, officer)
        officer.set_password(password)
    officer.save()
    note(officer=str(officer.pk))
    return officer


@act
def post_officer(*, officer: Officer, office: Office, role: str, since: date | None = None) -> Posting:
    """Post an officer to an office, in a role that the actor may give; nobody posts herself. Doing it twice is doing it once."""
    actor = current()
    if actor.address == f"officer:{officer.pk}":
        raise Refused("not_oneself")  # nobody widens her own sight
    may_be_posted(actor, office, role)
    posting, made = _post(officer, office, role, since or timezone.localdate())
    note(officer=str(officer.pk), office=str(office.pk), role=role, again=not made)
    return posting


@act
def move_officer(*, posting_id: UUID, office: Office, role: str, since: date | None = None) -> Posting:
    """Post an officer elsewhere or in another role, and end the posting that she had the day before."""
    day = since or timezone.localdate()
    may_be_posted(current(), office, role)
    posting = _held_posting(posting_id)
    if (posting.office_id, posting.role) == (office.pk, role):
        raise Refused("same_posting")
    moved, made = _post(posting.officer, office, role, day)
    if posting.until is None or posting.until >= day:
        posting.until = max(posting.since, day - timedelta(days=1))
        posting.save(update_fields=["until"])
    elif made:
        raise Refused("posting_over")
    note(officer=str(posting.officer_id), of=str(posting.office_id), was=posting.role, office=str(office.pk), role=role, again=not made)
    return moved


@act
def end_posting(*, posting_id: UUID, until: date | None = None) -> Posting:
    """End a posting; from the day after, its reach is gone."""
    posting = _held_posting(posting_id)
    until = until or timezone.localdate()
    if until < posting.since:
        raise Refused("ends_before_it_begins")
    posting.until = until
    posting.save(update_fields=["until"])
    note(officer=str(posting.officer_id), office=str(posting.office_id), role=posting.role)
    return posting


@act
def switch_off_officer(*, officer_id: UUID, reason: str) -> Officer:
    """Switch an officer off: she is signed out everywhere at once and cannot sign in."""
    return _switch(officer_id, reason, on=False)


@act
def switch_on_officer(*, officer_id: UUID, reason: str) -> Officer:
    """Let an officer sign in again; her postings are as they were."""
    return _switch(officer_id, reason, on=True)


@act
def reset_second_step(*, officer_id: UUID, reason: str) -> Officer:
    """Remove an officer's second step and sign her out everywhere; she must set one up when she signs in again."""
    _known(reason)
    officer = held(current(), officer_id)
    removed, _ = Authenticator.objects.filter(user_id=officer.pk).delete()
    officer.needs_second_factor = True
    _end_sessions(officer, "needs_second_factor")
    note(officer=str(officer.pk), reason=reason, removed=removed)
    return officer


@act
def unlock_officer(*, officer_id: UUID) -> Officer:
    """Let an officer try again who was locked out after wrong passwords or codes; the door forgets its count."""
    officer = held(current(), officer_id)
    note(officer=str(officer.pk))
    return officer


def keep_language(officer_id: Any, language: str) -> None:
    """Keep the language in which an officer reads; no ledger line, it tells nothing about anybody."""
    Officer.objects.filter(pk=officer_id).update(locale=language)


def _post(officer: Officer, office: Office, role: str, since: date) -> tuple[Posting, bool]:
    return Posting.objects.get_or_create(
        officer=officer, office=office, role=role, until=None, defaults={"since": since}
    )


def _held_posting(posting_id: UUID) -> Posting:
    """Give a posting at an office that the actor looks after, locked; one's own is left to somebody else."""
    actor = current()
    rows = Posting.objects.select_for_update(of=("self",)).select_related("officer")
    posting = rows.filter(offices_of(actor, "office__"), pk=posting_id).first()
    if posting is None:
        raise NotThere("not there")
    if actor.address == f"officer:{posting.officer_id}":
        raise Refused("not_oneself")
    return posting


def _switch(officer_id: UUID, reason: str, *, on: bool) -> Officer:
    _known(reason)
    officer = held(current(), officer_id)
    again = officer.is_active == on
    if not again:
        officer.is_active = on
        _end_sessions(officer, "is_active")
    note(officer=str(officer.pk), reason=reason, again=again)
    return officer


def _end_sessions(officer: Officer, *changed: str) -> None:
    officer.sessions = F("sessions") + 1
    officer.save(update_fields=["sessions", *changed])
    officer.refresh_from_db(fields=["sessions"])


def _known(reason: str) -> None:
    if reason not in REASONS:
        raise Refused("unknown_reason")
