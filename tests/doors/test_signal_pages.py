"""An agency named in an early warning is one of the register or a free word; its standing is shown where it is opened, and on no list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.people.actions.parties import sanction
from selaras.prepare.models import Signal
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.market.demand import OWN, parties
from tests.people.someone import VILLAGE

pytestmark = pytest.mark.usefixtures("committed")
NAME = "PT Contoh Jaya"


def plain(response: Any) -> str:
    """Give what a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


def told(**changes: str) -> dict[str, str]:
    """Give a warning as it is filled in."""
    day = str(timezone.localdate())
    more = {"kind": "recruiter_visit", "on": day, "regency": VILLAGE[:4], "village": "Haurkolot", "words": "Menawarkan kerja", "once": "k"}
    return more | changes


def test_an_agency_is_found_by_its_name_and_shown_with_its_standing_of_that_day():
    parties()
    client, new = browser("village"), reverse("signal_new")
    assert client.post(new, told(agency="contoh jaya")).status_code == 302
    with acting(actor("bp3mi")):
        row = Signal.objects.select_related("agency").get()
        assert row.agency is not None and (row.agency.key, row.company) == (OWN, "")
    page = reverse("signal", args=[row.pk])
    office = browser("bp3mi")
    assert NAME in text(office.get(page)) and "As it stood on" in plain(office.get(page))
    with as_job("setup"):
        sanction(key=OWN, kind="suspended", reason="uji", basis="UU18:37", since=timezone.localdate())
    assert "suspended since" in plain(office.get(page))
    past = browser("village").post(new, told(agency=OWN, on=str(timezone.localdate() - timedelta(1)), once="b"))
    assert past.status_code == 302
    with acting(actor("bp3mi")):
        before = Signal.objects.exclude(pk=row.pk).get().pk
    assert "suspended since" not in plain(office.get(reverse("signal", args=[before]))), "its standing of that day, not of today"


def test_what_only_sounds_like_an_agency_is_offered_and_never_taken_for_it_and_free_words_stay():
    parties()
    client, new = browser("village"), reverse("signal_new")
    near = client.post(new, told(agency="Contoh Jaja"))
    assert near.status_code == 422 and f"{NAME} ({OWN})" in plain(near) and 'value="Contoh Jaja"' in text(near)
    unknown = client.post(new, told(agency="Zzyzx Qwerty"))
    assert unknown.status_code == 422 and "No agency of the register is called so." in plain(unknown)
    with acting(actor("bp3mi")):
        assert not Signal.objects.exists()
    assert client.post(new, told(company="PT Tidak Terdaftar")).status_code == 302
    with acting(actor("bp3mi")):
        row = Signal.objects.get()
        assert (row.agency, row.company) == (None, "PT Tidak Terdaftar")
    assert "PT Tidak Terdaftar" in plain(browser("bp3mi").get(reverse("signal", args=[row.pk])))


def test_no_list_and_no_board_names_an_agency_or_a_company():
    parties()
    client, new = browser("village"), reverse("signal_new")
    client.post(new, told(agency=OWN))
    client.post(new, told(company="CV Rahasia", once="b"))
    for who, names in (("bp3mi", ("signals", "home", "signal_counts")), ("village", ("signals", "village", "home")), ("steering", ("signal_counts",))):
        for name in names:
            answer = browser(who).get(reverse(name))
            if answer.status_code == 200:
                assert NAME not in text(answer) and "CV Rahasia" not in text(answer), (who, name)
    assert "CV Rahasia" not in text(browser("bp3mi").get(reverse("signals") + "?q=Rahasia"))
