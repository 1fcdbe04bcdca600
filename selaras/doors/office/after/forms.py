"""The forms of what came after departure: few fields, each sent once."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.after import words
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.people import lists
from selaras.law.load import law

SAID = 500


class Arrival(Once):
    """She arrived: when and where."""

    on = date_field(_("Arrived on"), _("Leave it empty for today."))
    country = lists.place(_("as the journey says"), label=_("Country or place abroad"))
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)


class Employer(Once):
    """She works for somebody else now: for whom, where, with which contract."""

    on = date_field(_("Works there since"), _("Leave it empty for today."))
    employer = forms.CharField(label=_("Name of the employer"), max_length=160)
    place = forms.CharField(label=_("Address of the employer"), required=False, max_length=240)
    consented = forms.BooleanField(label=_("Worker and employer both consent to this change"), required=False)
    file = forms.FileField(
        label=_("The new contract"), required=False, help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)


class Return(Once):
    """She came home: when and why."""

    on = date_field(_("Came home on"), _("Leave it empty for today."))
    cause = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect, help_text=_("The causes of article 27."))
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)

    def __init__(self, *args: Any, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cause: Any = self.fields["cause"]
        english = get_language() == "en"
        rows = [row for row in law().causes_on(timezone.localdate()) if row.id not in without]
        cause.choices = [(row.id, row.label_en if english else row.label) for row in rows]


KINDS: dict[str, type[forms.Form]] = {"arrival": Arrival, "employer": Employer, "return": Return}


def unfit(form: forms.Form, faults: Any) -> None:
    """Write faults beside their fields."""
    names = {"district": "country", "file": "file"}
    for fault in faults:
        name = names.get(fault.field, fault.field)
        form.add_error(name if name in form.fields else None, words.fault(fault.code, fault.params))
