"""Sentences in both languages on the command line, with the catalogues alone: no database, no settings of a copy."""

from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation

LOCALE = Path(__file__).resolve().parents[2] / "locale"
LANGUAGES = ("id", "en")


def in_each_language() -> Iterator[str]:
    """Give each language in turn, with its catalogue in force."""
    if not settings.configured:
        settings.configure(USE_I18N=True, LANGUAGE_CODE="id", LOCALE_PATHS=[LOCALE])
        django.setup()
    for language in LANGUAGES:
        with translation.override(language):
            yield language
