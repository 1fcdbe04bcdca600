"""The forms of a village: few fields, each with a key of its own, so that nothing is written twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts.forms import Amount
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.market.forms import PartyField
from selaras.doors.office.people import lists
from selaras.doors.office.people.forms import HomeMixin, Register, choices
from selaras.doors.office.prepare.words import (
    COURSE_PAYERS,
    COURSES,
    CREDITS,
    ENROLMENTS,
    LANGUAGES,
    MOVES,
    SIGNAL_STATES,
    TELLERS,
)
from selaras.people.queries.parties import named, parties


class Letter(Once):
    """One letter as it lies on the desk, and what the officer looked at."""

    kind = forms.ChoiceField(label=_("Which letter?"), widget=forms.RadioSelect)
    number = forms.CharField(label=_("Number"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    issued_on = date_field(_("Issued on"), required=True)
    file = forms.FileField(
        label=_("Scan or photograph"),
        allow_empty_file=True,
        help_text=_("The law asks for it. PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    words = forms.CharField(
        label=_("What did you look at?"),
        max_length=300,
        help_text=_("Such as: the parents signed before me; KTP and family card were shown."),
    )

    def __init__(self, *args: Any, letters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = letters  # type: ignore[attr-defined]


class Acknowledge(forms.Form):
    """A letter that another office wrote down: what the village looked at."""

    words = forms.CharField(label=_("What did you look at?"), max_length=300)
    fact_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=12)


class Move(Once):
    """Somebody who is known left or came back."""

    field_order = ("kind", "on", "place", "told_by", "words", "once")

    kind = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect, choices=choices(MOVES))
    on = date_field(_("When?"), required=True)
    place = lists.place(_("not known"), label=_("Where to, or where from?"))
    told_by = forms.ChoiceField(label=_("Who told it?"), choices=choices(TELLERS))
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=300)


class MoveOf(Register):
    """Somebody left or came back, and who it is: who stands in the register already is found."""

    field_order = (
        "kind", "on", "place", "told_by", "name", "nik", "passport", "sex", "birth", "regency", "village", "words", "once",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect, choices=choices(MOVES))
    on = date_field(_("When?"), required=True)
    place = lists.place(_("not known"), label=_("Where to, or where from?"))
    told_by = forms.ChoiceField(label=_("Who told it?"), choices=choices(TELLERS))
    words = forms.CharField(label=_("What else should be known?"), required=False, max_length=300)
    since = None  # type: ignore[assignment]  # it follows from what happened
    capacity = None  # type: ignore[assignment]
    mother = None  # type: ignore[assignment]
    birth_place = None  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]


COMPANY = 160


class NamedAgency(PartyField):
    """An agency of the register, by its key or its name; one that only sounds like it is never taken for it, but offered."""

    def clean(self, value: Any) -> str:
        """Find the one agency that is meant."""
        try:
            return super().clean(value)
        except forms.ValidationError as fault:
            if len(str(value)) > COMPANY or getattr(fault, "params", None) is not None:  # too long, or several that fit are told already
                raise
            alike = "; ".join(f"{line.name} ({line.key})" for line in named(str(value), "agency"))
            if alike:
                raise forms.ValidationError(
                    _("None is called exactly so. Is it one of these? Write its key: %(alike)s. Else leave this empty and fill in the next."),
                    params={"alike": alike},
                ) from None
            raise forms.ValidationError(_("No agency of the register is called so. Leave this empty and fill in the next.")) from None


class Warned(HomeMixin, Once):
    """An early warning: what was seen, where and when; never who."""

    field_order = ("kind", "on", "regency", "village", "words", "agency", "company", "photo", "once")

    kind = forms.ChoiceField(label=_("What was seen?"))
    on = date_field(_("When?"), required=True)
    words = forms.CharField(
        label=_("What happened?"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("No names of people, no telephones.")
    )
    agency = NamedAgency(
        "agency", label=_("Agency (P3MI) of the register, if one was named"), required=False,
        help_text=_("Its name or its key, as in the list."),
    )  # fmt: skip
    company = forms.CharField(
        label=_("As it was named, when it does not stand in the register"), required=False, max_length=COMPANY,
        help_text=_("Of an agency or a company; no names of people."),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("Photograph, such as of the advertisement"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class Answer(forms.Form):
    """What came of an early warning."""

    state = forms.ChoiceField(
        label=_("What came of it?"), widget=forms.RadioSelect, choices=choices(SIGNAL_STATES, "looked_into", "passed_on", "nothing")
    )
    words = forms.CharField(label=_("In words"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class Session(HomeMixin, Once):
    """A session of information: where and when, what was told in which language, how many came."""

    field_order = ("on", "regency", "village", "venue", "language", "items", "women", "men", "once")

    on = date_field(_("When?"), required=True)
    venue = forms.CharField(label=_("Where there"), max_length=120, help_text=_("Such as: village hall, prayer house, desk."))
    language = forms.ChoiceField(label=_("Language"), choices=choices(LANGUAGES))
    items = forms.MultipleChoiceField(label=_("Which items were given?"), widget=forms.CheckboxSelectMultiple)
    women = forms.IntegerField(label=_("Women who came"), min_value=0, max_value=2000, localize=False)
    men = forms.IntegerField(label=_("Men who came"), min_value=0, max_value=2000, localize=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = items  # type: ignore[attr-defined]


class Attend(forms.Form):
    """To which session a person came."""

    session = forms.ChoiceField(label=_("Came to this session"))

    def __init__(self, *args: Any, sessions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = sessions  # type: ignore[attr-defined]


class CourseForm(Once):
    """A course with its seats."""

    party = forms.ChoiceField(label=_("Training body"), help_text=_("Who is not in the list is entered by the ministry first."))
    kind = forms.ChoiceField(label=_("Kind"), choices=choices(COURSES))
    title = forms.CharField(label=_("Name of the course"), max_length=120)
    job = forms.CharField(label=_("For which job"), required=False, max_length=60)
    language = forms.CharField(label=_("Which language"), required=False, max_length=40)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000, localize=False)
    since = date_field(_("First day"), required=True)
    until = date_field(_("Last day"), required=True)
    payer = forms.ChoiceField(label=_("Who pays?"), choices=choices(COURSE_PAYERS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(line.key, line.name) for line in parties("training", limit=500)[0]]  # type: ignore[attr-defined]


class Enrol(forms.Form):
    """Into which course a person is enrolled."""

    course = forms.ChoiceField(label=_("Course with seats left"))

    def __init__(self, *args: Any, courses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = courses  # type: ignore[attr-defined]


class End(forms.Form):
    """How a course ended for one person."""

    result = forms.ChoiceField(label=_("How did it end?"), widget=forms.RadioSelect, choices=choices(ENROLMENTS, "completed", "failed"))
    on = date_field(_("When?"), required=True)
    words = forms.CharField(label=_("In words"), required=False, max_length=300)


class Calculate(forms.Form):
    """A loan to be laid out."""

    amount = Amount(label=_("Amount (rupiah)"))
    months = forms.IntegerField(label=_("Months of the contract"), min_value=1, max_value=120, localize=False)
    instalments = forms.IntegerField(
        label=_("Payments"),
        required=False,
        min_value=1,
        max_value=120,
        localize=False,
        help_text=_("Empty: as many as fit before the contract ends."),
    )


class AskCredit(Calculate, Once):
    """A request to a lender."""

    field_order = ("lender", "amount", "months", "instalments", "tax_number", "once")

    lender = forms.ChoiceField(label=_("Lender"), help_text=_("Who is not in the list is entered by the ministry first."))
    tax_number = forms.BooleanField(label=_("A tax number (NPWP) was shown"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lender"].choices = [(line.key, line.name) for line in parties("lender", limit=500)[0]]  # type: ignore[attr-defined]


class AnswerCredit(forms.Form):
    """What the lender answered."""

    result = forms.ChoiceField(label=_("What did it answer?"), widget=forms.RadioSelect, choices=choices(CREDITS, "granted", "refused"))
    on = date_field(_("When?"), required=True)
    words = forms.CharField(label=_("In words"), required=False, max_length=300)
