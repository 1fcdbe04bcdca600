"""Why a run was full: each reason is brought about as it comes about, the run is right, and its page says the reason in both languages."""

import html
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from selaras.doors.office.run_way import WHY
from selaras.engines.linkage.standing.folder import manifest_of
from selaras.ground.keyring import ring
from selaras.ground.scope import acting
from selaras.reconcile.actions.runs import RunSummary, run_now
from selaras.reconcile.actions.sampling import draw_sample, read_drawn, unread_drawn
from selaras.reconcile.models import DrawnPair
from selaras.reconcile.queries.sampling import next_drawn
from tests.cast import actor
from tests.doors.test_headcount_pages import browser
from tests.early import ROOT
from tests.reconcile.intake import HEADER, take, text
from tests.reconcile.registers import broken_promises, person, put, whose, withdraw
from tests.reconcile.test_standing_runs import is_what_a_full_run_gives, two_registers

pytestmark = pytest.mark.usefixtures("committed")
SMALL = settings.SELARAS_LINK_ONTO
HELD = "import sys; from pathlib import Path; from selaras.engines.linkage.standing import locked\nwith locked(Path(sys.argv[1])): print('held', flush=True); input()"


@pytest.fixture(autouse=True)
def however_small():
    settings.SELARAS_LINK_ONTO = 0
    yield
    settings.SELARAS_LINK_ONTO = SMALL


def is_full_and_says(summary: RunSummary, code: str) -> None:
    """It linked everything, another full run changes nothing, and the page says why in both languages."""
    assert (summary.counts["way"]["kind"], summary.counts["way"]["why"]) == ("full", code)
    for language, heading in (("en", "All rows were linked anew"), ("id", "Semua baris ditautkan dari awal")):
        page = html.unescape(browser("reviewer", language).get(reverse("run", args=[summary.id])).content.decode())
        with translation.override(language):
            assert heading in page and str(WHY[code]) in page
    with translation.override("id"):
        indonesian = str(WHY[code])
    with translation.override("en"):
        assert str(WHY[code]) != indonesian
    before = whose()
    settings.SELARAS_LINK_ONTO = SMALL
    again = run_now()
    settings.SELARAS_LINK_ONTO = 0
    assert (again.counts["links_new"], again.counts["persons_new"], again.counts["persons_changed"]) == (0, 0, 0)
    assert again.counts["persons"] == summary.counts["persons"] and whose() == before and broken_promises() == []


def a_new_row() -> None:
    put("siskop2mi", {"S101": person(1, village="CIBATOK")})


