"""The headcount page and the pages of runs: the answer in the first line, files, refusals, both languages."""

import io

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from selaras.ground.act import as_job
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.insight.actions import publish_headcount
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Run
from tests.cast import BY_KEY, actor
from tests.insight.test_headcount import registers

pytestmark = pytest.mark.usefixtures("committed")


def browser(who: str, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(officer_by_email(BY_KEY[who].email))
    return client


def counted() -> None:
    registers()
    summary = run_now()
    with as_job("link"):
        publish_headcount(summary.id)


def test_the_first_line_is_the_answer():
    counted()
    page = browser("taipei").get(reverse("headcount")).content.decode()
    with acting(actor("taipei")):
        from selaras.insight.queries.headcount import see_headcount

        count = see_headcount().last_known.count
    assert f"{count} Indonesians are last known in Taiwan" in page
    assert "Hong Kong" not in page, "another mission's country"
    whole = browser("steering", "id").get(reverse("headcount")).content.decode()
    assert "16 WNI terakhir diketahui berada di luar negeri" in whole
    assert "Hong Kong" in whole and "chart-data-map" in whole and "negara tidak dikenal" in whole


def test_before_anything_was_counted_the_page_says_so():
    page = browser("steering").get(reverse("headcount"))
    assert page.status_code == 200 and "Nothing was counted yet." in page.content.decode()


def test_files_hold_what_the_page_shows():
    counted()
    client = browser("steering")
    text = client.get(reverse("headcount_export", args=["csv"]) + "?sort=country")
    rows = pl.read_csv(text.content)
    assert rows["persons_by_last_known_country"].sum() == 16
    assert "attachment" in text["Content-Disposition"]
    book = client.get(reverse("headcount_export", args=["xlsx"]) + "?sort=country")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_name("headcount").to_python()
    assert [line[1] or None for line in lines[1:]] == rows["country"].to_list()
    assert client.get(reverse("headcount_export", args=["pdf"])).status_code == 404
    assert browser("village").get(reverse("headcount_export", args=["csv"])).status_code == 403


def test_a_register_that_never_came_is_said_on_the_page():
    registers(with_returns=False)
    summary = run_now()
    with as_job("link"):
        publish_headcount(summary.id)
    page = browser("steering").get(reverse("headcount")).content.decode()
    assert page.count("never delivered</strong>") == 1 and "<li>Returns and deaths</li>" in page
    assert "so it may also be too high" in page and "not delivered" in page


def test_a_run_is_asked_for_watched_and_stopped():
    registers()
    client = browser("data")
    assert "The registers have not been linked yet" in client.get(reverse("runs")).content.decode()
    answer = client.post(reverse("run_start"))
    with acting(actor("data")):
        run = Run.objects.get()
    assert answer.headers["Location"] == reverse("run", args=[run.pk])
    assert "Waits for its turn." in client.get(answer.headers["Location"]).content.decode()
    assert "Waits for its turn." in client.get(reverse("run_progress", args=[run.pk])).content.decode()
    client.post(reverse("run_cancel", args=[run.pk]))
    assert "Stopped; nothing of it was kept." in client.get(reverse("run_progress", args=[run.pk])).content.decode()
    again = client.post(reverse("run_cancel", args=[run.pk]))
    assert again.status_code == 403 and "This linkage is over" in again.content.decode()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_a_run_shows_what_it_found(language: str):
    registers()
    summary = run_now()
    client = browser("auditor", language)
    page = client.get(reverse("run", args=[summary.id])).content.decode()
    assert ("25 rows became 16 persons" if language == "en" else "25 baris menjadi 16 orang") in page
    listed = client.get(reverse("runs")).content.decode()
    assert str(summary.id) in listed
    assert client.post(reverse("run_start")).status_code == 403, "an auditor starts nothing"


def test_a_run_that_is_not_there_is_not_there():
    assert browser("data").get(reverse("run", args=["00000000-0000-7000-8000-000000000000"])).status_code == 404
