"""What cannot be, typed into the pages: one clear sentence in the reader's language beside its field, and what was typed stays.

The rules themselves are tested where they live: ages in people/test_journeys.py, papers in people/test_papers.py, wages in
place/test_contracts.py, receipts in place/test_costs.py, two decisions at once in place/test_gate_at_once.py, gaps and overlaps of the law in
law/test_load.py and law/test_journey_law.py, altered, revoked and replayed cards in engines/passes.
"""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts.words import FAULTS as OF_CONTRACTS
from selaras.doors.office.journeys.sentences import FAULTS, REFUSALS
from selaras.doors.office.people.faults import SENTENCES
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan, add_fact
from selaras.people.models import Fact, Journey
from selaras.people.papers import Written
from selaras.place.models import Document
from tests.cast import actor
from tests.doors.test_contract_pages import filled
from tests.doors.test_journey_pages import browser, text, upload
from tests.people.journeying import PDF, begun
from tests.people.someone import PASSPORT, registered
from tests.people.test_papers import CERTIFICATE
from tests.place.test_contracts import on_her_way

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.parametrize("language", ["id", "en"])]
TODAY = timezone.localdate()


def told(language: str, sentence: Any, **params: Any) -> str:
    """Give a sentence in a language, as it stands on a page."""
    with translation.override(language):
        said = str(sentence)
    return said % params if params else said


def says(answer: Any, sentence: str) -> bool:
    """Say whether a page that refuses says a sentence."""
    return answer.status_code == 422 and sentence in html.unescape(text(answer))


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("competence_certificate", {"number": "LSP/1", "issued_on": "1980-01-02"}, "issued_before_birth"),
        ("competence_certificate", {"number": "LSP/1", "issued_on": str(TODAY + timedelta(1))}, "issued_to_come"),
        ("passport", {"number": PASSPORT, "issued_on": "2026-01-02", "valid_until": "2026-01-01"}, "ends_before_it_begins"),
        ("passport", {"number": "12", "issued_on": "2026-01-02", "valid_until": "2031-01-02"}, "passport_form"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_paper_that_cannot_be_is_refused_and_stays_typed(language: str, kind: str, fields: dict[str, str], code: str):
    url = reverse("paper_add", args=[begun().journey_id, kind])
    answer = browser("dinas", language).post(url, {"issuer": "Kantor Uji", "valid_until": "", "once": "p", "file": upload(), **fields})
    assert says(answer, told(language, (FAULTS | SENTENCES)[code])) and "Kantor Uji" in text(answer)
    with acting(actor("reviewer")):
        assert not Fact.objects.exists()


@pytest.mark.parametrize("kind", ["competence_certificate", "passport"])
def test_the_certificate_and_the_passport_of_another_person_do_not_count_and_nobody_is_named(language: str, kind: str):
    journey = begun()
    other = registered("hongkong", name="Wagiyem Sumarni", sex="", birth_date=None, home_area="", numbers=[])
    passport = Written("passport", "C7654321", "Imigrasi", TODAY, TODAY + timedelta(900))
    paper = CERTIFICATE if kind == "competence_certificate" else passport
    with acting(actor("hongkong")):
        add_fact(person_id=other.person_id, paper=paper, scan=Scan([PDF]))
    until = "" if kind == "competence_certificate" else "2031-01-02"
    fields = {"number": paper.number, "issuer": "Kantor Uji", "issued_on": "2026-01-02", "valid_until": until, "once": "c", "file": upload()}
    answer = browser("dinas", language).post(reverse("paper_add", args=[journey.journey_id, kind]), fields, follow=True)
    assert told(language, _("The number stands with another record already. The ministry's reviewers have been told.")) in html.unescape(text(answer))
    assert "Wagiyem" not in text(answer)
    with acting(actor("reviewer")):
        assert Fact.objects.get(journey=None, person_id=journey.person_id).verdict == "refused"


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"currency": "xxz"}, "wage.currency_unknown", {"currency": "XXZ"}),
        ({"wage": "29.500.000"}, "wage.absurdly_high", {}),
        ({"wage": "0"}, "wage.not_positive", {}),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_wage_or_currency_that_cannot_be_is_refused_and_stays_typed(language: str, changes: dict[str, str], code: str, params: dict[str, str]):
    write = reverse("contract_write", args=[on_her_way(), "contract"])
    answer = browser("bp3mi", language).post(write, filled(**changes))
    assert says(answer, told(language, OF_CONTRACTS[code], **params))
    assert all(f'value="{typed}"' in text(answer) for typed in changes.values())
    with acting(actor("reviewer")):
        assert not Document.objects.exists()


def test_who_is_too_young_begins_no_journey(language: str):
    person = registered(birth_date=TODAY - timedelta(days=365 * 17), numbers=[]).person_id
    form = {"scheme": "p_to_p", "country": "TWN", "agency": "", "job_order": "JO-77", "on": "", "once": "a"}
    answer = browser("village", language).post(reverse("journey_start", args=[person]), form)
    assert says(answer, told(language, REFUSALS["under_age"][0], least=18)) and "JO-77" in text(answer)
    with acting(actor("reviewer")):
        assert not Journey.objects.exists()
