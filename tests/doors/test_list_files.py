"""Lists as files: the same lines for whom the page is open, none for others, no cell that runs, and a line of the ledger; long ones paged."""

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from selaras.doors.office.exporting import csv_bytes, plain, xlsx_bytes
from selaras.doors.office.paging import Pages
from selaras.ground.models import LedgerLine, LedgerSubject
from selaras.ground.scope import acting
from selaras.people.models import Person
from selaras.prepare.actions.movements import Moved, log_movement
from selaras.prepare.actions.outreach import hold_outreach
from selaras.prepare.models import Enrolment
from tests.access.test_both_locks import HERE
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.people.journeying import begun
from tests.people.someone import VILLAGE
from tests.prepare.test_signals import WORDS, reported
from tests.prepare.test_training import announced, sat

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate
RUNS = "=HYPERLINK(1)"


def read(response: Any) -> list[list[str]]:
    """Give the lines of a CSV file."""
    assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment"), text(response)[:200]
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def sheet(body: bytes) -> list[list[Any]]:
    """Give the lines of a workbook's first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def village() -> tuple[Any, dict[str, str]]:
    """Let one thing stand on each list; give her id and the address of each."""
    her = begun().person_id
    with acting(actor("village")):
        log_movement(person_id=her, moved=Moved("left", TODAY(), "family", "TWN"), once="k")
        hold_outreach(
            on=TODAY(), area=VILLAGE, venue=RUNS, items=["costs"], language="id", women=3, men=2, once="k"
        )
    reported()
    course = announced()
    sat(course, her)
    lists = {
        "candidates": reverse("village_candidates"), "log": reverse("village_log"), "outreach": reverse("outreach"),
        "signals": reverse("signals"), "courses": reverse("courses"), "enrolled": reverse("course", args=[course.pk]),
    }  # fmt: skip
    return her, lists


def test_each_list_leaves_as_the_lines_that_its_page_shows_and_nothing_runs():
    her, lists = village()
    client = browser("dinas")
    rows = {name: read(client.get(url, {"file": "csv"})) for name, url in lists.items()}
    assert {name: len(lines) for name, lines in rows.items()} == dict.fromkeys(lists, 2), "a head and one line each"
    assert rows["candidates"][1][0].startswith("Siti") and rows["log"][1][1:2] == ["left"] and rows["enrolled"][1][0].startswith("Siti")
    assert rows["outreach"][1][0] == f"'{RUNS}", "a spreadsheet shows it and does not run it"
    assert WORDS not in str(rows["signals"]) and len(rows["signals"][0]) == 4, "kind, place, day and state, as on the page"
    for name, url in lists.items():
        book = client.get(url, {"file": "xlsx"})
        assert len(sheet(book.content)) == 2, name
        links = re.findall(r'href="\?([^"]*)file=(csv|xlsx)"', text(client.get(url)))
        assert [form for _query, form in links] == ["csv", "xlsx"], name
    assert sheet(client.get(lists["outreach"], {"file": "xlsx"}).content)[1][0] == RUNS
    assert len(read(client.get(lists["candidates"], {"file": "csv", "q": "Zzz"}))) == 1, "with the filters of the page"
    assert her


def test_a_file_is_a_line_of_the_ledger_and_whom_it_holds_can_read_that_it_left():
    her, lists = village()
    browser("dinas").get(lists["log"])
    browser("dinas").get(lists["log"], {"file": "csv"})
    with acting(actor("auditor")):
        page, file = LedgerLine.objects.filter(verb="prepare.see_log").order_by("id")
        assert "file" not in page.detail and (file.detail["file"], file.count) == ("csv", 1) and file.content.startswith("sha256:")
        assert LedgerSubject.objects.filter(line_id=file.id).values_list("subject", flat=True).get() == her


def test_who_does_not_see_a_list_has_no_file_of_it():
    _her, lists = village()
    for name, url in lists.items():
        assert browser("agency").get(url, {"file": "csv"}).status_code in (403, 404), name
    far = browser("desk")
    for name in ("candidates", "outreach", "signals"):
        answer = far.get(lists[name], {"file": "csv"})
        assert answer.status_code == 403 or len(read(answer)) == 1, f"{name}: out of reach, no line"


def test_no_cell_is_a_formula():
    for text_ in ("=1+1", "+62", "-1", "@SUM(1)", "\t=1", "\r=1"):
        assert plain(text_) == f"'{text_}"
    assert (plain(-5), plain(1.5), plain(None), plain("Siti")) == (-5, 1.5, "", "Siti")
    assert b"'=1+1" in csv_bytes(["a"], [["=1+1"]])
    assert sheet(xlsx_bytes("x", ["a", "b"], [["=1+1", 7]]))[1] == ["=1+1", 7.0], "kept as words"


def test_the_enrolled_of_a_course_are_paged():
    course = announced(seats=60)
    with acting(actor("reviewer")):
        for n in range(51):
            her = Person.objects.create(name=f"Warsinah {n:02}", source="test", reach=HERE)
            Enrolment.objects.create(person=her, course=course, by="test", by_name="test", at=timezone.now())
    client, url = browser("dinas"), reverse("course", args=[course.pk])
    first, second = text(client.get(url)), text(client.get(url, {"page": "2"}))
    assert first.count("Warsinah ") == 50 and "51" in first and "page=2" in first
    assert second.count("Warsinah ") == 1 and "Warsinah 50" in second
    assert len(read(client.get(url, {"file": "csv"}))) == 52, "a file holds all pages"


def test_a_page_says_where_it_stands():
    first, last, beyond = (Pages(n, 50, 120, list(range(k))) for n, k in ((1, 50), (3, 20), (9, 0)))
    assert (first.start_index, first.end_index, first.has_previous, first.has_next) == (1, 50, False, True)
    assert (last.start_index, last.end_index, last.has_next, last.paginator.num_pages) == (101, 120, False, 3)
    assert (beyond.start_index, beyond.end_index, beyond.previous_page_number) == (0, 0, 3)
