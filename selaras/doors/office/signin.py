"""How officers sign in: no sign-up, the second step sealed under our keys, single sign-on only for those already entered."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from selaras.doors.office.language import KEY as LANGUAGE
from selaras.doors.office.refusals import sentence
from selaras.doors.worker.guard import KEY as OWN
from selaras.ground.act import Refused
from selaras.ground.keyring import ring
from selaras.ground.ledger import write_apart
from selaras.ground.queries.offices import officer_by_email, officer_by_id
from selaras.ground.scope import Actor

PLACE = "mfa_authenticator.data"
STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""What counts as a second step; recovery codes alone do not."""
LOCKED_SECONDS = 15 * 60

# allauth names each change of an account by the message that it would send about it.
CHANGES = {
    "account/email/password_changed": "password",
    "account/email/password_reset": "password_reset",
    "account/email/password_set": "password",
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "recovery_codes",
}


def as_officer(user: Any) -> Actor:
    """Give the officer as the actor of a line about her own account: nobody acts for an office yet."""
    return Actor("officer", str(user.pk), user.name)


def as_visitor(address: str) -> Actor:
    """Give whoever tried an address: a keyed index of it, the same whether the address is an officer's or not."""
    return Actor("visitor", str(ring().index_of("email", address.strip().lower())), "")


def _lock(who: Actor) -> str:
    return f"selaras.locked.{who.id}"


def _who(officer_id: Any, email: str) -> tuple[Actor, Actor]:
    """Under which names an officer's tries are counted: her address before the password, herself after it."""
    return as_visitor(email), Actor("officer", str(officer_id), "")


def is_locked(officer_id: Any, email: str) -> bool:
    """Say whether an officer was turned away lately for too many wrong passwords or codes."""
    return any(cache.get_many([_lock(who) for who in _who(officer_id, email)]).values())


def forget_lock(request: HttpRequest, officer: Any) -> None:
    """Forget how often a wrong password or code was given for an officer, when the verb that allows it stands."""

    def forget() -> None:
        get_adapter(request)._delete_login_attempts_cached_email(request, email=officer.email)
        ratelimit.clear(request, action="login_failed", key=f"mfa-auth-user-{officer.pk}")
        cache.delete_many([_lock(who) for who in _who(officer.pk, officer.email)])

    transaction.on_commit(forget)


def send_first_message(request: HttpRequest, officer: Any) -> None:
    """Send an officer who was just entered the message by which she sets a password, in her language."""

    def send() -> None:
        form = ResetPasswordForm({"email": officer.email})
        with translation.override(officer.locale):
            if form.is_valid():
                form.save(request)

    # Robust: a post office that is closed must not undo the entry; the message can be asked for again at the sign-in page.
    transaction.on_commit(send, robust=True)


def tell_of_reset(request: HttpRequest, officer: Any) -> None:
    """Tell an officer by e-mail that her second step was taken away: if she did not ask, she must hear of it."""

    def send() -> None:
        with translation.override(officer.locale):
            get_adapter(request).send_mail("account/email/second_step_reset", officer.email, {"user": officer})

    transaction.on_commit(send, robust=True)


def lacks_second_step(request: Any) -> bool:
    """Say whether this officer must have a second step and has none; once passed, the session remembers."""
    if not request.user.needs_second_factor or request.session.get("second_step"):
        return False
    if is_mfa_enabled(request.user, STEPS):
        request.session["second_step"] = True
        return False
    return True


class SignIn(AuthenticationBackend):
    """The library's check of e-mail address and password; every request looks its officer up, so the statement is made once."""

    def get_user(self, user_id: Any) -> Any:
        """Give the officer of a session, none when she may not sign in any more."""
        officer = officer_by_id(user_id)
        return officer if officer is not None and self.user_can_authenticate(officer) else None


class AccountAdapter(DefaultAccountAdapter):
    """Officers are entered by an administrator; nobody signs up; sign-in and sign-out are ledger lines."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse every sign-up."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in under a fresh session, from which the working day counts."""
        request.session.pop(OWN, None)  # an officer's session is never a worker's, too
        super().login(request, user)
        request.session["began"] = request.session["used"] = int(time.time())
        request.session[LANGUAGE] = user.locale
        by = [str(r.get("type", r["method"])) for r in get_authentication_records(request, user)]
        # Only the demo's page of the cast signs in without a record of how.
        write_apart(as_officer(user), "ground.sign_in", "done", detail={"by": by or ["demo"]})

    def logout(self, request: HttpRequest) -> None:
        """Sign out."""
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            write_apart(as_officer(user), "ground.sign_out", "done", detail={"why": "asked"})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; note once that an address is locked, so that a flood of tries is no flood of lines."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            who = as_visitor(str(credentials.get("email", "")))
            if cache.add(_lock(who), 1, LOCKED_SECONDS):
                write_apart(who, "ground.sign_in", "refused", detail={"code": "too_often"})
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password; the line is the same whether the address is an officer's or not."""
        user: Any = request.user
        who = as_officer(user) if user.is_authenticated else as_visitor(str(credentials.get("email", "")))
        write_apart(who, "ground.sign_in", "refused", detail={"code": "wrong"})

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Note each change of an account; a removed second step is asked for again at the next page."""
        what = CHANGES.get(template_prefix)
        if what:
            write_apart(as_officer(user), "ground.change_sign_in", "done", detail={"what": what})
        if what in {"app_removed", "passkey_removed"}:
            self.request.session.pop("second_step", None)
        if what == "password_reset":
            self._delete_login_attempts_cached_email(self.request, email=user.email)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The library's key holds the Host header with its port, which the visitor chooses: each port would give five tries more.
        return str(credentials.get("email", "")).strip().lower()


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens the account of an officer who was entered; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse every sign-up."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Keep nothing of what the service tells about a person but its own id: the claims may hold a NIK."""
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, data)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the service's account to the officer with the same confirmed address; refuse everybody else."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(_refusal(request, "sso_not_by_hand"))
        if sociallogin.is_existing:
            return
        confirmed = [e.email for e in sociallogin.email_addresses if e.verified]
        officer = officer_by_email(confirmed[0]) if confirmed else None
        if officer is None or not officer.is_active:
            who = as_visitor(confirmed[0] if confirmed else "")
            write_apart(who, "ground.sign_in", "refused", detail={"code": "sso_unknown"})
            raise ImmediateHttpResponse(_refusal(request, "sso_unknown"))
        sociallogin.connect(request, officer)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Lead back to the officer's account page."""
        return reverse("mfa_index")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send none: the ledger has the line."""


def _refusal(request: HttpRequest, code: str) -> Any:
    return render(request, "403.html", {"refusal": sentence(Refused(code))}, status=403)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second step sealed; the library's default is plain text."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return ring().seal_text(text, PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return ring().open_text(bytes.fromhex(encrypted_text), PLACE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the portal, not its host, in the passkey dialogue."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Selaras"}


class SecondStep(AuthenticateForm):
    """The code of the second step; a wrong one is a ledger line, for the password was right."""

    def clean_code(self) -> str:
        """Check the code."""
        try:
            return str(super().clean_code())
        except ValidationError as fault:
            who = as_officer(self.user)
            if fault.code == "incorrect_code":
                write_apart(who, "ground.sign_in", "refused", detail={"code": "wrong_second_step"})
            elif cache.add(_lock(who), 1, LOCKED_SECONDS):
                write_apart(who, "ground.sign_in", "refused", detail={"code": "too_often"})
            raise
