"""What pages say again and again is drawn once: it reads as Django would write it, in each language, and every value is escaped."""

import pytest
from django.template import Context, NodeList, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from selaras.doors.office.drawn import Drawing
from selaras.doors.office.navigation import ROOMS, Entry, menu

LINE = "office/gate/_line.html"
TEXTS = (
    "label", "reason", "basis", "word", "note", "manual", "paper_name", "paper_masked", "paper_verdict", "paper_result", "paper_verified_by",
    "paper_verified_office",
)  # fmt: skip
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["<b>&\"'", "\x020\x03", "{{ word }}", ""])
_line = Drawing(LINE)


@given(
    texts=st.fixed_dictionaries(dict.fromkeys(TEXTS, words)), moment=st.booleans(), language=st.sampled_from(["id", "en"]),
    shape=st.fixed_dictionaries({
        "value": st.sampled_from(["met", "not_met", "not_yet", "not_applicable"]), "stops": st.booleans(), "unsure": st.booleans(),
        "paper": st.booleans(),
    }),
)  # fmt: skip
def test_a_line_is_drawn_as_its_template_writes_it(texts, moment, language, shape):
    texts |= {"paper_moment": SafeString("<time>1</time>") if moment else ""}
    with translation.override(language):
        assert _line.draw(texts, shape) == get_template(LINE).render({**texts, **shape})


def test_tags_read_as_those_of_django_in_each_language():
    source = """{% translate "Gate" %}|{% translate 'Gate' as said %}{{ said }}|{% translate "100%% & more" %}|{% translate name %}|{% url "home" %}
    {% url 'gate_queue' as there %}{{ there }}|{% url 'not_there_at_all' as nothing %}{{ nothing }}|{% url "gate" journey %}|{% static "office/office.css" %}
    {% static "office/office.css" as file %}{{ file }}"""
    context = {"name": "<Gate>", "journey": "0190cfb5-0000-7000-8000-000000000000"}
    django, ours = (Template("{% load " + libraries + " %}" + source) for libraries in ("i18n static", "i18n static face"))
    assert isinstance(ours.nodelist, NodeList)
    for language in ("id", "en", "id"):
        with translation.override(language):
            plain = django.render(Context(context))
            assert ours.render(Context(context)) == plain and ("Gerbang" in plain) == (language == "id")
    with pytest.raises(NoReverseMatch):
        Template('{% load face %}{% url "not_there_at_all" %}').render(Context())


def test_icons_are_drawn_by_name_and_speak_with_a_label():
    drawn = Template('{% load face %}{% icon "home" %}|{% icon name %}|{% icon "home" label %}').render(Context({"name": "home", "label": "<Go>"}))
    plain, by_name, spoken = drawn.split("|")
    assert plain == by_name and "aria-hidden" in plain and f'aria-label="{escape("<Go>")}"' in spoken
    with pytest.raises(TemplateSyntaxError, match="icons.txt"):
        Template('{% load face %}{% icon "no-such-icon" %}').render(Context())


def test_a_menu_holds_the_rooms_of_who_asks_and_marks_the_open_one():
    def entries(names, open_):
        return [Entry(r.label, r.icon, f"/{r.name}/", r.name == open_) for r in ROOMS if r.name in names]

    few, more = ("gate_queue", "ledger"), ("gate_queue", "ledger", "officers")
    for language, gate in (("id", "Gerbang"), ("en", "Gate"), ("id", "Gerbang")):
        with translation.override(language):
            one, two = menu(entries(few, "ledger"), "/ledger/"), menu(entries(more, "gate_queue"), "/gate_queue/")
            assert gate in one and "/officers/" not in one and "/officers/" in two
            assert one.count('aria-current="page"') == two.count('aria-current="page"') == 1
            assert '/ledger/" aria-current' in one and '/gate_queue/" aria-current' in two
            assert menu(entries(few, ""), "/home/").count('aria-current="page"') == 1
