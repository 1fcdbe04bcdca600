"""The worker's card in the flow: issued at its step, one for a journey, renewed, replaced, suspended and revoked, and what the lists then say."""

import datetime as dt
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from selaras.engines.passes.card import take_apart
from selaras.engines.passes.keys import CARD
from selaras.engines.passes.verifying import GOOD, NOT_GOOD, UNSURE, verifier
from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.keyring import KeyFault, write_ring
from selaras.ground.scope import Actor, acting
from selaras.people.actions.steps import do_step
from selaras.people.models import Journey, JourneyStep, Person
from selaras.people.sight import abroad_grant
from selaras.place import publishing, signing
from selaras.place.actions import passes
from selaras.place.actions.passes import (
    Issued,
    issue_pass,
    lift_pass,
    publish_lists,
    renew_pass,
    replace_pass,
    revoke_pass,
    suspend_pass,
)
from selaras.place.jobs import publish
from selaras.place.models import Document, Pass, PassList
from selaras.place.queries.passes import open_credential, open_pass, see_own_pass, see_passes
from selaras.place.queries.verifying import check_shown, published_keys, published_list
from tests.access.visitors import lines
from tests.cast import actor, enrolled
from tests.place.standing import before_gate, carded, journey_of, second, step, woman

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate
WHY = "Dilihat bersama pekerja di loket"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path) -> Any:
    """Give each test a file of keys of its own, so that one that withdraws a key leaves the others alone."""
    before, settings.SELARAS_CARD_KEYS = settings.SELARAS_CARD_KEYS, str(tmp_path / "cards.json")
    yield
    settings.SELARAS_CARD_KEYS = before


def at_card(scheme: str = "p_to_p", person: Person | None = None, **changes: Any) -> Any:
    """Enter a journey that stands at the step of the card."""
    with acting(actor("reviewer")):
        journey = journey_of(person or woman(), scheme, TODAY() - dt.timedelta(90), **changes)
        course = passes.hold(journey.id).course
        rule = course.step("card")
        assert rule is not None
        for one in course.steps:
            if one.id == rule.id:
                break
            if not one.optional:
                step(journey, one.id, "done", TODAY() - dt.timedelta(10))
        step(journey, rule.id, "now")
        return journey.id


def seen_from_taiwan() -> Person:
    """Enter a woman whom the office in Taipei sees."""
    with acting(actor("reviewer")):
        her = woman()
        her.reach = sorted({*her.reach, abroad_grant("TWN")})
        her.save()
        return her


def herself() -> Person:
    """Enter a woman who has a page of her own."""
    with acting(actor("reviewer")):
        her = woman()
        her.reach = [*her.reach, f"person:{her.id}"]
        her.save()
        return her


def issued(journey_id: Any, who: Actor | None = None, **more: Any) -> Issued:
    with acting(who or actor("bp3mi")):
        return issue_pass(journey_id=journey_id, **more)


def token_of(card: Issued) -> str:
    with acting(actor("bp3mi")):
        return open_pass(card.pass_id).text


def states(journey_id: Any, name: str = "card") -> list[str]:
    with acting(actor("reviewer")):
        return list(JourneyStep.objects.filter(journey_id=journey_id, step=name).order_by("id").values_list("state", flat=True))


def codes(found: Any) -> list[str]:
    return [reason.code for reason in (*found.against, *found.unsure)]


def test_the_card_is_issued_at_its_step_and_the_step_is_done_with_it():
    journey = at_card()
    done = issued(journey)
    assert (done.state, states(journey)) == ("in_force", ["done"])
    found = check_shown(token_of(done))
    assert found.outcome == GOOD and found.says is not None
    assert {name: found.says[name] for name in ("name", "birth_year", "country", "number")} == {
        "name": "Siti Nurhaliza", "birth_year": 1999, "country": "TWN", "number": done.number,
    }  # fmt: skip
    assert done.until == TODAY().replace(year=TODAY().year + 2), "the longest that is used until the regulation's own is known"
    assert lines("place.issue_pass")[-1][3] == "done"


def test_no_card_before_its_step_and_none_by_who_is_not_named():
    journey = at_card()
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(journey_id=journey, step="card").delete()
        JourneyStep.objects.filter(journey_id=journey, step="opp").delete()
    with pytest.raises(Refused) as early:
        issued(journey)
    assert (early.value.code, early.value.params["steps"]) == ("pass_not_yet", ["opp"])
    for who in ("desk", "dinas", "taipei", "agency"):
        with pytest.raises(Refused) as refused:
            issued(journey, actor(who))
        assert refused.value.code == "not_your_role"
    with acting(actor("hongkong")), pytest.raises(NotThere):
        see_passes(journey)


