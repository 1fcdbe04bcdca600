"""The forms of the market: what a verb is told."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.market.words import CHANNELS, PARTY_KINDS, RECRUITED
from selaras.doors.office.people.forms import HomeMixin
from selaras.doors.party_names import party_name
from selaras.market.queries.countries import group_choices, job_choices
from selaras.people.places import country_name, district_country, places_abroad
from selaras.people.queries.parties import parties, party_by_key


def _date(label: Any, required: bool = False, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _words(label: Any, length: int = 240, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **more)


class Nothing(forms.Form):
    """A change that is told nothing."""


class Why(forms.Form):
    """Why something is done."""

    reason = _words(_("Why?"), widget=forms.Textarea(attrs={"rows": 3}))


class Once(forms.Form):
    """A form that is sent once, however often its button is pressed."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)


class Grant(forms.Form):
    """A licence."""

    number = _words(_("Number of the licence (SIP3MI)"), 80)
    capital = forms.IntegerField(label=_("Paid-up capital (rupiah)"), min_value=0, localize=False, help_text=_("At least Rp5,000,000,000."))
    deposit = forms.IntegerField(label=_("Deposit (rupiah)"), min_value=0, localize=False, help_text=_("At least Rp1,500,000,000."))
    since = _date(_("From"), help_text=_("Empty: from today. A licence lasts five years."))


class Money(Once):
    """A movement of the deposit."""

    amount = forms.IntegerField(label=_("Amount (rupiah)"), min_value=1, localize=False)
    reason = _words(_("Why?"), help_text=_("Which duty was not met, or the bank's paper."))


class Stand(forms.Form):
    """Where a party stands from now on."""

    reason = _words(_("Why?"), widget=forms.Textarea(attrs={"rows": 3}))
    basis = _words(_("Basis"), 40, initial="UU18:37")
    since = _date(_("From"), help_text=_("Empty: from today."))
    until = _date(_("Last day"), help_text=_("Empty: until it is lifted."))


class Flag(Stand):
    """A problem of a party abroad."""

    basis = _words(_("Basis"), 40, initial="UU18:10")


class Enter(forms.Form):
    """A party."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[])
    individual = forms.BooleanField(
        label=_("A household"), required=False, help_text=_("It is entered without its name, which stands in the contract only.")
    )
    name = _words(_("Name"), 160, required=False)
    place = forms.ChoiceField(label=_("Country or place abroad"), choices=[])
    number = _words(_("Number in its register of companies"), 60, required=False, help_text=_("With it the same party is entered once."))
    address = _words(_("Address"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        kind, place = self.fields["kind"], self.fields["place"]
        kind.choices = [(k, v) for k, v in PARTY_KINDS.items()]  # type: ignore[attr-defined]
        choices = [("", gettext("choose")), ("IDN", country_name("IDN", language)), *places_abroad(language)]
        place.choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Tell a country from a district of it; a name is asked for unless it is a household."""
        data = super().clean() or {}
        code = data.pop("place", "")
        country = district_country(code) or code
        data |= {"country": country, "district": code if code != country else ""}
        if not data.get("name") and not data.get("individual"):
            self.add_error("name", _("Write the name."))
        return data


class Correct(forms.Form):
    """What a party is called."""

    name = _words(_("Name"), 160)
    address = _words(_("Address"), required=False)
    number = _words(_("Number in its register of companies"), 60, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PartyField(forms.CharField):
    """A party, by its key or its name."""

    def __init__(self, *kinds: str, **more: Any) -> None:
        super().__init__(max_length=160, help_text=more.pop("help_text", _("Its name or its key, as in the list.")), **more)
        self.kinds = kinds

    def clean(self, value: Any) -> str:
        """Find the one party that is meant."""
        text = " ".join(str(super().clean(value)).split())
        if not text:
            return ""
        line = party_by_key(text)
        if line is not None and line.kind in self.kinds:
            return line.key
        found = [p for kind in self.kinds for p in parties(kind, text, limit=7)[0]]
        exact = [p for p in found if p.name.casefold() == text.casefold()]
        if len(exact or found) == 1:
            return (exact or found)[0].key
        if not found:
            raise forms.ValidationError(_("No such party is entered. Look it up in the list, or enter it first."))
        several = "; ".join(f"{party_name(p)} ({p.key})" for p in found[:6])
        raise forms.ValidationError(_("Several fit. Write the key of the right one: %(several)s."), params={"several": several})


class Cooperation(forms.Form):
    """A cooperation agreement with a partner abroad."""

    partner = PartyField("partner", "employer", "principal", label=_("Partner, company or principal abroad"))
    number = _words(_("Number of the agreement"), 80)
    since = _date(_("From"), required=True)
    until = _date(_("Last day"), help_text=_("Empty: none is written."))


class Order(Once):
    """A job order that is asked for."""

    employer = PartyField("employer", "principal", label=_("Employer or principal"))
    partner = PartyField(
        "partner",
        label=_("Partner agency there"),
        required=False,
        help_text=_("A household hires through a partner agency only."),
    )
    job = forms.ChoiceField(label=_("Job"), choices=[])
    title = _words(_("Work as the employer calls it"), 120)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=5000)
    wage = forms.DecimalField(label=_("Wage a month"), max_digits=14, decimal_places=2, min_value=0)
    currency = _words(_("Currency"), 3, help_text=_("Three letters, such as TWD."))
    hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=98)
    months = forms.IntegerField(label=_("Months of the contract"), min_value=1, max_value=60)
    letter = _words(_("Number of the employer's request letter"), 80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].choices = [("", gettext("choose")), *job_choices(get_language() or "id")]  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        """Write a currency in capitals."""
        return str(self.cleaned_data["currency"]).upper()


