"""The forms of what came after departure: few fields, each sent once."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.after import words
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.market.forms import PartyField
from selaras.doors.office.people import lists
from selaras.law.load import law
from selaras.place.actions.abroad import DEATH, Reported, correct_report
from selaras.place.queries.abroad import ReportLine

SAID = 500


def _known() -> PartyField:
    return PartyField(
        "employer", "principal", label=_("Employer in the register"), required=False,
        help_text=_("Its name or its key, as in the list. Empty: it does not stand there."),
    )  # fmt: skip


def _named() -> forms.CharField:
    return forms.CharField(label=_("Name of the employer, when it does not stand in the register"), required=False, max_length=160)


def _died() -> forms.DateField:
    return date_field(_("Died on"), _("Only when the cause is death. Empty: the day of the return."))


class Arrival(Once):
    """She arrived: when and where."""

    on = date_field(_("Arrived on"), _("Leave it empty for today."))
    country = lists.place(_("as the journey says"), label=_("Country or place abroad"))
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)


class Employer(Once):
    """She works for somebody else now: for whom, where, with which contract."""

    on = date_field(_("Works there since"), _("Leave it empty for today."))
    party = _known()
    employer = _named()
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
    died_on = _died()
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)

    def __init__(self, *args: Any, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if DEATH in without:
            del self.fields["died_on"]
        cause: Any = self.fields["cause"]
        english = get_language() == "en"
        rows = [row for row in law().causes_on(timezone.localdate()) if row.id not in without]
        cause.choices = [(row.id, row.label_en if english else row.label) for row in rows]


class CorrectArrival(Arrival):
    """The arrival as it truly was."""

    on = date_field(_("Arrived on"), required=True)
    country = lists.place("", label=_("Country or place abroad"))


class CorrectEmployer(Once):
    """The new employer as it truly is."""

    on = date_field(_("Works there since"), required=True)
    party = _known()
    employer = _named()
    place = forms.CharField(label=_("Address of the employer"), required=False, max_length=240)
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=SAID)


class CorrectReturn(Return):
    """The return as it truly was."""

    on = date_field(_("Came home on"), required=True)


class TakeBack(Once):
    """What was reported never happened."""

    reason = forms.CharField(label=_("Why is it taken back?"), max_length=300, help_text=_("The person may read this. No numbers, please."))


KINDS: dict[str, type[forms.Form]] = {"arrival": Arrival, "employer": Employer, "return": Return}
CORRECTS: dict[str, type[forms.Form]] = {"arrival": CorrectArrival, "employer": CorrectEmployer, "return": CorrectReturn}


def correcting(line: ReportLine, data: Any = None, **more: Any) -> forms.Form:
    """Make the form that corrects one report, with what it says filled in."""
    stood = {
        "on": line.on, "country": line.district or line.country, "cause": line.cause.id if line.cause else "", "employer": line.employer,
        "party": line.party.key if line.party else "", "died_on": line.died_on, "place": line.place, "words": line.words,
    }  # fmt: skip
    made = CORRECTS[line.kind](data, initial=stood, **more)
    if "country" in made.fields:
        made.fields["country"].required = True
    made.fields["reason"] = forms.CharField(
        label=_("Why is it corrected?"), max_length=300, help_text=_("The person may read this. No numbers, please.")
    )
    return made


def corrected(form: forms.Form, line: ReportLine, *, by_country: bool = False) -> Reported:
    """Send a correction as it was filled in; a form that asks by country alone leaves the place in it as it stands."""
    told = form.cleaned_data
    country = told.get("country", "")
    district = line.district if by_country and country == line.country else country if "-" in country else ""
    place = {"country": country.partition("-")[0], "district": district}
    more = {name: told[name] for name in ("cause", "died_on", "employer", "party", "place") if name in told}
    return correct_report(
        report_id=line.id, reason=told["reason"], on=told["on"], words=told["words"], once=told["once"],
        **(place if line.kind == "arrival" else {}), **more,
    )  # fmt: skip


def unfit(form: forms.Form, faults: Any) -> None:
    """Write faults beside their fields."""
    names = {"district": "country", "file": "file"}
    for fault in faults:
        name = names.get(fault.field, fault.field)
        form.add_error(name if name in form.fields else None, words.fault(fault.code, fault.params))
