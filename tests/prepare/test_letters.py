"""The two letters of a candidate: kept and acknowledged in one go or not at all, and what the village's numbers say of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan, add_fact
from selaras.people.actions.merging import merge
from selaras.people.faults import Unfit
from selaras.people.models import Fact, JourneyStep
from selaras.people.papers import Written
from selaras.prepare.actions.letters import acknowledge_letter
from selaras.prepare.letters import LETTERS
from selaras.prepare.queries.village import see_candidates, see_letters, see_village
from tests.cast import actor
from tests.people.journeying import PDF, begun
from tests.people.someone import registered

pytestmark = pytest.mark.usefixtures("committed")
OFFICE = "Desa Haurkolot"


def brought(person_id: UUID, who: str = "village", **changes: Any):
    """Bring a permission letter to the village."""
    told: dict[str, Any] = {
        "kind": "permission_letter", "number": "470/12", "issuer": OFFICE, "issued_on": timezone.localdate(),
        "words": "Orang tua menandatangani di depan saya", "scan": Scan([PDF], "izin.pdf"), "once": "",
    }  # fmt: skip
    with acting(actor(who)):
        return acknowledge_letter(person_id=person_id, **(told | changes))


def letters(person_id: UUID) -> dict[str, str]:
    with acting(actor("village")):
        return {rule.id: line.verdict if line else "none" for rule, line in see_letters(person_id).rows}


def test_a_letter_is_kept_and_acknowledged_in_one_go_and_the_numbers_follow():
    her = begun().person_id
    with acting(actor("village")):
        assert (see_village().candidates, see_village().lacking) == (1, 1)
        assert see_candidates().rows[0].letters == ("none", "none")
    kept = brought(her)
    assert kept.verdict == "verified" and letters(her) == {"marital_letter": "none", "permission_letter": "verified"}
    with acting(actor("village")):
        assert see_village().lacking == 1
        fact = Fact.objects.get()
        assert (fact.words, fact.verified_office, fact.path) == ("Orang tua menandatangani di depan saya", actor("village").office, "manual")
    brought(her, kind="marital_letter", number="470/13")
    with acting(actor("village")):
        assert (see_village().candidates, see_village().lacking) == (1, 0)
        assert see_candidates().total == 0 and see_candidates(show="all").rows[0].letters == ("verified", "verified")
        assert see_candidates(show="all", text="nurha").total == 1 and see_candidates(show="all", text="kartini").total == 0


def test_the_refusal_of_another_officer_is_not_turned_over_by_writing_the_letter_down_again():
    her = begun().person_id
    kept = brought(her)
    with acting(actor("reviewer")):
        Fact.objects.filter(id=kept.fact_id).update(verdict="refused", verified_by_name="Indra")
    with pytest.raises(Refused, match="paper_judged"):
        brought(her)
    assert letters(her)["permission_letter"] == "refused"


def test_a_mistyped_day_is_written_anew_in_the_place_of_the_wrong_letter():
    her = begun().person_id
    first = brought(her, issued_on=timezone.localdate() - timedelta(3))
    second = brought(her)
    with acting(actor("village")):
        standing = Fact.objects.filter(person_id=her, kind="permission_letter", superseded_by__isnull=True)
        assert [f.id for f in standing] == [second.fact_id] and second.fact_id != first.fact_id


def test_what_is_refused_keeps_nothing():
    her = begun().person_id
    with pytest.raises(Unfit) as wrong:
        brought(her, scan=None)
    assert [f.code for f in wrong.value.faults] == ["scan_missing"]
    with pytest.raises(Refused, match="no_reason"):
        brought(her, words=" ")
    with pytest.raises(Unfit):
        brought(her, kind="passport")
    with pytest.raises(Refused, match="not_your_role"):
        brought(her, who="agency")
    with pytest.raises(NotThere):
        brought(her, who="desk")
    with acting(actor("village")):
        assert not Fact.objects.exists()


def test_a_newer_letter_takes_the_place_and_the_same_one_is_there_once():
    her = begun().person_id
    first = brought(her)
    assert brought(her).fact_id == first.fact_id, "the same number of the same village"
    newer = brought(her, number="470/99")
    assert newer.fact_id != first.fact_id and newer.verdict == "verified"
    with acting(actor("village")):
        assert Fact.objects.get(superseded_by__isnull=True).id == newer.fact_id
        assert Fact.objects.get(id=first.fact_id).superseded_by_id == newer.fact_id


def test_what_another_office_wrote_down_waits_for_the_village():
    her = begun().person_id
    with acting(actor("dinas")):
        add_fact(person_id=her, paper=Written("permission_letter", "470/12", OFFICE, timezone.localdate()), scan=Scan([PDF], "izin.pdf"))
    assert letters(her)["permission_letter"] == "stated"
    assert brought(her).verdict == "verified"
    with acting(actor("village")):
        assert Fact.objects.count() == 1


@pytest.mark.parametrize("number", ["470/12", ""])
def test_pressed_by_eight_at_once_it_is_there_once(number):
    her = begun().person_id

    def press(_n: int) -> None:
        try:
            brought(her, number=number, once="k")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    with acting(actor("village")):
        assert Fact.objects.get().verdict == "verified"


def test_letters_are_found_under_a_record_that_was_merged_away():
    journey = begun()
    other = registered("village", name="Siti Nurhaliza", numbers=[]).person_id
    for kind in LETTERS:
        brought(other, kind=kind)
    with acting(actor("reviewer")):
        merge(keep=other, lose=journey.person_id, reason="satu orang")
    with acting(actor("village")):
        assert see_candidates(show="all").rows[0].letters == ("verified", "verified") and see_village().lacking == 0
        assert see_letters(journey.person_id).person_id == other


def test_letters_of_a_record_merged_away_are_found_whichever_of_the_two_stands():
    journey = begun()
    first, second = (registered("village", name=name, numbers=[]).person_id for name in ("Siti Nurhaliza", "Siti Nur"))
    brought(first, kind="marital_letter")
    brought(second)
    with acting(actor("reviewer")):
        merge(keep=first, lose=second, reason="satu orang")
        merge(keep=journey.person_id, lose=first, reason="satu orang")  # a chain of two
    assert letters(journey.person_id) == {"marital_letter": "verified", "permission_letter": "verified"}
    with acting(actor("village")):
        assert see_village().lacking == 0 and see_candidates().total == 0
        assert see_candidates(show="all").rows[0].letters == ("verified", "verified")
    newest = brought(journey.person_id, number="470/77")  # a newer one under the record that stands
    with acting(actor("village")):
        assert newest.fact_id in {line.id for _, line in see_letters(second).rows if line}


def test_a_letter_refused_under_a_record_merged_away_is_not_turned_over_unseen():
    her, other = begun().person_id, registered("village", name="Siti Nurhaliza", numbers=[]).person_id
    kept = brought(other)
    with acting(actor("reviewer")):
        Fact.objects.filter(id=kept.fact_id).update(verdict="refused", verified_by_name="Indra")
        merge(keep=her, lose=other, reason="satu orang")
    with pytest.raises(Refused, match="paper_judged"):
        brought(her)
    assert brought(her, number="470/13").verdict == "verified" and letters(her)["permission_letter"] == "verified"


def test_who_has_left_is_no_candidate_any_more():
    journey = begun()
    with acting(actor("bp3mi")):
        row = JourneyStep.objects.filter(journey_id=journey.journey_id).first()
        JourneyStep.objects.create(
            journey_id=journey.journey_id, person_id=journey.person_id, step="depart", state="done", waits_for=[], since=row.since
        )
    with acting(actor("village")):
        assert see_village().candidates == see_village().lacking == 0
