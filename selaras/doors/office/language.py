"""The language of the pages: an officer's own from the moment she signs in; the switch keeps it for her next sign-in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

KEY = "language"
"""Where a session keeps it."""


def known(language: str) -> bool:
    """Say whether the pages exist in a language."""
    return language in dict(settings.LANGUAGES)


class OwnLanguage:
    """Shows the pages in the language that the session carries; a visitor without one keeps that of her browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer in the officer's language."""
        language = request.session.get(KEY, "")
        if known(language) and language != translation.get_language():
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)