def test_a_card_ends_with_the_contract_and_none_outlives_it():
    ends = {at_card(): TODAY() + dt.timedelta(200), at_card(): TODAY() - dt.timedelta(1)}
    with acting(actor("reviewer")):
        for journey_id, until in ends.items():
            person = Journey.objects.get(id=journey_id).person
            Document.objects.create(
                journey_id=journey_id, person=person, kind="contract", version=1, until=until, currency="TWD", by="uji", by_name="Uji",
                at=timezone.now(), terms={},
            )  # fmt: skip
    sound, over = ends
    assert issued(sound).until == ends[sound]
    with pytest.raises(Refused) as refused:
        issued(over)
    assert (refused.value.code, refused.value.basis) == ("contract_over", "UU18:17")
    nowhere = at_card("crew_merchant", country_id=None, agency="", employer="", job_order="")
    with pytest.raises(Refused) as refused:
        issued(nowhere)
    assert refused.value.code == "pass_country_missing"
    with acting(actor("reviewer")):
        dead = woman()
        dead.died_on = TODAY()
        dead.save()
    with pytest.raises(Refused) as refused:
        issued(at_card(person=dead))
    assert refused.value.code == "person_died"


def at_once(calls: list[tuple[Actor, Any]]) -> Counter[str]:
    def go(call: tuple[Actor, Any]) -> str:
        try:
            with acting(call[0]):
                return "again" if call[1]().again else "done"
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(go, calls))


def test_two_officers_and_double_clicks_at_once_give_one_card():
    journey, other = at_card(), second()
    press = [(who, lambda: issue_pass(journey_id=journey)) for who in (actor("bp3mi"), other) * 4]
    assert at_once(press) == {"done": 1, "pass_stands": 7}
    double = [(actor("bp3mi"), lambda j=j: issue_pass(journey_id=j, once=f"key-{j}")) for j in (at_card(), at_card()) for _ in range(3)]
    assert at_once(double) == {"done": 2, "again": 4}
    with acting(actor("reviewer")):
        assert Pass.objects.count() == 3
        assert len(set(Pass.objects.values_list("status_list", "place"))) == 3


def test_a_place_that_is_taken_is_drawn_anew(monkeypatch):
    places = iter([5, 5, 5, 9])
    monkeypatch.setattr(passes.secrets, "randbelow", lambda _size: next(places))
    one, other = issued(at_card()), issued(at_card())
    with acting(actor("reviewer")):
        assert dict(Pass.objects.values_list("id", "place")) == {one.pass_id: 5, other.pass_id: 9}
    assert take_apart(token_of(other)).card().status_index == 9, "the token says the place that was kept"


def test_a_revoked_card_is_refused_at_once_and_by_who_synced_after_but_not_before():
    journey = at_card()
    card = issued(journey)
    token, keys = token_of(card), signing.public_keys()
    before = verifier(keys, [published_list("e-kpmi-1").signed])
    with acting(actor("bp3mi")):
        revoke_pass(pass_id=card.pass_id, reason="issued_wrongly", words=WHY)
    assert codes(check_shown(token)) == ["pass.revoked"]
    after = verifier(keys, [published_list("e-kpmi-1").signed])
    now = timezone.now()
    assert after.verify(token, now).outcome == NOT_GOOD
    unknowing = before.verify(token, now)
    assert unknowing.outcome == GOOD and unknowing.notes[0].code == "pass.list_age"
    assert before.verify(token, now + dt.timedelta(hours=30)).outcome == UNSURE
    assert states(journey) == ["returned", "now"], "who has not gone further stands before the step again"
    with acting(actor("bp3mi")), pytest.raises(Refused) as refused:
        open_pass(card.pass_id)
    assert refused.value.code == "pass_over"
    again = issued(journey)
    assert check_shown(token_of(again)).outcome == GOOD and again.number != card.number


def test_a_card_revoked_after_the_gate_leaves_the_journey_where_it_is():
    journey = at_card()
    card = issued(journey)
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(journey_id=journey, step="gate").update(state="done", done_on=TODAY())
    with acting(actor("bp3mi")):
        revoke_pass(pass_id=card.pass_id, reason="misuse", words=WHY)
    assert states(journey) == ["done"]
    assert issued(journey).state == "in_force", "a new one can be issued all the same"


def test_an_older_card_that_ended_is_revoked_and_the_journey_stays_where_it_is():
    journey = at_card()
    old = issued(journey)
    with acting(actor("bp3mi")):
        newer = renew_pass(pass_id=old.pass_id)
    with acting(actor("reviewer")):
        Pass.objects.filter(id=old.pass_id).update(state="expired")
    with acting(actor("bp3mi")):
        revoke_pass(pass_id=old.pass_id, reason="misuse", words=WHY)
    assert states(journey) == ["done"], "the newer card stands for the step"
    assert check_shown(token_of(newer)).outcome == GOOD


