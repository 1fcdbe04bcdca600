"""The forms of the public door: one line to write, and nobody's personal number taken."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.public.sentences import country
from selaras.market.jobs import groups, jobs
from selaras.market.queries.countries import countries_listed

# A NIK or family card has sixteen digits, a passport a letter or two and six or seven, an Indonesian mobile number begins with 08 or 62 8.
_PERSONAL = re.compile(r"\d{16}|[A-Z]{1,2}\d{6,7}|(\+?62|0)8\d{7,11}", re.IGNORECASE)


def personal(text: str) -> bool:
    """Say whether a text looks like somebody's own number, which no question here needs."""
    return _PERSONAL.fullmatch(re.sub(r"[\s.\-]", "", text)) is not None


class Ask(forms.Form):
    """One line: a name or a number of what is asked about."""

    q = forms.CharField(max_length=120, error_messages={"required": _("Write a name or a number first.")})

    def clean_q(self) -> str:
        """Refuse a personal number."""
        text = " ".join(self.cleaned_data["q"].split())
        if personal(text):
            raise forms.ValidationError(
                _(
                    "This looks like a personal number. Nobody needs yours here: "
                    "write the name of the agency or place, or the number on the offer."
                )
            )
        return text


class Where(forms.Form):
    """A country, and a job when one is known."""

    country = forms.ChoiceField(label=_("Country"), choices=[])
    job = forms.ChoiceField(label=_("Job"), choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        named = sorted(((iso3, country(iso3)) for iso3 in countries_listed()), key=lambda row: row[1])
        chosen: Any = self.fields["country"]
        chosen.choices = [("", gettext("choose")), *named, ("other", gettext("another country"))]
        job: Any = self.fields["job"]
        known = sorted(((j.id, j.named(language)) for j in (*jobs().values(), *groups().values())), key=lambda row: row[1])
        job.choices = [("", gettext("any job")), *known]
