"""The forms of contracts and costs: amounts as people write them, what a contract must say under its own article."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts import words
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.journeys.words import article, label
from selaras.law.shapes import CostItem, Term
from selaras.market.queries.countries import job_choices

OWN = ("employer_name", "employer_address", "job", "hours", "wage")
"""Terms of the law that stand in fields of their own."""
_POINTS, _COMMAS = re.compile(r"^\d{1,3}(\.\d{3})+(,\d+)?$"), re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")


class Amount(forms.Field):
    """An amount as people write it: 350.000 and 350,000 are both three hundred and fifty thousand; 12,5 is twelve and a half."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 24, "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Read it; None when it is empty."""
        text = re.sub(r"[\s ]|^Rp\.?", "", str(value or ""))
        if not text:
            return None
        if _POINTS.match(text):
            text = text.replace(".", "")
        elif _COMMAS.match(text):
            text = text.replace(",", "")
        try:
            found = Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise forms.ValidationError(_("Write an amount, such as 350.000.")) from None
        if not found.is_finite() or abs(found) >= 10**12:
            raise forms.ValidationError(_("Write an amount, such as 350.000."))
        return found.quantize(Decimal("0.01"))


class Document(Once):
    """Write a document down as it states its terms."""

    signed_on = date_field(_("Signed on"))
    until = date_field(_("Holds until"))
    job = forms.ChoiceField(label=_("Job"), required=False)
    wage = Amount(label=_("Wage"), required=False)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3, help_text=_("Three letters, such as TWD."))
    per = forms.ChoiceField(label=_("Wage counted by"), choices=list(words.PER.items()), initial="month")
    hours = Amount(label=_("Hours a week"), required=False)
    employer = forms.CharField(label=_("Name of the employer"), required=False, max_length=160)
    place = forms.CharField(
        label=_("Address of the employer"), required=False, max_length=240,
        help_text=_("Street, number, district, country; a post box is no address."),
    )  # fmt: skip
    deductions = forms.CharField(
        label=_("Deductions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: what for, then the amount. Write 0 when the document says that there are none."),
    )  # fmt: skip
    consented = forms.BooleanField(label=_("Worker and employer both consent to this change"), required=False)
    file = forms.FileField(label=_("Scan or photograph"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".pdf,image/*"}))

    def __init__(self, *args: Any, terms: Sequence[Term] = (), changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jobs: Any = self.fields["job"]
        jobs.choices = [("", "—"), *job_choices(get_language() or "id")]
        if not changes:
            del self.fields["consented"]
        for term in (t for t in terms if t.id not in OWN):
            self.fields[f"term_{term.id}"] = forms.CharField(
                label=label(term), required=False, max_length=400, help_text=article(term.basis), strip=True
            )

    def clean_currency(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_deductions(self) -> dict[str, Decimal] | None:
        """Read one deduction a line; an empty field says nothing of them, a 0 says that there are none."""
        found: dict[str, Decimal] = {}
        lines = [line.strip() for line in self.cleaned_data["deductions"].splitlines() if line.strip()]
        for line in [] if lines == ["0"] else lines:
            what, _space, told = line.replace(":", " ").rpartition(" ")
            amount = Amount().clean(told)
            if not what.strip() or amount is None:
                raise forms.ValidationError(_("Write what for, then the amount: %(line)s") % {"line": line})
            found[what.strip()] = found.get(what.strip(), Decimal(0)) + amount
        return found if lines else None

    def terms(self) -> dict[str, str]:
        """Give what was written under the terms of the law."""
        return {name.removeprefix("term_"): value for name, value in self.cleaned_data.items() if name.startswith("term_") and value}


class Report(forms.Form):
    """Report a difference."""

    field = forms.CharField(max_length=20)
    earlier = forms.CharField(max_length=20)
    later = forms.CharField(max_length=20)


class Cost(Once):
    """Write a payment down."""

    item = forms.ChoiceField(label=_("What for"))
    payer = forms.ChoiceField(label=_("Who paid"), choices=list(words.PAYERS.items()), initial="worker")
    amount = Amount(label=_("Amount"), required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="IDR")
    paid_on = date_field(_("Paid on"), _("Leave it empty for today."))
    receipt = forms.FileField(
        label=_("Receipt"), required=False, help_text=_("A photograph, a PDF, or a voice note in which the worker tells it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,image/*,audio/*"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("To whom, and what was said"), required=False, max_length=500, help_text=_("No numbers of persons, please.")
    )

    def __init__(self, *args: Any, items: Sequence[CostItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.choices = [(row.id, label(row)) for row in items]

    def clean_currency(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()


class TakeBack(forms.Form):
    """Take a wrong payment back."""

    cost_id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("Why is it wrong?"), max_length=300)