def test_the_step_is_done_with_a_card_and_not_by_hand():
    journey = at_card()
    with acting(actor("bp3mi")), pytest.raises(Refused) as refused:
        do_step(journey_id=journey, step="card", version=1)
    assert (refused.value.code, refused.value.basis) == ("card_by_issuing", "PERMEN34_25:14") and states(journey) == ["now"]


def test_where_no_key_signs_cards_the_step_is_done_by_hand(tmp_path, settings):
    settings.SELARAS_CARD_KEYS = str(tmp_path / "none.json")
    journey = at_card()
    settings.SELARAS_MODE = "production"
    with acting(actor("bp3mi")):
        do_step(journey_id=journey, step="card", version=1)
    assert states(journey) == ["done"]


def test_a_key_that_does_not_sign_yet_is_not_taken_for_a_fault_of_the_record():
    write_ring(Path(settings.SELARAS_CARD_KEYS), signing.fresh_keys(TODAY() + dt.timedelta(9)).as_json())
    with pytest.raises(Refused) as refused:
        issued(at_card())
    assert refused.value.code == "pass_no_key"


def test_what_is_looked_into_is_answered_before_another_card_takes_its_place():
    card = issued(at_card())
    with acting(actor("bp3mi")):
        suspend_pass(pass_id=card.pass_id, reason="complaint")
        for words in ("", "hilang"):
            with pytest.raises(Refused) as refused:
                replace_pass(pass_id=card.pass_id, reason="damaged", words=words)
            assert refused.value.code == "no_reason"
        assert replace_pass(pass_id=card.pass_id, reason="damaged", words=WHY).state == "in_force"


def test_suspended_and_lifted():
    card = issued(at_card(person=seen_from_taiwan()))
    token = token_of(card)
    with acting(actor("taipei")):
        suspend_pass(pass_id=card.pass_id, reason="checking")
    assert codes(check_shown(token)) == ["pass.suspended"]
    with acting(actor("bp3mi")):
        for call, code in (
            (lambda: suspend_pass(pass_id=card.pass_id, reason="checking"), "pass_so_already"),
            (lambda: renew_pass(pass_id=card.pass_id), "pass_suspended"),
            (lambda: lift_pass(pass_id=card.pass_id, words=" "), "no_reason"),
        ):
            with pytest.raises(Refused) as refused:
                call()
            assert refused.value.code == code
        assert lift_pass(pass_id=card.pass_id, words=WHY).state == "in_force"
    assert check_shown(token).outcome == GOOD
    with acting(actor("bp3mi")), pytest.raises(Refused) as refused:
        suspend_pass(pass_id=card.pass_id, reason="bored")
    assert refused.value.code == "unknown_reason"


def test_renewed_before_and_after_its_last_day():
    card = issued(at_card(person=seen_from_taiwan()))
    first = token_of(card)
    with acting(actor("taipei")):
        newer = renew_pass(pass_id=card.pass_id, once="k")
        assert renew_pass(pass_id=card.pass_id, once="k") == replace(newer, again=True)
        with pytest.raises(Refused) as refused:
            renew_pass(pass_id=card.pass_id)
    assert refused.value.code == "not_the_last_pass"
    assert codes(check_shown(first)) == ["pass.revoked"], "of two cards one holds"
    with acting(actor("reviewer")):
        Pass.objects.filter(id=newer.pass_id).update(since=TODAY() - dt.timedelta(900), until=TODAY() - dt.timedelta(400))
    with acting(actor("bp3mi")):
        view = see_passes(newer.journey_id).newest
        assert view is not None and view.state == "expired" and view.unsure
        assert view.reregister_by is None or view.reregister_by > view.until
        late = renew_pass(pass_id=newer.pass_id)
    assert late.state == "in_force", "an unsure rule is shown and never decides alone"
    with acting(actor("reviewer")):
        kept = dict(Pass.objects.values_list("id", "state"))
    assert (kept[card.pass_id], kept[newer.pass_id], kept[late.pass_id]) == ("replaced", "expired", "in_force")


def test_after_a_key_was_withdrawn_its_cards_are_replaced():
    card = issued(at_card())
    old = token_of(card)
    keys = signing.card_keys()
    ring = Path(settings.SELARAS_CARD_KEYS)
    gone = keys.retired(keys.signer(CARD, TODAY()).kid)
    fresh = signing.fresh_keys(TODAY() - dt.timedelta(1))
    write_ring(ring, replace(gone, keys=(*gone.keys, fresh.signer(CARD, TODAY()))).as_json())
    found = check_shown(old)
    assert codes(found) == ["pass.key_retired"] and found.says is None
    with acting(actor("bp3mi")):
        newest = see_passes(card.journey_id).newest
        assert newest is not None and newest.key_retired
        new = replace_pass(pass_id=card.pass_id, reason="key_changed")
    assert new.until == card.until and check_shown(token_of(new)).outcome == GOOD


