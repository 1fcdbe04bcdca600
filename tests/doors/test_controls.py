"""Plain controls are written without a template, sign for sign as the library writes them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from selaras.doors.office.controls import Controls

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["<b>&\"'", "\n x", "", SafeString("&amp;<i>")])
values = st.none() | texts | st.integers() | st.sampled_from([gettext_lazy("Gate"), 1234567.5, True])
attrs = st.dictionaries(
    st.sampled_from(["class", "id", "maxlength", "required", "data-x", "placeholder"]), texts | st.booleans() | st.integers() | st.none(),
    max_size=4,
)  # fmt: skip
KINDS = (forms.TextInput, forms.HiddenInput, forms.NumberInput, forms.EmailInput, forms.Textarea, forms.DateInput, forms.PasswordInput)


@pytest.mark.parametrize("kind", KINDS)
@given(name=texts, value=values, given_attrs=attrs)
def test_a_control_is_written_as_the_library_writes_it(kind, name, value, given_attrs):
    widget = kind()
    assert widget.render(name, value, given_attrs, Controls()) == widget.render(name, value, given_attrs, DjangoTemplates())


def test_other_controls_and_whole_forms_are_the_librarys():
    class Form(forms.Form):
        word = forms.CharField(initial="<a>")
        one = forms.ChoiceField(choices=[("a", "A"), ("b", "B & C")], widget=forms.RadioSelect)
        many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
        yes = forms.BooleanField()

    for data in (None, {"word": "", "one": "b"}):
        assert str(Form(data, renderer=Controls())) == str(Form(data, renderer=DjangoTemplates()))
