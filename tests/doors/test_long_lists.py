"""A long list is drawn as the library would draw it, marks what is chosen, and refuses what is not in it."""

import pytest
from django import forms
from django.test.html import parse_html
from django.utils import translation

from selaras.doors.office.people.forms import Find, Register
from selaras.people.places import places_abroad, regencies

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("name", "value"), [("regency", "3212"), ("regency", ""), ("place", "HKG"), ("place", '"><b>')])
def test_it_looks_as_the_library_would_draw_it(language, name, value):
    with translation.override(language):
        form = Register(initial={name: value})
        drawn = str(form[name])
        rows = regencies() if name == "regency" else places_abroad(language)
        empty = form.fields[name].choices.empty
        plain = forms.Select(choices=[("", empty), *rows])
        assert parse_html(drawn) == parse_html(plain.render(name, value, {"id": f"id_{name}"}))
        assert drawn.count(" selected") == (0 if "<" in value else 1)


def test_what_is_not_in_the_list_is_refused():
    assert Find({"q": "Siti", "regency": "3212"}).is_valid()
    wrong = Find({"q": "Siti", "regency": "9999"})
    assert not wrong.is_valid() and "regency" in wrong.errors
