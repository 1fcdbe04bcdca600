"""Story: Siti is registered twice and stays one person; who looks at her numbers stands in a book that cannot be changed.

Desi is the officer of Haurkolot, a village of Indramayu. Citra sits at the desk of Cirebon, another regency.
"""

import re

import pytest

from tests.people.someone import NIK, PASSPORT
from tests.stories.browsing import NARROW
from tests.stories.officers import Officer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]
SITI = {
    "name": "Siti Nurhaliza binti Kasan", "nik": NIK, "sex": "F", "birth": "17-05-1990", "birth_place": "Indramayu", "mother": "Kartini",
    "passport": PASSPORT,
}  # fmt: skip
SELECTS = ("sex",)
PERSON = re.compile(r"/people/[0-9a-f-]{36}/$")
NOTHING_OPEN = re.compile(rf"{NIK}|{PASSPORT}")


def registers(officer: Officer, what: dict[str, str]) -> str:
    """Fill the form in, send it; give the address of the page to which it led."""
    officer.page.goto("/people/new/")
    for name, value in what.items():
        field = officer.page.locator(f"[name={name}]")
        field.select_option(value) if name in SELECTS else field.fill(value)
    officer.page.locator("main form .form-acts button").click()
    officer.page.wait_for_url(PERSON)
    return officer.page.url


def searches(officer: Officer, text: str) -> None:
    officer.page.goto("/people/")
    officer.page.fill("[name=q]", text)
    officer.page.locator("main form .form-acts button").click()
    officer.page.wait_for_url(re.compile(r"/found/|/people/[0-9a-f-]{36}/$"))


def opens_a_number(officer: Officer, kind: str) -> None:
    """Open the first number of a kind, to check the identity."""
    number = officer.page.locator(".masked").filter(has_text=kind).first
    if officer.page.evaluate("() => 'htmx' in window"):
        number.locator("summary").click()
    number.locator("select").select_option("identity", force=True)
    number.locator("button").click()
    officer.page.get_by_text("; written down").wait_for()


def test_from_search_to_who_opened(visitor):
    # Desi signs in with her password, and registers Siti.
    desi = visitor().signs_in("village")
    her = registers(desi, SITI)
    assert "Registered." in desi.reads() and "Siti Nurhaliza" in desi.answer()
    first_answer = desi.page.locator("[role=status], .alert, .note").first.inner_text()

    # Citra, who does not see Indramayu, registers the same woman: the outward answer is the same, and it is the same record.
    citra = visitor().knows("desk")
    searches(citra, NIK)
    assert "Nobody whom your office may see fits" in citra.reads()
    assert registers(citra, SITI).rpartition("/people/")[2] == her.rpartition("/people/")[2]
    assert citra.page.locator("[role=status], .alert, .note").first.inner_text() == first_answer
    assert "already" not in citra.reads()

    # Now Citra finds her: by a number, which leads straight to her and stands in no address …
    searches(citra, NIK)
    assert PERSON.search(citra.page.url) and NIK not in citra.page.url
    # … and by a half-remembered name.
    searches(citra, "siti nurholiza")
    citra.page.get_by_role("link", name="Siti Nurhaliza binti Kasan").click()
    citra.page.wait_for_url(PERSON)

    # Her numbers are masked. Opening one takes a reason; nothing else opens with it.
    assert not NOTHING_OPEN.search(citra.page.content())
    opens_a_number(citra, "NIK")
    assert NIK in citra.reads() and PASSPORT not in citra.page.content()

    # Who opened: in words, without the number itself.
    citra.page.goto(her + "who/")
    told = citra.reads()
    assert "Citra di LTSA Cirebon" in told and "opened a number, to check the identity" in told and "Desi dari Desa Haurkolot" in told
    assert not NOTHING_OPEN.search(citra.page.content())

    # The auditor reads the same in the ledger, in Indonesian, and proves that no line was changed.
    aulia = visitor("id", size=NARROW).knows("auditor")
    aulia.page.goto("/ledger/?verb=people.reveal_number")
    assert "Citra di LTSA Cirebon" in aulia.reads() and NIK not in aulia.page.content()
    aulia.page.goto("/ledger/")
    aulia.page.get_by_role("button", name="Periksa keutuhan buku catatan").click()
    aulia.page.wait_for_url("**/ledger/verification/")
    assert aulia.page.locator("[role=alert]").count() == 0, aulia.reads()
    assert aulia.page.get_by_role("link", name="Kembali ke buku catatan").is_visible()

    # Citra signs out, and the way back shows nothing.
    citra.page.locator("details.who summary").click()
    citra.leads(citra.page.get_by_role("button", name="Sign out"))
    citra.page.goto(her)
    assert "/account/login/" in citra.page.url and "Siti" not in citra.page.content()


def test_the_same_without_javascript(visitor):
    # An old computer in the village: no script runs. Every step is a plain form.
    desi = visitor(scripts=False).signs_in("village")
    her = registers(desi, SITI)
    searches(desi, "nurhaliza")
    desi.leads(desi.page.get_by_role("link", name="Siti Nurhaliza binti Kasan"))
    assert desi.page.url == her
    desi.page.locator(".masked summary").first.click()
    desi.page.locator(".masked select").first.select_option("identity")
    desi.leads(desi.page.locator(".masked button").first)
    assert NIK in desi.reads()
    desi.page.goto(her + "who/")
    assert "opened a number, to check the identity" in desi.reads()
    desi.page.locator("details.who summary").click()
    desi.leads(desi.page.get_by_role("button", name="Sign out"))
    desi.page.goto(her)
    assert "/account/login/" in desi.page.url
