"""Two records, one person? Two officers must agree; nothing happens twice; and nobody who sees one record learns of the other."""

import threading

import pytest
from django.db import connections, models
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.adding import add_identifier
from selaras.people.actions.correcting import correct
from selaras.people.actions.merging import unmerge
from selaras.people.actions.ruling import VERDICTS, ask_papers, propose_merge, rule, standing
from selaras.people.faults import Overtaken
from selaras.people.models import Dispute, Event, Identifier, Person, Ruling
from selaras.people.queries.disputes import see_conflict, see_conflicts
from selaras.people.queries.opening import open_person
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.someone import NIK, registered

pytestmark = pytest.mark.usefixtures("committed")


def two():
    """Siti of Haurkolot, and Wagiyem whom Hong Kong registered with Siti's numbers: a conflict."""
    her = registered().person_id
    other = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        return her, other, Event.objects.get(kind="conflict").id


def says(who, conflict, verdict, reason="foto sama"):
    with acting(actor(who)):
        return rule(conflict_id=conflict, verdict=verdict, reason=reason)


@given(st.lists(st.sampled_from(VERDICTS), max_size=6))
def test_a_verdict_holds_when_two_say_it_and_more_than_say_otherwise(verdicts):
    state, verdict = standing(verdicts)
    votes = sorted((verdicts.count(v) for v in set(verdicts)), reverse=True)
    assert (state == "settled") == bool(votes and votes[0] >= 2 and (len(votes) == 1 or votes[0] > votes[1]))
    assert (verdict == "") == (state != "settled")
    assert (state == "open") == (not verdicts)


def test_two_officers_make_one_person_of_two_and_unmerging_asks_again():
    her, other, conflict = two()
    first = says("reviewer", conflict, "same")
    assert (first.state, first.done) == ("waiting", False)
    assert says("reviewer", conflict, "same").done is False, "one officer cannot be two"
    with acting(actor("village")):
        assert Person.objects.get(id=her).merged_into_id is None
    done = says("second", conflict, "same")
    assert (done.state, done.verdict, done.done) == ("settled", "same", True)
    assert says("second", conflict, "same").done is False, "the second press of the button does nothing"
    with acting(actor("reviewer")):
        assert Person.objects.get(id=other).merged_into_id == her
        assert Event.objects.filter(kind="merged").count() == 1
        assert see_conflicts().rows == ()
        unmerge(event_id=Event.objects.get(kind="merged").id, reason="salah orang")
        (again,) = see_conflicts().rows
        assert (again.id, again.state, again.mine) == (conflict, "open", "")
        assert Ruling.objects.filter(undone_at__isnull=True).count() == 0 and Ruling.objects.count() == 2


def test_two_officers_in_the_same_moment_merge_once():
    her, other, _ = two()
    start, answers = threading.Barrier(2), []

    def run(who: str) -> None:
        start.wait()
        try:
            with acting(actor(who)):
                answers.append(propose_merge(keep=her, lose=other, reason="satu orang").state)
        except Refused as fault:
            answers.append(fault.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(who,)) for who in ("reviewer", "second")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(answers) == ["settled", "waiting"]
    with acting(actor("reviewer")):
        assert Event.objects.filter(kind="merged").count() == 1 and Dispute.objects.count() == 1


