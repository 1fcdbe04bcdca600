"""Early warnings: reported in one's own area, listed without words, opened one by one, answered once; no place for a suspect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, models
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import KeptFile, LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.people.models import Person
from selaras.prepare.actions.signals import answer_signal, report_signal
from selaras.prepare.models import Signal
from selaras.prepare.queries.signals import open_signal, open_signal_photo, see_signal_counts, see_signals
from tests.cast import actor
from tests.market.demand import OWN, parties
from tests.people.journeying import PDF
from tests.people.someone import VILLAGE

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate
WORDS = "Dua orang datang ke balai desa dan menawarkan kerja di Kamboja"


def reported(who: str = "village", **changes: Any) -> Signal:
    told = {"kind": "recruiter_visit", "on": TODAY(), "area": VILLAGE, "words": WORDS, "once": "k"}
    with acting(actor(who)):
        return report_signal(**(told | changes))


def test_a_warning_has_no_place_for_a_person():
    people = [f.name for f in Signal._meta.get_fields() if isinstance(f, models.ForeignKey) and f.related_model is Person]
    assert people == []
    texts = {f.name for f in Signal._meta.get_fields() if isinstance(f, models.CharField | models.TextField | models.BinaryField)}
    assert texts == {
        "kind", "words", "company", "state", "by", "by_name", "office", "once", "answer", "answered_by", "answered_by_name", "answered_office",
        "earlier",
    }, "a new text of a warning: can it hold the name of a suspect?"  # fmt: skip


def test_the_list_shows_kind_place_day_and_state_and_each_opening_is_a_line():
    row = reported()
    with acting(actor("bp3mi")):
        found = see_signals()
        (line,) = found.rows
        assert set(line.__dataclass_fields__) == {"id", "kind", "on", "place", "state"}
        assert (line.kind, line.on, line.state, found.waiting) == ("recruiter_visit", TODAY(), "reported", 1)
        assert line.place.startswith("Haurkolot")
        for _ in range(2):
            assert open_signal(row.pk).words == WORDS
    with acting(actor("auditor")):
        assert LedgerLine.objects.filter(verb="prepare.open_signal", outcome="read").count() == 2
        for line in LedgerLine.objects.filter(verb__startswith="prepare."):
            assert "Kamboja" not in str(line.detail)


def test_it_is_seen_where_it_happened_and_nowhere_else():
    row = reported()
    for who in ("village", "dinas", "province", "bp3mi"):
        with acting(actor(who)):
            assert see_signals().total == 1, who
    with acting(actor("desk")):
        assert see_signals().total == 0
        with pytest.raises(NotThere):
            open_signal(row.pk)
    with pytest.raises(Refused, match="not_your_area"):
        reported("desk")
    with acting(actor("agency")), pytest.raises(Refused, match="not_your_role"):
        see_signals()


def test_each_fault_is_named_and_numbers_of_people_are_left_out():
    def faults(**changes: Any) -> set[tuple[str, str]]:
        with pytest.raises(Unfit) as wrong:
            reported(**changes)
        return {(f.field, f.code) for f in wrong.value.faults}

    assert faults(kind="bad_man") == {("kind", "unknown_signal")}
    assert faults(on=TODAY() + timedelta(1)) == {("on", "day_to_come")}
    assert faults(area="99") == {("area", "unknown_area")}
    assert faults(words="  ") == {("words", "words_missing")}
    assert faults(words="x" * 601) == {("words", "too_long")}
    for number in (
        "0812 3456 7890", "3212015705900001", "+62-812-345-6789", "0812.3456.789", "0812 - 3456 - 7890", "0812/3456/7890", "(0812) 34567-89",
        "Rp 081234567890",
    ):  # fmt: skip
        assert faults(words=f"Hubungi {number}") == {("words", "number_in_words")}
        assert faults(company=f"PT {number}") == {("company", "number_in_words")}
    assert faults(agency="tidak-ada") == {("agency", "unknown_agency")}
    assert reported(words="Gaji 15.000.000 sebulan, 3 orang, tahun 2026").pk


def test_a_named_agency_and_a_photograph_are_opened_with_the_words():
    parties()
    row = reported(agency=OWN, photo=Scan([PDF], "Budi.pdf"))
    with acting(actor("bp3mi")):
        found = open_signal(row.pk)
        assert (found.agency_key, found.company, found.photo) == (OWN, "", True)
        opened = open_signal_photo(row.pk)
        assert b"".join(opened.parts) == PDF and opened.name == "recruiter_visit.pdf"
    plain = reported(once="b", company="PT Tidak Terdaftar")
    with acting(actor("bp3mi")):
        assert open_signal(plain.pk).company == "PT Tidak Terdaftar"
        with pytest.raises(NotThere):
            open_signal_photo(plain.pk)
    with pytest.raises(Unfit):
        reported(once="c", photo=Scan([b"MZ not a picture"], "x.exe"))


def test_pressed_by_eight_at_once_it_is_reported_once_with_one_photograph():
    def press(_n: int) -> None:
        try:
            reported(photo=Scan([PDF], "a.pdf"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    with acting(actor("reviewer")):
        assert (Signal.objects.count(), KeptFile.objects.count()) == (1, 1)


def test_bp3mi_answers_once_and_the_second_is_told_who_did():
    row = reported()
    for who in ("village", "dinas"):
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            answer_signal(signal_id=row.pk, state="nothing", words="x")
    with acting(actor("bp3mi")):
        with pytest.raises(Refused, match="no_reason"):
            answer_signal(signal_id=row.pk, state="nothing", words=" ")
        with pytest.raises(Unfit):
            answer_signal(signal_id=row.pk, state="reported", words="x")

    def press(n: int) -> str:
        try:
            with acting(actor("bp3mi")):
                answer_signal(signal_id=row.pk, state="passed_on" if n % 2 else "looked_into", words="Diteruskan ke polsek" if n % 2 else "Dikunjungi")
            return "done"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(press, range(8)))
    assert said.count("done") == 4 and said.count("signal_answered") == 4, "the same answer again is no second one"
    with acting(actor("village")):
        found = open_signal(row.pk)
        assert found.line.state in ("passed_on", "looked_into") and found.answer and found.answered_by == actor("bp3mi").name
        assert see_signals().waiting == 0


def test_counts_hide_small_cells_and_what_would_give_them_away():
    for n in range(3):
        reported(once=f"few-{n}")
    for n in range(7):
        reported(once=f"many-{n}", kind="high_pay")
    for n in range(6):
        reported("desk", once=f"far-{n}", kind="high_pay", area="3209")
    with acting(actor("steering")):
        found = {(line.kind, line.place and line.place[:9]): line.count for line in see_signal_counts()}
    assert all(count is None or count >= 5 for count in found.values())
    small = [key for key, count in found.items() if count is None]
    assert ("recruiter_visit", None) in small and len(small) > 2, "whoever knows the totals could subtract"
    with acting(actor("village")), pytest.raises(Refused, match="not_your_role"):
        see_signal_counts()
