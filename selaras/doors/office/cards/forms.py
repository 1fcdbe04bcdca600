"""The forms of the card: a reason from a list, words for the record, and a key so that a double click does nothing twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.cards.words import REASONS
from selaras.doors.office.journeys.forms import Once
from selaras.place.actions.passes import REPLACEMENTS, REVOCATIONS, SUSPENSIONS, WORDS


def _words(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS, required=required, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The worker may read this. No numbers, please."),
    )  # fmt: skip


def _reason(codes: tuple[str, ...]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Why?"), choices=[("", _("choose")), *((code, REASONS[code]) for code in codes)])


class Issue(Once):
    """Issue a card."""


class Of(Once):
    """Something that is done with one card."""

    pass_id = forms.UUIDField(widget=forms.HiddenInput)


class Suspend(Of):
    """Suspend a card."""

    reason = _reason(SUSPENSIONS)
    words = _words(_("More about it"), required=False)


class Lift(Of):
    """Let a card hold again."""

    words = _words(_("Why does it hold again?"), required=True)


class Revoke(Of):
    """Take a card back for good."""

    reason = _reason(REVOCATIONS)
    words = _words(_("What is known"), required=True)


class Replace(Of):
    """Put another card in its place."""

    reason = _reason(REPLACEMENTS)
    words = _words(_("More about it"), required=False)