def test_a_merge_may_be_proposed_of_two_whom_no_number_ties():
    her = registered().person_id
    other = registered("hongkong", name="Siti Nurhaliza", home_area="", numbers=[], presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        asked = propose_merge(keep=her, lose=other, reason="satu orang, dua kantor", keep_version=1, lose_version=1)
        assert propose_merge(keep=other, lose=her, reason="sekali lagi").conflict_id == asked.conflict_id, "one question, however named"
        assert Event.objects.filter(kind="conflict").count() == 1
    with acting(actor("second")), pytest.raises(Refused) as caught:
        rule(conflict_id=asked.conflict_id, verdict="one", reason="x")
    assert caught.value.code == "no_shared_number"
    assert says("second", asked.conflict_id, "different").state == "disputed"
    third = as_job("setup")
    with third, pytest.raises(Refused):
        rule(conflict_id=asked.conflict_id, verdict="same", reason="x")


def test_a_record_that_changed_meanwhile_is_not_proposed():
    her, other, _ = two()
    with acting(actor("dinas")):
        correct(person_id=her, version=1, changes={"mother": "Kartinah"}, reason="KTP")
    with acting(actor("reviewer")), pytest.raises(Overtaken):
        propose_merge(keep=her, lose=other, reason="x", keep_version=1)
    with acting(actor("reviewer")), pytest.raises(Refused) as caught:
        propose_merge(keep=her, lose=other, reason="  ")
    assert caught.value.code == "no_reason"


@pytest.mark.parametrize(
    ("verdict", "hers", "others"), [("different", "doubted", "doubted"), ("one", "", "other"), ("other", "other", "")]
)
def test_two_persons_and_whose_the_number_is(verdict, hers, others):
    her, other, conflict = two()
    says("reviewer", conflict, verdict)
    assert says("second", conflict, verdict).done
    with acting(actor("reviewer")):
        marked = {(i.person_id, i.kind): i.doubt for i in Identifier.objects.all()}
        assert {marked[her, k] for k in ("nik", "passport")} == {hers} and {marked[other, k] for k in ("nik", "passport")} == {others}
        assert {marked[p, "phone"] for p in (her, other)} == {""}, "a telephone is shared and proves nothing"
        assert Event.objects.filter(kind="doubted").count() == (2 if verdict == "different" else 1)
    if hers != "other":
        return
    # whose number it is not is not asked about it any more, until she shows the paper
    registered("desk", name="Orang Lain Sekali", birth_date=None, sex="", numbers=[("nik", NIK)], home_area="3209")
    with acting(actor("reviewer")):
        assert {e.person_id for e in Event.objects.filter(kind="conflict").exclude(id=conflict)} == {other}
    with acting(actor("village")):
        assert add_identifier(person_id=her, kind="nik", value=NIK).again
        assert Identifier.objects.get(kind="nik").doubt == ""


def test_a_third_officer_decides_and_the_words_of_others_are_hidden_before():
    _, _, conflict = two()
    says("reviewer", conflict, "same", "rahasia")
    with acting(actor("second")):
        page = see_conflict(conflict)
        assert [(w.verdict, w.reason) for w in page.words] == [("", "")] and page.mine == ""
        assert page.shared == ("nik", "passport")
    assert says("second", conflict, "different").state == "disputed"
    with acting(actor("second")):
        assert [w.reason for w in see_conflict(conflict).words] == ["rahasia", "foto sama"]
    changed = says("second", conflict, "same")
    assert changed.done, "she thought again, and now two agree"
    with pytest.raises(Refused) as caught:
        says("reviewer", conflict, "different")
    assert caught.value.code == "ruled_already"


def test_papers_are_asked_for_where_she_is_seen_and_tell_nothing_of_the_other():
    her, other, conflict = two()
    with acting(actor("reviewer")):
        for _ in range(2):
            ask_papers(conflict_id=conflict, person_id=other, what="KTP dan akta kelahiran")
        with pytest.raises(NotThere):
            ask_papers(conflict_id=conflict, person_id=conflict, what="x")
    with acting(actor("hongkong")):
        (asked,) = [e for e in open_person(other).events if e.kind == "papers"]
        assert asked.reason == "KTP dan akta kelahiran" and asked.after == {}
    with acting(actor("village")):
        assert [e.kind for e in open_person(her).events] == ["registered"]


def test_only_national_reviewers_see_what_is_in_question_by_either_lock():
    _, _, conflict = two()
    says("reviewer", conflict, "same")
    for who in ("village", "dinas", "hongkong", "data", "auditor"):
        with acting(actor(who)):
            for call in (see_conflicts, lambda: see_conflict(conflict), lambda: rule(conflict_id=conflict, verdict="same", reason="x")):
                with pytest.raises(Refused):
                    call()
            if who in ("village", "dinas", "hongkong"):
                for model in (Dispute, Ruling):
                    assert not model.objects.exists(), f"{who}: the manager"
                    assert not models.QuerySet(model).exists(), f"{who}: the policy alone"
    with acting(actor("second")):
        assert Dispute.objects.count() == Ruling.objects.count() == 1


def test_each_word_is_a_ledger_line_about_both():
    her, _, conflict = two()
    says("reviewer", conflict, "same", "alasan")
    with as_job("seal", reads_ledger=True):
        line = LedgerLine.objects.get(verb="people.rule")
        assert (line.subject, line.outcome, line.count) == (her, "done", 1) and line.detail["state"] == "waiting"
        assert "alasan" not in str(line.detail)
