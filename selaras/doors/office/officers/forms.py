"""The forms about officers; the office is named by its name or key, for there are more than eighty thousand."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.context import role_words
from selaras.doors.office.officers.words import REASONS
from selaras.ground.queries.officers import offices_named, roles_to_give


class Post(forms.Form):
    """To which office, in which role, from which day."""

    office = forms.CharField(
        label=_("Office"), max_length=160, help_text=_("Its name, or its key as in the list of offices.")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[], help_text=_("What the role may do stands in the list of roles.")
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: from today."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [("", gettext("choose")), *((r, role_words(r)) for r in roles_to_give())]

    def clean_office(self) -> Any:
        """Find the one office of that name among those whose officers one looks after."""
        text = self.cleaned_data["office"]
        found = offices_named(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No office of yours bears this name. Look it up in the list of offices."))
        several = "; ".join(f"{o.name} ({o.key})" for o in found[:6])
        raise forms.ValidationError(
            _("Several offices fit. Write the key of the right one: %(several)s."), params={"several": several}
        )


class Enter(Post):
    """A new officer with her first posting."""

    field_order = ("name", "email", "locale", "office", "role", "since")

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Work e-mail address"),
        max_length=254,
        help_text=_("She signs in with it. The message to set a password goes there."),
    )
    locale = forms.ChoiceField(label=_("Language"), choices=[("id", "Indonesia"), ("en", "English")])


class End(forms.Form):
    """The last day of a posting."""

    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: today. To shut somebody out at once, switch the account off."),
    )  # fmt: skip


class Why(forms.Form):
    """Why an account is changed."""

    reason = forms.ChoiceField(label=_("Why?"), choices=list(REASONS.items()), widget=forms.RadioSelect)


class NoReason(forms.Form):
    """A change that needs no reason."""
