"""Passkeys at the worker's door: the library that officers' passkeys use checks them; they hang on her account, not on an officer's."""

import json
from typing import Any
from uuid import UUID

from allauth.mfa.webauthn.internal.auth import get_server
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from selaras.doors.guard import public
from selaras.doors.worker.guard import OwnRequest, begin, own_page
from selaras.ground.act import as_job
from selaras.people.actions.passkeys import add_passkey, end_passkey, enter_passkey

ENTER, MAKE = "worker_passkey", "worker_new_passkey"
"""Where a session keeps what was asked of the telephone, for signing in and for making a passkey."""


def options_to_enter(request: Any) -> str:
    """Begin a sign-in by passkey: what the page hands to the telephone; it names nobody."""
    options, state = get_server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    request.session[ENTER] = state
    return json.dumps(dict(options))


def options_to_make(request: OwnRequest) -> str:
    """Begin to make a passkey; the telephone is told the account's id and no name, for others look at its list, too."""
    user = PublicKeyCredentialUserEntity(id=UUID(request.own.id).bytes, name="Selaras", display_name="Selaras")
    options, state = get_server().register_begin(
        user, resident_key_requirement=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[MAKE] = state
    return json.dumps(dict(options))


@require_POST
@public
def enter(request: Any) -> HttpResponse:
    """Sign in by a passkey; what does not fit leads back to the page of signing in."""
    state = request.session.pop(ENTER, None)
    answer = _answer(request, AuthenticationResponse)
    opened = None
    if state and answer is not None:

        def proves(kept: bytes) -> bool:
            try:
                get_server().authenticate_complete(state, [AttestedCredentialData(kept)], answer)
            except ValueError:
                return False
            return True

        with as_job("sign_in"):
            opened = enter_passkey(credential_id=answer.raw_id, proves=proves)
    if opened is None:
        return HttpResponseRedirect(reverse("worker_sign_in") + "?again=1")
    return begin(request, opened, "passkey")


@require_POST
@own_page("people.add_passkey")
def make(request: OwnRequest) -> HttpResponse:
    """Keep a passkey that her telephone has just made."""
    state = request.session.pop(MAKE, None)
    answer = _answer(request, RegistrationResponse)
    if state and answer is not None:
        try:
            made = get_server().register_complete(state, answer)
        except ValueError:
            made = None
        if made is not None and made.credential_data is not None:
            add_passkey(credential_id=made.credential_data.credential_id, data=bytes(made.credential_data))
    return HttpResponseRedirect(reverse("worker_ways"))


@require_POST
@own_page("people.end_passkey")
def remove(request: OwnRequest, passkey_id: UUID) -> HttpResponse:
    """Take a passkey away."""
    end_passkey(passkey_id=passkey_id)
    return HttpResponseRedirect(reverse("worker_ways"))


def _answer(request: HttpRequest, kind: Any) -> Any:
    """Read what the telephone answered; none when it cannot be read."""
    try:
        return kind.from_dict(json.loads(request.POST.get("answer", "")))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def trouble(request: HttpRequest) -> str:
    """Say that a passkey did not open, after it has led back."""
    return _("This passkey does not open. Use your telephone or your card.") if "again" in request.GET else ""