class Attest(forms.Form):
    """The number and the days of a job order."""

    number = _words(_("Number of the job order"), 80)
    since = _date(_("From"), help_text=_("Empty: from today."))
    until = _date(_("Last day"), required=True)


class AskPermit(forms.Form):
    """The papers for a permit to recruit."""

    draft_placement = _words(_("Number of the draft placement agreement"), 80)
    draft_contract = _words(_("Number of the draft work contract"), 80)


class Issue(forms.Form):
    """A permit to recruit."""

    number = _words(_("Number of the permit (SIP2MI)"), 80)
    since = _date(_("From"), help_text=_("Empty: from today. It runs as long as the job order."))


class Status(forms.Form):
    """What holds for a country and a job from a day on."""

    country = forms.ChoiceField(label=_("Country"), choices=[])
    job = forms.ChoiceField(label=_("Job"), choices=[], required=False)
    channel = forms.ChoiceField(label=_("What holds"), choices=[])
    since = _date(_("From"), required=True)
    basis = _words(_("Basis"), 40, help_text=_("The instrument and its article."))
    note_id = _words(_("Explanation in Indonesian"), 300)
    note_en = _words(_("Explanation in English"), 300, required=False)
    unsure = forms.BooleanField(label=_("Not sure: the deciding paper was not seen"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        shown = [(code, name) for code, name in places_abroad(language) if len(code) == 3]
        self.fields["country"].choices = [("", gettext("choose")), *shown]  # type: ignore[attr-defined]
        self.fields["job"].choices = [
            ("", gettext("every job")),
            *group_choices(language),
            *job_choices(language),
        ]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [(k, v) for k, v in CHANNELS.items() if k != "unlisted"]  # type: ignore[attr-defined]


class Admit(forms.Form):
    """An agency's admission to a restricted channel."""

    country = forms.ChoiceField(label=_("Country"), choices=[])
    job = forms.ChoiceField(label=_("Job"), choices=[], required=False)
    basis = _words(_("Basis"), 40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        shown = [(code, name) for code, name in places_abroad(language) if len(code) == 3]
        self.fields["country"].choices = [("", gettext("choose")), *shown]  # type: ignore[attr-defined]
        self.fields["job"].choices = [
            ("", gettext("every job")),
            *group_choices(language),
            *job_choices(language),
        ]  # type: ignore[attr-defined]


class Seen(Once, HomeMixin):
    """What was seen of recruiting."""

    agency = PartyField("agency", label=_("Agency"))
    country = forms.ChoiceField(label=_("For which country"), choices=[])
    on = _date(_("Day"), required=True)
    what = forms.ChoiceField(label=_("What happened"), choices=list(RECRUITED.items()))
    number = _words(_("Number of the job order, if one was named"), 80, required=False)
    words = _words(_("In your words"), 300, required=False, help_text=_("No names of candidates."))

    field_order = ("agency", "country", "on", "regency", "village", "what", "number", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(code, name) for code, name in places_abroad(get_language() or "id") if len(code) == 3]
        self.fields["country"].choices = [("", gettext("choose")), *shown]  # type: ignore[attr-defined]

    def clean_on(self) -> Any:
        """Refuse a day that is to come."""
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["on"]

    def clean(self) -> dict[str, Any]:
        """Find the place where it happened."""
        data = super().clean() or {}
        area = self.home_area()
        if not area and not self.errors:
            self.add_error("regency", _("Choose where it happened."))
        return {k: v for k, v in data.items() if k not in ("regency", "village")} | {"area": area}
