"""Long lists to choose from, regencies and places abroad: read when they are asked, and drawn once for each language."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from selaras.people.places import places_abroad, regencies

Rows = Callable[[str], tuple[tuple[str, str], ...]]


def in_any_language(language: str) -> tuple[tuple[str, str], ...]:
    """List the regencies, whose names are the same in every language."""
    return regencies()


class Long(BaseChoiceIterator):
    """The choices of a long list that may be left open; a form carries only this, never a copy of the list."""

    def __init__(self, rows: Rows, empty: Any) -> None:
        self.rows, self.empty = rows, empty

    def __deepcopy__(self, memo: dict[int, Any]) -> "Long":
        return self  # nothing in it changes, and every form of the page copies its fields

    def __contains__(self, code: object) -> bool:
        return code == "" or code in _codes(self.rows, get_language() or "id")

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield "", self.empty
        yield from self.rows(get_language() or "id")


@lru_cache(maxsize=16)
def _options(rows: Rows, language: str) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', rows(language))


@lru_cache(maxsize=16)
def _codes(rows: Rows, language: str) -> frozenset[str]:
    return frozenset(code for code, _ in rows(language))


class LongSelect(forms.Select):
    """Draws a long list from text made once; the library would run a template for each of five hundred options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the control with what is chosen marked."""
        choices, (chosen,) = self.choices, self.format_value(value)
        assert isinstance(choices, Long)
        options = format_html('<option value="">{}</option>', choices.empty) + _options(
            choices.rows, get_language() or "id"
        )
        mark = f'<option value="{escape(chosen)}"'
        options = mark_safe(options.replace(f"{mark}>", f"{mark} selected>", 1))  # noqa: S308 (both parts were escaped)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class LongChoice(forms.ChoiceField):
    """One of a long list."""

    widget = LongSelect

    def valid_value(self, value: Any) -> bool:
        """Say whether the list holds a code; the library would walk through the list."""
        return str(value) in self.choices


def regency(empty: Any, **options: Any) -> LongChoice:
    """Make a field for a regency or city that may be left open."""
    return LongChoice(required=False, choices=Long(in_any_language, empty), **options)


def place(empty: Any, **options: Any) -> LongChoice:
    """Make a field for a country or a district abroad that may be left open."""
    return LongChoice(required=False, choices=Long(places_abroad, empty), **options)
