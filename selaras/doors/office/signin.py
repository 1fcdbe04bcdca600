"""How officers sign in: no sign-up, second factor sealed under our keys, single sign-on only for those already entered."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from selaras.ground.keyring import ring

PLACE = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    """Officers are entered by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse every sign-up."""
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens the account of an officer who was entered; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse every sign-up."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second factor sealed; the library's default is plain text."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return ring().seal_text(text, PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return ring().open_text(bytes.fromhex(encrypted_text), PLACE)