@contextmanager
def held_by_another(folder: Path) -> Iterator[None]:
    """Another process adds to the folder, as `selaras link --onto` does."""
    with subprocess.Popen([sys.executable, "-c", HELD, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("\n", timeout=30)


def test_while_another_process_holds_the_kept_linkage_all_is_linked_anew_and_nothing_of_it_is_touched():
    two_registers()
    run_now()
    folder = Path(settings.SELARAS_WORK) / "standing"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    a_new_row()
    with held_by_another(folder):
        summary = run_now()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    put("siskop2mi", {"S102": person(2, village="CIBATOK")})
    after = run_now()
    assert after.counts["way"]["why"] == "drifted", "the kept linkage lacks what the run beside it found"
    assert whose()["siskop2mi:S101"] == whose()["siskop2mi:S001"] and whose()["siskop2mi:S102"] == whose()["siskop2mi:S002"]
    put("siskop2mi", {"S103": person(3, village="CIBATOK")})
    is_what_a_full_run_gives(run_now())
    is_full_and_says_still(summary)


def is_full_and_says_still(summary: RunSummary) -> None:
    """The page of an earlier run says why it was full."""
    page = html.unescape(browser("reviewer").get(reverse("run", args=[summary.id])).content.decode())
    assert summary.counts["way"]["why"] == "busy" and "Another process held the kept linkage." in page
    page = html.unescape(browser("reviewer", "id").get(reverse("run", args=[summary.id])).content.decode())
    with translation.override("id"):
        assert str(WHY["busy"]) in page and "Another process" not in page


def test_a_linkage_kept_by_another_version_of_the_engine_is_made_anew():
    two_registers()
    run_now()
    folder = Path(settings.SELARAS_WORK) / "standing"
    manifest, keys = manifest_of(folder, ring().derived("standing linkage"))
    older = manifest | {"engine": "0.1"}  # whole, and sealed with our key: as the version before an update left it
    (folder / "CURRENT").write_text(json.dumps(older | {"tag": keys.tag(json.dumps(older, sort_keys=True).encode())}))
    a_new_row()
    is_full_and_says(run_now(), "version")


def read_one(run: UUID, verdict: str = "same") -> UUID:
    with acting(actor("reviewer")):
        draw_sample(run, 20)
        at = next_drawn(run)
        read_drawn(at, verdict)
        return at


def test_what_was_read_of_a_sample_teaches_a_new_model_once():
    two_registers(40)
    summary = run_now()
    read_one(summary.id)
    a_new_row()
    is_full_and_says(run_now(), "sample")
    a_new_row()
    assert run_now().counts["way"]["why"] == "none", "the check before emptied what was kept"
    put("siskop2mi", {"S103": person(3, village="CIBATOK")})
    assert run_now().counts["way"]["kind"] == "delivery", "what was read before is in the model already"


def test_a_row_that_was_read_and_is_withdrawn_is_no_new_reading_but_taking_a_reading_back_is():
    two_registers(40)
    first = run_now()
    at = read_one(first.id)
    assert run_now().counts["way"]["why"] == "sample"
    with acting(actor("reviewer")):
        row = DrawnPair.objects.get(pk=at).left
    withdraw(row.source_id, row.row_id)
    summary = run_now()
    is_what_a_full_run_gives(summary)
    with acting(actor("reviewer")):
        unread_drawn(at)
    assert run_now().counts["way"]["why"] == "sample"


def as_file(*numbers: range, **more: str) -> bytes:
    """A file of the placement register with these persons."""
    said = {
        "NIK": "nik", "NAMA LENGKAP": "name", "TEMPAT LAHIR": "birth_place", "TANGGAL LAHIR": "birth_date", "JENIS KELAMIN": "sex",
        "NAMA IBU KANDUNG": "mother", "NO. PASPOR": "passport", "KAB/KOTA ASAL": "regency", "NEGARA TUJUAN": "country",
        "TGL DAFTAR": "event_date",
    }  # fmt: skip
    rows = []
    for number in (n for some in numbers for n in some):
        told = person(number)
        row = {heading: told[name] for heading, name in said.items()} | {"ID PMI": f"S{number:06}"} | more
        rows.append([row.get(heading, "") for heading in HEADER])
    return text(rows)


def test_when_more_than_a_fifth_of_the_rows_changed_a_new_model_is_worth_its_time():
    assert take(as_file(range(1_500))).counts["new"] == 1_500
    run_now()
    assert take(as_file(range(1_000), DESA="CIBATOK")).counts["changed"] == 1_000
    summary = run_now()
    assert summary.counts["way"]["kind"] == "delivery", "a thousand rows are few, however small the register"
    assert take(as_file(range(1_001), DESA="CIBEBER")).counts["changed"] == 1_001
    is_full_and_says(run_now(), "much")


def test_when_the_kept_linkage_has_no_room_for_more_rows_it_is_made_anew():
    # Keys of blocks are made for 4,096 rows at least, and a row that was withdrawn keeps its place.
    take(as_file(range(2_040)))
    run_now()
    for start in (2_040, 3_040):
        take(as_file(range(start, start + 1_000)))
        assert run_now().counts["way"]["kind"] == "delivery"
    take(as_file(range(4_040, 4_096)))
    assert run_now().counts["way"]["kind"] == "delivery", "just as many as there is room for"
    take(as_file(range(4_096, 4_097)))
    is_full_and_says(run_now(), "room")
