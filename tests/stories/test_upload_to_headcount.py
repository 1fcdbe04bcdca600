"""Story: two ministries hand their exports in, and one count of persons comes out.

Dara of the foreign ministry brings Peduli WNI, Rani of KP2MI brings SiskoP2MI: a thousand invented people, written as carelessly
as exports are. The worker reads and links them, what nobody can read is set aside, what the model doubts is judged by two.
"""

import csv
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from selaras.agreements.actions import sign_agreement
from selaras.agreements.queries import numbers_in_force
from selaras.ground.act import as_job
from selaras.samples.nation import make_nation
from tests.reconcile.intake import AGREEMENT, sign
from tests.stories.officers import Officer
from tests.stories.serving import work

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]
OTHER = "PKS-UJI-PULANG"  # an agreement in force that lets only returns and deaths flow


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """The two files as the ministries would hand them over, and the agreements between the ministries."""
    sign()
    with as_job("setup"):
        if OTHER not in dict(numbers_in_force()):
            sign_agreement(
                number=OTHER, kind="pks", title="Hanya kepulangan", parties="KP2MI, Kemlu", since=date(2026, 1, 1),
                clauses=[("1", "returns_reconcile", "")],
            )  # fmt: skip
    make_nation(1000, 3, tmp_path, messy=True)
    return tmp_path


def hands_in(officer: Officer, register: str, file: Path, agreement: str = AGREEMENT) -> None:
    """Hand a file in from the page of deliveries."""
    officer.page.goto("/deliveries/hand-in/")
    officer.page.select_option("[name=source]", register)
    officer.page.select_option("[name=agreement]", agreement)
    officer.page.set_input_files("[name=file]", file)
    with officer.page.expect_navigation():
        officer.page.locator("main form .form-acts button").click()


def downloads(officer: Officer, link: str) -> bytes:
    """Click a link that gives a file, and read the file."""
    with officer.page.expect_download() as coming:
        officer.page.get_by_role("link", name=link).first.click()
    return Path(coming.value.path()).read_bytes()


def number(text: str) -> int:
    """Read the first number of a sentence, written the English way."""
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))


def test_from_upload_to_headcount(visitor, exports: Path):
    siskop2mi, peduliwni = exports / "siskop2mi_export.csv", exports / "peduliwni_export.csv"
    dara, rani, dua = visitor().signs_in("data"), visitor().knows("reviewer"), visitor().knows("second")

    # Under an agreement that covers something else nothing is taken, and one sentence says why, in either language.
    hands_in(dara, "peduliwni", peduliwni, OTHER)
    assert f"The agreement {OTHER} does not cover the register Peduli WNI." in dara.reads()
    indonesian = visitor("id").knows("data")
    hands_in(indonesian, "peduliwni", peduliwni, OTHER)
    assert f"Perjanjian {OTHER} tidak mencakup register Peduli WNI." in indonesian.reads()

    # Under the right one both files are taken over, and wait for a worker.
    hands_in(dara, "peduliwni", peduliwni)
    hands_in(rani, "siskop2mi", siskop2mi)
    for officer in (dara, rani):
        assert "Waits for its turn." in officer.reads() and officer.page.get_by_role("progressbar").is_visible()
    delivered = dara.page.url

    # The worker reads both, links them and counts. The page that was left open notices by itself.
    work()
    dara.leads(dara.page.get_by_role("link", name="See the result"))
    assert re.match(r"[\d,]+ rows of Peduli WNI were taken in", dara.answer()), dara.answer()

    # What could not be read is shown with line and reason, and comes as a file that can be mended.
    rejected = number(dara.page.locator("#rejects-title").inner_text())
    assert rejected > 0
    text = io.StringIO(downloads(dara, "Download them as CSV").decode("utf-8-sig"), newline="")
    mendable = list(csv.DictReader(text, delimiter=";"))
    assert len(mendable) == rejected and all(row["#line"] and row["#reason"] for row in mendable)

    # The same file once more changes nothing, and says so.
    hands_in(dara, "peduliwni", peduliwni)
    assert "This very file was handed in before; nothing was changed." in dara.reads() and dara.page.url == delivered

    # Rani judges a doubtful pair by keyboard; alone she moves nothing.
    rani.page.goto("/review/next/")
    pair = rani.page.url
    waiting = len(rani.page.locator("table.compare tbody tr").all())
    assert waiting and "/review/" in pair
    with rani.page.expect_navigation():
        rani.page.keyboard.press("s")
    assert "It holds when a second officer says the same." in rani.reads()
    # Her colleague does not see what she said, and says the same: now it holds.
    dua.page.goto(pair)
    assert "hidden until you have judged yourself" in dua.reads()
    with dua.page.expect_navigation():
        dua.page.keyboard.press("s")
    assert "It holds now" in dua.reads()

    # Dara starts the linkage again, so that the judgement enters the count.
    dara.page.goto("/runs/")
    dara.page.locator("form[action='/runs/start/'] button").first.click()
    dara.page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}/$"))
    work()
    dara.page.reload()
    assert re.match(r"[\d,]+ rows became [\d,]+ persons", dara.answer()), dara.answer()

    # The count: the sentence, the map, the bars, the table, and both files say the same number.
    stefani = visitor().knows("steering")
    stefani.page.goto("/headcount/")
    persons = number(stefani.answer())
    assert 900 < persons < 1100, "the invented nation has a thousand people"
    stefani.page.locator("[data-chart=map] canvas").wait_for()
    stefani.page.locator("[data-chart=bars] canvas").wait_for()
    rows = pl.read_csv(downloads(stefani, "CSV"))
    assert rows["persons_by_last_known_country"].sum() == persons
    book = CalamineWorkbook.from_filelike(io.BytesIO(downloads(stefani, "XLSX")))
    sheet = book.get_sheet_by_name("headcount").to_python()
    column = sheet[0].index("persons_by_last_known_country")
    assert sum(line[column] for line in sheet[1:]) == persons

    # Tia in Taipei sees Taiwan, and nobody else's country.
    tia = visitor().knows("taipei")
    tia.page.goto("/headcount/")
    assert "last known in Taiwan" in tia.answer() and 0 < number(tia.answer()) < persons
    assert not re.search("Malaysia|Hong Kong", tia.page.locator("main").inner_text())
