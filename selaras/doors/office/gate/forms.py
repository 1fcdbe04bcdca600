"""The forms of the gate: a justification, what the officer saw, and a key so that a double click decides once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys.forms import Once
from selaras.place.actions.gate import WORDS


def _words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=WORDS, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class Decide(Once):
    """Decide what the list leaves open."""

    justification = _words(_("Justification"), _("What you looked at, in a sentence. The worker reads it on the record. No numbers, please."))
    decision = forms.CharField(widget=forms.HiddenInput, max_length=5)
    version = forms.IntegerField(widget=forms.HiddenInput, localize=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)


class Second(Once):
    """Speak to a proposal as the second officer."""

    justification = _words(_("Your justification"), _("What you looked at yourself. The worker reads it on the record."))
    answer = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect,
        choices=[("confirm", _("I confirm: the worker may leave")), ("decline", _("I do not confirm"))],
    )  # fmt: skip
    decision_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)


class Say(Once):
    """Say whether the condition of a row holds."""

    holds = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect, choices=[("yes", _("yes")), ("no", _("no"))])
    words = _words(_("How do you know?"), _("Whom you asked, or what you looked at."))
    condition = forms.CharField(widget=forms.HiddenInput, max_length=40)


class Object(Once):
    """Object to a hold."""

    words = _words(_("What the worker says"), _("In the own words of the worker or the family, who may object through any desk."))
    decision_id = forms.UUIDField(widget=forms.HiddenInput)


class Answer(Once):
    """Answer an appeal."""

    answer = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect,
        choices=[("grant", _("The hold is set aside and the worker is judged anew")), ("refuse", _("The hold stays"))],
    )  # fmt: skip
    words = _words(_("Why"), _("The worker reads this."))
    appeal_id = forms.UUIDField(widget=forms.HiddenInput)
