"""The forms of the register: few fields, plain controls, what was typed stays."""

import datetime as dt
import re
from copy import copy
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.people import lists, words
from selaras.people.places import areas_named

AnyForm = TypeVar("AnyForm", bound=forms.Form)
_PARTS = re.compile(r"[\s./-]+")


def choices(table: words.Words, *codes: str, empty: Any = None) -> list[tuple[str, Any]]:
    """Make a control's choices of a table of words, with an empty one in front when it may be left open."""
    rows = [(code, table[code]) for code in codes or table]
    return [("", empty), *rows] if empty is not None else rows


class _Shared(dict[str, forms.Field]):
    """The fields of a form that changes none of their controls: each form has its own fields, all share the controls."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: copy(field) for name, field in self.items()}


def light(form: type[AnyForm]) -> type[AnyForm]:
    """Spare a form, which is made at every request, the library's deep copy of every control, choice and message."""
    form.base_fields = _Shared(form.base_fields)
    return form


class PartialDate(forms.CharField):
    """A date of which only the month and year, or the year, may be known: gives (date, precision) or None."""

    def to_python(self, value: Any) -> Any:
        """Read 17-05-1990, 1990-05-17, 05-1990 or 1990."""
        parts = [p for p in _PARTS.split(str(value or "").strip()) if p]
        if not parts:
            return None
        try:
            numbers = [int(p) for p in parts]
            if len(parts) == 3 and len(parts[0]) == 4:
                numbers.reverse()
            if len(numbers) > 3 or len(str(numbers[-1])) != 4:
                raise ValueError
            year, month, day = [*reversed(numbers), 1, 1][:3]
            return dt.date(year, month, day), ("year", "month", "day")[len(numbers) - 1]
        except ValueError:
            raise forms.ValidationError(_("Write day-month-year, such as 17-05-1990; or 05-1990; or 1990.")) from None


def written(date: dt.date | None, precision: str) -> str:
    """Write a partial date as PartialDate reads it."""
    if date is None:
        return ""
    return date.strftime({"year": "%Y", "month": "%m-%Y"}.get(precision, "%d-%m-%Y"))


class HomeMixin(forms.Form):
    """A home area: the regency from a list, the village or district by its name."""

    regency = lists.regency(_("not known"), label=_("Home regency or city"))
    village = forms.CharField(
        label=_("Village or district there"),
        required=False,
        max_length=120,
        help_text=_("The name as in the official list, or its code."),
    )

    def home_area(self) -> str:
        """Give the code of the home area; write an error beside the village when its name is not one place."""
        regency, village = self.cleaned_data.get("regency", ""), self.cleaned_data.get("village", "").strip()
        if not village:
            return str(regency)
        if not regency:
            self.add_error("regency", _("Choose the regency, too."))
            return ""
        found = areas_named(regency, village)
        if len(found) == 1:
            return found[0][0]
        if found:
            several = "; ".join(f"{code} {name}" for code, name in found[:6])
            self.add_error(
                "village",
                _("Several places bear this name. Write the code of the right one: %(several)s.")
                % {"several": several},
            )
        else:
            self.add_error(
                "village",
                _("This name is not in the official list of that regency. Leave it empty if you are not sure."),
            )
        return ""


class StayMixin(forms.Form):
    """A place abroad, as what, and since when."""

    place = lists.place(_("none"), label=_("Country or place abroad"))
    capacity = forms.ChoiceField(label=_("Capacity there"), required=False, choices=choices(words.CAPACITIES))
    since = forms.DateField(
        label=_("There since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@light
class Find(forms.Form):
    """One box for a number or a name, and what narrows a name."""

    q = forms.CharField(
        label=_("Any number, or a name"), max_length=160, strip=True,
        help_text=_("NIK, passport, telephone or card number; or a name as you remember it, also misspelt."),
    )  # fmt: skip
    year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100, localize=False)
    regency = lists.regency(_("any"), label=_("Home regency or city"))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=choices(words.SEXES, empty=_("any")))


@light
class Register(StayMixin, HomeMixin):
    """A person to register: only the name must be there."""

    field_order = (
        "name",
        "nik",
        "sex",
        "birth",
        "birth_place",
        "mother",
        "regency",
        "village",
        "passport",
        "phone",
        "place",
        "capacity",
        "since",
        "once",
    )

    name = forms.CharField(label=_("Name, as on the paper"), max_length=200)
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=choices(words.SEXES, empty=_("not known")))
    birth = PartialDate(
        label=_("Date of birth"), required=False, help_text=_("Day-month-year; month-year or the year alone is enough.")
    )
    birth_place = forms.CharField(label=_("Place of birth"), required=False, max_length=120)
    mother = forms.CharField(label=_("Mother's name"), required=False, max_length=200)
    passport = forms.CharField(
        label=_("Passport"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: str(uuid4()))


class Correct(HomeMixin):
    """What stands of a person, to be corrected, with the version that was read."""

    field_order = (
        "name",
        "sex",
        "birth",
        "birth_place",
        "mother",
        "regency",
        "village",
        "died_on",
        "reason",
        "version",
    )

    name = forms.CharField(label=_("Name, as on the paper"), max_length=200)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=choices(words.SEXES, empty=_("not known")))
    birth = PartialDate(
        label=_("Date of birth"), required=False, help_text=_("Day-month-year; month-year or the year alone is enough.")
    )
    birth_place = forms.CharField(label=_("Place of birth"), required=False, max_length=120)
    mother = forms.CharField(label=_("Mother's name"), required=False, max_length=200)
    died_on = forms.DateField(
        label=_("Died on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Why is it corrected?"), max_length=200, help_text=_("Such as: the KTP was shown.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, localize=False)


class AddNumber(forms.Form):
    """A further number."""

    kind = forms.ChoiceField(label=_("Which number"), choices=choices(words.NUMBER_KINDS))
    value = forms.CharField(label=_("Number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class AddName(forms.Form):
    """A further form of her name."""

    text = forms.CharField(label=_("Name as written"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Where it is written"), choices=choices(words.NAME_KINDS, "written", "passport", "former")
    )


class AddStay(StayMixin):
    """A stay abroad."""

    kind = forms.ChoiceField(
        label=_("How it is known"),
        choices=choices(words.STAY_KINDS, "stated", "arrival", "placement", "report", "return"),
    )
    until = forms.DateField(
        label=_("There until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AddKin(forms.Form):
    """Somebody of her family who need not be in the register."""

    relation = forms.ChoiceField(label=_("Relation to this person"), choices=choices(words.RELATIONS))
    other_name = forms.CharField(label=_("Name of that person"), max_length=200)