def test_two_taken_back_at_once_are_both_on_the_list():
    cards = [issued(at_card()) for _ in range(6)]
    tokens = [token_of(card) for card in cards]
    press = [
        (actor("bp3mi"), lambda c=c: revoke_pass(pass_id=c.pass_id, reason="misuse", words=WHY)) for c in cards[:3]
    ] + [(actor("bp3mi"), lambda c=c: replace_pass(pass_id=c.pass_id, reason="lost")) for c in cards[3:]]
    assert at_once(press) == {"done": 6}
    assert [codes(check_shown(token)) for token in tokens] == [["pass.revoked"]] * 6


def test_lists_are_made_by_the_clock_and_a_new_one_is_begun(monkeypatch):
    card = issued(at_card())
    first = published_list("e-kpmi-1")
    monkeypatch.setattr(passes, "FULL", 1)
    assert publish(0) == 2
    monkeypatch.undo()
    later = published_list("e-kpmi-1")
    assert first is not None and later is not None and later.made > first.made and later.next - later.made == publishing.LASTS
    assert check_shown(token_of(card)).outcome == GOOD
    other = issued(at_card())
    assert take_apart(token_of(other)).card().status_list == "e-kpmi-2" and check_shown(token_of(other)).outcome == GOOD
    assert [address.rpartition("/")[2] for address in published_keys()["status_lists"]] == ["e-kpmi-1", "e-kpmi-2"]
    with acting(actor("reviewer")):
        Pass.objects.filter(id=other.pass_id).update(since=TODAY() - dt.timedelta(9), until=TODAY() - dt.timedelta(1))
    with as_job("cards"):
        publish_lists()
    with acting(actor("reviewer")):
        assert Pass.objects.get(id=other.pass_id).state == "expired"
        assert PassList.objects.count() == 2


def test_she_sees_her_own_card_shows_what_she_chooses_and_suspends_it_when_it_is_lost():
    her = herself()
    card, me = issued(at_card(person=her)), enrolled(her.id)
    other = issued(at_card())
    with acting(me):
        own = see_own_pass(her.id)
        assert [line.number for line in own.lines] == [card.number] and own.statements["birth_date"] == "1999-02-03"
        text = open_credential(card.pass_id, ["name"]).text
        for call in (lambda: open_pass(other.pass_id), lambda: suspend_pass(pass_id=other.pass_id, reason="lost")):
            with pytest.raises(NotThere):
                call()
    found = check_shown(text)
    assert (found.outcome, found.says) == (GOOD, {"number": card.number, "name": "Siti Nurhaliza"})
    assert found.notes[-1].params == {"why": "no_proof"}
    with acting(me):
        suspend_pass(pass_id=card.pass_id, reason="lost")
        with pytest.raises(Refused) as refused:
            lift_pass(pass_id=card.pass_id, words=WHY)
    assert refused.value.code == "not_your_role"
    assert codes(check_shown(text)) == ["pass.suspended"]
    assert [line[3] for line in lines("place.open_credential")] == ["read"]


def test_no_private_key_rests_in_the_database_and_none_is_published():
    issued(at_card())
    secrets = {key["d"] for key in signing.card_keys().as_json()["keys"]}
    told = json.dumps(published_keys())
    assert len(secrets) == 3 and not any(secret in told for secret in secrets)
    with acting(actor("reviewer")):
        rows = [*Pass.objects.values_list("token", "credential", "kid"), *PassList.objects.values_list("signed")]
    assert not any(secret in str(rows) for secret in secrets)


def test_a_file_of_keys_that_cannot_be_used_says_what_to_do(tmp_path, settings):
    path = tmp_path / "none.json"
    settings.SELARAS_MODE, settings.SELARAS_CARD_KEYS = "production", str(path)
    with pytest.raises(KeyFault, match="selaras pass new-keys"):
        signing.card_keys()
    assert not path.exists(), "production makes no keys of its own"
    path.write_text("{}")
    path.chmod(0o600)
    with pytest.raises(KeyFault, match="cannot be used"):
        signing.card_keys()
    path.chmod(0o644)
    with pytest.raises(KeyFault, match="chmod 600"):
        signing.card_keys()


def test_a_card_before_the_gate_of_a_journey_without_one_is_shown_as_none():
    journey = before_gate()
    with acting(actor("bp3mi")):
        assert see_passes(journey).newest is None
    carded(journey)
    with acting(actor("bp3mi")):
        view = see_passes(journey)
    assert view.newest is not None and view.newest.stands and view.before == ()
