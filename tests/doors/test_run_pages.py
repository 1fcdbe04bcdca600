"""The page of a run: what changed, calibration, faults by office as a page and a file, numbers that many share, stages."""

import csv
import io

import pytest
from django.conf import settings
from django.urls import reverse

from selaras.ground.act import as_job
from selaras.ground.models import LedgerLine, LedgerSubject
from selaras.ground.scope import acting
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Run
from tests.cast import actor
from tests.doors.test_headcount_pages import browser
from tests.reconcile.registers import person, put, whose

pytestmark = pytest.mark.usefixtures("committed")
SHARED = "3212015001900001"


def text(answer) -> str:
    return answer.content.decode()


def linked_twice():
    """Two runs: the second finds one row elsewhere, a spoilt NIK in Indramayu, and one NIK with three persons."""
    put("siskop2mi", {f"S{n}": person(n) for n in range(4)} | {f"X{n}": person(n + 20, nik=SHARED) for n in range(3)})
    run_now()
    put("siskop2mi", {"S1": person(1, country="MALAYSIA"), "=S2": person(2, nik="3.21201E+15")})
    return run_now().id


def test_the_page_says_what_changed_and_what_is_to_be_mended():
    run = linked_twice()
    page = text(browser("reviewer").get(reverse("run", args=[run])))
    assert "What changed since the run before" in page and "Malaysia" in page and "+1" in page
    assert "NIK was spoilt by a spreadsheet" in page and "Labour office of Kabupaten Indramayu" in page
    assert "•••• •••• •••• 0001" in page and SHARED not in page
    assert "This run measured no calibration." in page and "<svg class=\"curve\"" not in page
    indonesian = text(browser("reviewer", "id").get(reverse("run", args=[run])))
    assert "Dinas tenaga kerja Kabupaten Indramayu" in indonesian and "Nomor yang dipakai banyak orang" in indonesian
    first = text(browser("reviewer").get(reverse("run", args=[before(run)])))
    assert "kept by the newest linkage only" in first and "0001" not in first


def before(run):
    with acting(actor("reviewer")):
        return Run.objects.exclude(pk=run).get().pk


def test_the_page_says_how_it_was_linked():
    run = linked_twice()
    page = text(browser("reviewer").get(reverse("run", args=[run])))
    assert "All rows were linked anew" in page and "The registers are small" in page
    onto, settings.SELARAS_LINK_ONTO = settings.SELARAS_LINK_ONTO, 0
    try:
        full = run_now().id
        put("siskop2mi", {"S7": person(7), "S3": person(3, country="MALAYSIA")})
        delivery = run_now().id
    finally:
        settings.SELARAS_LINK_ONTO = onto
    assert "no earlier linkage" in text(browser("reviewer").get(reverse("run", args=[full])))
    page = text(browser("reviewer").get(reverse("run", args=[delivery])))
    assert "Only what had changed was linked" in page and reverse("run", args=[full]) in page
    named = f'These are those of <a href="{reverse("run", args=[full])}">the full linkage</a>: '
    for said in ("Faults are counted when all rows are read.", "Probabilities are checked when all rows are linked."):
        assert f"{said} {named}" in page, "each box says of which full linkage it is"
    assert "NIK was spoilt by a spreadsheet" in page and page.count(named) == 3 and page.count("(of the full linkage)") == 3
    indonesian = text(browser("reviewer", "id").get(reverse("run", args=[delivery])))
    assert "Hanya yang berubah yang ditautkan" in indonesian
    assert f'Angka ini hasil <a href="{reverse("run", args=[full])}">penautan penuh</a>: ' in indonesian
    assert "These are those of" not in text(browser("reviewer").get(reverse("run", args=[full])))


def test_the_faults_are_a_file_that_a_spreadsheet_takes_for_text():
    run = linked_twice()
    answer = browser("data").get(reverse("run_faults", args=[run]))
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    spoilt = next(line for line in lines if line["Fault code"] == "nik.spreadsheet")
    assert (spoilt["Register"], spoilt["Column"], spoilt["Rows"], spoilt["Place code"]) == ("SiskoP2MI", "NIK", "1", "area:3212")
    assert spoilt["The first row ids"] == "'=S2" and SHARED not in text(answer)
    gone = browser("data").get(reverse("run_faults", args=[before(run)]))
    assert gone.status_code == 403 and "kept by the newest one" in text(gone)


def test_a_shared_number_is_opened_for_a_reason_and_written_down_for_each_who_bears_it():
    run = linked_twice()
    address, client = reverse("run_shared", args=[run, 0]), browser("reviewer")
    assert client.get(address).status_code == 405
    refused = client.post(address, {"reason": "curiosity"})
    assert refused.status_code == 403 and SHARED not in text(refused)
    page = text(client.post(address, {"reason": "identity"}))
    hers = {whose()[f"siskop2mi:X{n}"] for n in range(3)}
    assert SHARED in page and "3 persons bear it now" in page and all(reverse("person", args=[p]) in page for p in hers)
    with as_job("link", reads_ledger=True):
        line = LedgerLine.objects.filter(verb="reconcile.open_shared_number").latest("id")
        assert line.count == 3 and line.detail["reason"] == "identity" and SHARED not in str(line.detail)
        assert {str(s) for s in LedgerSubject.objects.filter(line=line).values_list("subject", flat=True)} == hers
    assert client.post(reverse("run_shared", args=[run, 7]), {"reason": "identity"}).status_code == 404


def test_the_auditor_sees_the_page_and_opens_nothing():
    page = text(browser("auditor").get(reverse("run", args=[linked_twice()])))
    assert "0001" in page and "/shared/" not in page and "/faults/" not in page and "/people/" not in page


def test_the_calibration_is_a_curve_and_a_table():
    run = linked_twice()
    bins = [
        {"low": 0.0, "high": 0.5, "pairs": 100, "expected": 0.2, "observed": 0.3},
        {"low": 0.5, "high": 1.0, "pairs": 300, "expected": 0.9, "observed": 0.9}, {"low": 0.9, "high": 1.0, "pairs": 0, "expected": None, "observed": None},
        {"low": 0.4, "high": 0.5, "pairs": 7, "expected": 0.45, "observed": None},
    ]  # fmt: skip
    with as_job("link"):
        done = Run.objects.get(pk=run)
        done.counts["calibration"] = bins
        done.save()
    page = text(browser("reviewer").get(reverse("run", args=[run])))
    assert "On average the model is off by 2.5 in 100 pairs." in page
    assert page.count("<circle") == 2 and 'cx="310.0" cy="40.0" r="11.0"' in page
    assert "20.0\N{NO-BREAK SPACE}%" in page and "30.0\N{NO-BREAK SPACE}%" in page, "each bin stands in the table too"
    assert 'cx="310.0" cy="40.0"' in text(browser("reviewer", "id").get(reverse("run", args=[run]))), "no comma spoils the drawing"


def test_a_run_that_goes_on_shows_how_far_it_is():
    with as_job("link"):
        run = Run.objects.create(asked_by="test", reach=["nation"], state="running", progress={"stage": "block", "done": 3, "total": 9})
    for address in ("run", "run_progress"):
        page = text(browser("reviewer").get(reverse(address, args=[run.pk])))
        now = page.index('aria-current="step"', page.index("stage-list"))
        assert page.index("Read the rows") < now < page.index("Compare the pairs") and "3 of 9" in page
    with as_job("link"):
        Run.objects.filter(pk=run.pk).update(progress={"stage": "something of the engine's own"})
    assert "stage-list" not in text(browser("reviewer").get(reverse("run", args=[run.pk])))
