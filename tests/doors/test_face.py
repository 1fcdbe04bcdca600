"""What every page is built of: numbers, dates, masks and components say the same in both languages and hide what they must."""

import datetime as dt

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from selaras.doors.office.templatetags import face


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


def draw(source, request=None, **context):
    source = "{% load face %}" + source
    if request is not None:
        return Template(source).render(RequestContext(request, context))
    return Template(source).render(Context(context))


def partial(name, **context):
    return render_to_string(f"office/{name}.html", context, request=RequestFactory().get("/people/?q=siti&page=2"))


def test_numbers_in_both_languages():
    assert face.number(1234567) == "1.234.567"
    assert face.number(0.5, 1) == "0,5"
    assert face.percent(0.123) == "12,3\N{NO-BREAK SPACE}%"
    with translation.override("en"):
        assert face.number(1234567) == "1,234,567"


def test_what_is_missing_is_never_zero():
    assert face.number(None) == face.percent(None) == face.day(None) == face.ago(None) == face.mask("") == "—"
    assert face.number(0) == "0"


def test_dates_in_both_languages():
    moment = dt.datetime(2026, 11, 21, 7, 30, tzinfo=dt.UTC)
    assert face.day(moment) == "21 November 2026"
    assert face.short_day(dt.date(2026, 8, 17)) == "17 Agu 2026"
    assert face.moment(moment) == "21 November 2026, 14.30 WIB"
    with translation.override("en"):
        assert face.moment(moment) == "21 November 2026, 14:30 WIB"
        assert face.short_day(dt.date(2026, 8, 17)) == "17 Aug 2026"


def test_ago_both_ways():
    now = timezone.now()
    assert face.ago(now) in ("baru saja", "just now")
    assert face.ago(now - dt.timedelta(hours=3)) == "3 jam yang lalu"
    assert face.ago(timezone.localdate() + dt.timedelta(days=3)) == "dalam 3 hari"
    assert "hari" in face.ago(timezone.localdate() - dt.timedelta(days=1))


@given(st.text("0123456789ABC -", max_size=24))
def test_mask_never_shows_more_than_four_characters(number):
    shown = [c for c in face.mask(number) if c not in "•— "]
    bare = "".join(number.split())
    assert len(shown) <= 4
    assert "".join(shown) in ("", bare[-4:])
    if len(bare) <= 8:
        assert shown == []


def test_unknown_icon_is_refused():
    with pytest.raises(TemplateSyntaxError):
        draw('{% icon "no-such-icon" %}')
    assert 'aria-hidden="true"' in draw('{% icon "home" %}')
    assert 'aria-label="Beranda"' in draw('{% icon "home" "Beranda" %}')


class Form(forms.Form):
    nik = forms.CharField(help_text="16 angka", min_length=16)
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_field_keeps_what_was_typed_and_ties_its_error():
    form = Form({"nik": "123<"})
    html = partial("_form_field", field=form["nik"])
    assert 'value="123&lt;"' in html
    assert 'aria-invalid="true"' in html
    for described in ("id_nik_helptext", "id_nik_error"):
        assert f'id="{described}"' in html
        assert described in html.split("aria-describedby=")[1].split(">")[0]
    assert 'href="#id_nik"' in partial("_errors", form=form)


def test_sort_link_turns_and_forgets_the_page():
    request = RequestFactory().get("/list/?sort=name&page=3&q=x")
    html = draw('{% sort_link "name" as s %}{{ s.href }} {{ s.state }}', request)
    assert html == "?sort=-name&amp;q=x ascending" or html == "?q=x&amp;sort=-name ascending"
    assert draw('{% sort_link "age" as s %}{{ s.state }}', request) == "none"


def test_figure_says_since_when_a_feed_is_missing():
    html = partial("_figure", figure={"label": "Orang", "value": None, "stopped_since": dt.date(2026, 10, 13)})
    assert "13 Oktober 2026" in html
    assert ">0<" not in html
    assert '<span class="value">0' in partial("_figure", figure={"label": "Orang", "value": 0})


def test_masked_number_opens_by_post_only():
    html = partial("_masked", masked={"label": "NIK", "text": "•••• 0001", "open_url": "/open/"})
    assert '<form method="post" action="/open/">' in html
    assert "csrfmiddlewaretoken" in html
    assert "<form" not in partial("_masked", masked={"label": "NIK", "text": "•••• 0001"})


def test_clock_is_red_only_when_overdue():
    due = timezone.localdate() + dt.timedelta(days=2)
    assert "overdue" not in partial("_clock", clock={"due": due})
    assert 'class="clock overdue"' in partial("_clock", clock={"due": due, "overdue": True})


@pytest.mark.parametrize(
    ("state", "going"), [("queued", 1), ("running", 1), ("cancelling", 1), ("done", 0), ("failed", 0)]
)
def test_progress_polls_only_while_work_goes_on(state, going):
    job = {
        "id": "7",
        "title": "X",
        "state": state,
        "poll_url": "/job/7/",
        "cancel_url": "/stop/",
        "done": 10,
        "total": 1234,
    }
    html = partial("_progress", job=job)
    assert html.count("hx-get") == going
    if going:
        assert 'max="1234"' in html  # not 1.234: that is a fraction to a browser
    assert ("/stop/" in html) == (state in ("queued", "running"))


def test_table_has_a_label_for_every_cell_of_a_phone_card():
    rows = [{"url": "/1/", "cells": ["Kiriman", 1200, {"text": "Gagal", "tag": "red"}]}]
    columns = [{"key": "n", "label": "Nama", "sortable": True}, {"key": "r", "label": "Baris", "numeric": True}]
    columns.append({"key": "s", "label": "Keadaan"})
    html = partial("_table", table={"columns": columns, "page": Paginator(rows, 5).get_page(1)})
    assert html.count("data-label=") == 3
    assert "1.200" in html
    assert 'class="tag red"' in html
    empty = {"title": "Belum ada kiriman"}
    assert "Belum ada kiriman" in partial("_table", table={"page": Paginator([], 5).get_page(1), "empty": empty})


def test_chart_stands_as_a_table_without_javascript():
    chart = {"id": "x", "kind": "bars", "title": "T", "data": [{"name": "</script>", "value": 1}]}
    html = partial("_chart", chart={**chart, "columns": ["Negara", "Orang"], "rows": [["Malaysia", 812345]]})
    assert "<details open" in html
    assert "812.345" in html
    assert '</script>"' not in html  # the data cannot end its own block


def test_public_stylesheet_is_light():
    path = face.__file__.replace("office/templatetags/face.py", "public/static/public/public.css")
    with open(path, "rb") as file:
        assert len(file.read()) <= 10 * 1024
