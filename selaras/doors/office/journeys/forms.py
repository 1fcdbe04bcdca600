"""The forms of a journey: few fields, each with the version that was seen and a key of its own, so that nothing is done twice or unseen."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.sentences import FAULTS
from selaras.doors.office.people import lists
from selaras.doors.office.people.forms import Register, choices
from selaras.doors.party_names import party_name
from selaras.law.load import law
from selaras.law.shapes import Evidence, Scheme
from selaras.people.queries.aims import agencies, employers, schemes_for


def date_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """Make a field for a day, as browsers draw it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class Once(forms.Form):
    """A form with a key of its own: sent again, it is answered once."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: str(uuid4()))


class Seen(Once):
    """A form about a journey as the officer saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, localize=False)


class Do(Seen):
    """Do a step, on another day than today if need be."""

    on = date_field(_("Done on"), _("Leave it empty for today."))


class Why(Seen):
    """Something that is not done without a reason."""

    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("The person may read this. No numbers, please."))


class Start(Once):
    """Begin a journey: the scheme, and where it leads as far as it is known."""

    scheme = forms.ChoiceField(label=_("Scheme"))
    country = lists.place(_("not known yet"), label=_("Country"))
    agency = forms.ChoiceField(
        label=_("Agency"), required=False, help_text=_("Only where an agency places; from then on it sees the record.")
    )
    job_order = forms.CharField(label=_("Number of the job order"), required=False, max_length=80)
    on = date_field(_("First day"), _("Leave it empty for today. The law of this day judges the whole journey."))

    def __init__(self, *args: Any, kinds: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes: list[Scheme] = schemes_for(kinds, timezone.localdate())
        self.fields["scheme"].choices = [(s.id, words.label(s)) for s in schemes]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("none")), *agencies()]  # type: ignore[attr-defined]


class Lead(Seen):
    """Where a journey leads, as far as it is known by now."""

    country = lists.place(_("not known yet"), label=_("Country"))
    agency = forms.ChoiceField(
        label=_("Agency"), required=False, help_text=_("Only where an agency places; from then on it sees the record.")
    )
    employer = forms.ChoiceField(label=_("Employer"), required=False, help_text=_("Who is not in the list is entered by the mission first."))
    job_order = forms.CharField(label=_("Number of the job order"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", _("none")), *agencies()]  # type: ignore[attr-defined]
        self.fields["employer"].choices = [("", _("none")), *sorted(((p.key, party_name(p)) for p in employers()), key=lambda row: row[1])]  # type: ignore[attr-defined]


class Paper(Once):
    """A paper as it lies on the desk; fields that this kind of paper does not have are left out."""

    number = forms.CharField(label=_("Number"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issuer = forms.CharField(label=_("Issued by"), required=False, max_length=200)
    issued_on = date_field(_("Issued on"))
    valid_until = date_field(_("Valid until"))
    value = forms.ChoiceField(label=_("Result"), widget=forms.RadioSelect, choices=choices(words.RESULTS))
    file = forms.FileField(
        label=_("Scan or photograph"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, row: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"number": row.number, "value": row.private, "file": row.file != "none", "valid_until": not row.private}
        for name in [name for name, keep in kept.items() if not keep]:
            del self.fields[name]
        if row.file == "required":
            self.fields["file"].required = True
            self.fields["file"].error_messages["required"] = FAULTS["scan_missing"]
            self.fields["file"].help_text = _("The law asks for it. PDF, JPEG or PNG, up to 10 MB. It is kept encrypted.")


class Verify(forms.Form):
    """What an officer says of a paper, and how she knows."""

    verdict = forms.ChoiceField(
        label=_("What do you say?"),
        widget=forms.RadioSelect,
        choices=[("verified", _("It is real and holds")), ("refused", _("It does not count")), ("unverifiable", _("Nobody can say"))],
    )
    path = forms.ChoiceField(label=_("How do you know?"), widget=forms.RadioSelect, choices=choices(words.PATHS))
    words = forms.CharField(label=_("What did you look at?"), required=False, max_length=300)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=12)

    def __init__(self, *args: Any, row: Evidence | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is None or not row.feed:
            self.fields["path"].choices = choices(words.PATHS, "manual")  # type: ignore[attr-defined]
        if row is not None and row.private:
            del self.fields["words"]  # whatever was said of a health result stays with the clinic


class Enter(Register):
    """Somebody who comes in from the side: what happened and when, who it is, where."""

    field_order = (
        "kind", "on", "place", "name", "nik", "passport", "sex", "birth", "regency", "village", "phone", "capacity", "reason", "once",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("What happened?"), choices=choices(words.ENTRIES))
    on = date_field(_("When?"), required=True)
    reason = forms.CharField(label=_("What else should be known?"), required=False, max_length=300)
    since = None  # type: ignore[assignment]  # it follows from what happened
    mother = None  # type: ignore[assignment]
    birth_place = None  # type: ignore[assignment]


def kinds_of_paper(scheme: str, steps: Any, day: Any) -> list[tuple[str, str]]:
    """List the papers that the steps of a journey ask for or collect, then those at which the gate alone looks, each once."""
    kinds = dict.fromkeys(kind for s in steps for kind in (*s.evidence, *s.asked))
    kinds |= dict.fromkeys(row.evidence for row in law().gate_of(scheme, day) if row.evidence)
    rows = (law().evidence_of(kind, day) for kind in kinds)
    return [(row.id, words.label(row)) for row in rows if row is not None]
