"""Family sees what she gave, kind by kind, and nothing else; withdrawn, cut and never given look the same; where she is is never told."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections, models
from uuid6 import uuid7

from selaras.ground.act import NotThere, Refused
from selaras.ground.keeping import keep
from selaras.ground.models import KeptFile
from selaras.ground.scope import NATION, Actor, acting, scoped_models
from selaras.law.load import law
from selaras.people.actions.adding import add_presence
from selaras.people.actions.correcting import correct
from selaras.people.actions.facts import Scan, add_fact, verify_fact
from selaras.people.actions.family import (
    KINDS,
    RIGHTS,
    cut_family,
    join_family,
    name_family,
    restore_family,
    share_family,
    withdraw_family,
)
from selaras.people.faults import Unfit
from selaras.people.models import FamilyAccess, Person, SignInPhone
from selaras.people.papers import Written
from selaras.people.queries.family import kinds_of_papers, open_shared_paper, see_family, see_relatives
from selaras.people.queries.herself import papers_of_her_own
from selaras.people.queries.watching import who_opened
from selaras.people.telling import Stay
from tests.cast import FAMILY_PHONE, actor, enrolled
from tests.people.journeying import PDF, written
from tests.people.someone import PASSPORT, STAY, registered

pytestmark = pytest.mark.usefixtures("committed")


class Two:
    """A worker in Taiwan and her mother in the village, each with a page of her own."""

    def __init__(self) -> None:
        self.her = registered("village", presence=STAY).person_id
        self.worker = enrolled(self.her)
        self.mother = registered("village", name="Kartini", sex="F", birth_date=None, numbers=[]).person_id
        self.family = enrolled(self.mother, FAMILY_PHONE, kind="family")

    def names(self, *kinds: str, name: str = "Kartini", papers: tuple[str, ...] = ("passport", "other")) -> Any:
        with acting(self.worker):
            return name_family(name=name, relation="parent", kinds=kinds, papers=papers if "papers" in kinds else ())

    def joins(self, word: str, who: str = "dinas") -> Any:
        with acting(actor(who)):
            return join_family(person_id=self.mother, word=word)

    def sees(self) -> Any:
        with acting(self.family):
            return see_relatives(self.mother).lines

    def shared(self, *kinds: str) -> Any:
        named = self.names(*kinds)
        self.joins(named.word)
        return named.access_id


def test_the_four_kinds_are_those_of_the_statute():
    theirs = {right.id for right in law().rights_of("family", dt.date(2026, 11, 22))}
    assert set(RIGHTS.values()) == theirs and len(theirs) == 4


def test_each_kind_is_given_by_itself_and_nothing_is_given_unasked():
    two = Two()
    assert two.sees() == ()
    access = two.shared()
    (line,) = two.sees()
    assert line.nothing and line.name.startswith("Siti")
    fields = {"condition": "condition", "property": "estate", "papers": "papers", "contact": "contact"}
    assert set(fields) == set(KINDS)
    for kind in KINDS:
        with acting(two.worker):
            share_family(access_id=access, kinds=[kind, "whereabouts"])
        (line,) = two.sees()
        given = {k for k, field in fields.items() if getattr(line, field) not in (None, False)}
        assert given == {kind}


def test_where_she_is_is_never_told():
    two = Two()
    two.shared(*KINDS)
    with acting(actor("taipei")):
        add_presence(person_id=two.her, stay=Stay("TWN", capacity="worker", kind="report", since=dt.date(2025, 5, 5)))
    (line,) = two.sees()
    assert line.condition.abroad and line.condition.told_on == dt.date(2025, 5, 5)
    assert "TWN" not in repr(line) and "Taiwan" not in repr(line)


def test_withdrawn_cut_and_nothing_given_look_the_same_and_work_at_once():
    two = Two()
    access = two.shared(*KINDS)
    full = two.sees()
    assert not full[0].nothing
    with acting(actor("taipei")):
        cut_family(access_id=access)
    cut = two.sees()
    with acting(actor("taipei")), pytest.raises(Refused, match="not_the_same_officer"):
        restore_family(access_id=access)
    with acting(two.worker), pytest.raises(Refused, match="not_your_role"):
        restore_family(access_id=access)
    with acting(actor("dinas")):
        restore_family(access_id=access)
    assert two.sees() == full
    with acting(two.worker):
        share_family(access_id=access, kinds=[])
    empty = two.sees()
    with acting(two.worker):
        share_family(access_id=access, kinds=KINDS)
        withdraw_family(access_id=access)
        withdraw_family(access_id=access)
        with pytest.raises(Refused, match="family_withdrawn"):
            share_family(access_id=access, kinds=KINDS)
    assert cut == empty == two.sees() and empty[0].nothing


def test_a_word_joins_once_only_the_one_who_was_named_and_not_past_its_day():
    two = Two()
    stranger = registered("village", name="Paijo Hartono", sex="M", birth_date=None, numbers=[]).person_id
    word = two.names("condition").word
    for person, said in ((stranger, word), (two.mother, "AAAA-AAAA"), (two.her, word)):
        with acting(actor("dinas")), pytest.raises(Refused, match="family_word_unknown"):
            join_family(person_id=person, word=said)
    with acting(actor("hongkong")), pytest.raises(NotThere):
        join_family(person_id=two.mother, word=word)
    for who in ("village", "agency", "reviewer"):
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            join_family(person_id=two.mother, word=word)
    with connections["owner"].cursor() as owner:
        owner.execute("update people_familyaccess set until = now() - interval '1 minute'")
    with pytest.raises(Refused, match="family_word_unknown"):
        two.joins(word)
    fresh = two.names("condition")
    with acting(two.worker):
        assert FamilyAccess.objects.count() == 1, "named again before she came: one row, a new word"
    two.joins(fresh.word.lower().replace("-", " "))
    two.joins(fresh.word)
    assert len(two.sees()) == 1


def test_whom_an_officer_cut_does_not_come_back_by_a_new_word():
    two = Two()
    access = two.shared("condition")
    with acting(actor("taipei")):
        cut_family(access_id=access)
    with acting(two.worker):
        withdraw_family(access_id=access)
    again = two.names("condition")
    with pytest.raises(Refused, match="family_word_unknown"):
        two.joins(again.word)
    assert two.sees()[0].nothing


def test_only_family_by_law_and_a_name_that_is_one():
    two = Two()
    with acting(two.worker):
        for name, relation, field in (("Kartini", "sibling", "relation"), ("", "parent", "name")):
            with pytest.raises(Unfit) as unfit:
                name_family(name=name, relation=relation, kinds=[])
            assert [f.field for f in unfit.value.faults] == [field]


def test_the_relative_reaches_no_table_by_either_lock():
    two = Two()
    two.shared(*KINDS)
    with acting(actor("reviewer")):
        keep([b"x"], "kontrak.pdf", reach=[NATION, f"person:{two.her}"])
    names = [m._meta.db_table for m in scoped_models()]
    theirs = {Person: {two.mother}, SignInPhone: None, FamilyAccess: set(), KeptFile: set()}
    for model, expected in theirs.items():
        with acting(two.family):
            rows = set(model.objects.values_list("pk", flat=True))
            assert rows == {row.pk for row in models.QuerySet(model)}
            assert expected is None or rows == expected, model
    with connections["owner"].cursor() as owner:
        for name in names:
            owner.execute(f"alter table {name} disable row level security")
        try:
            with acting(two.family):
                assert models.QuerySet(FamilyAccess).count() == 1 and FamilyAccess.objects.count() == 0
                assert models.QuerySet(Person).count() == 2 and Person.objects.count() == 1
        finally:
            for name in names:
                owner.execute(f"alter table {name} enable row level security")
    with acting(two.family):
        for verb in (lambda: see_family(two.her), lambda: name_family(name="X Y", relation="child", kinds=[])):
            with pytest.raises(Refused, match="not_your_role"):
                verb()
    outsider = Actor("family", str(uuid7()), "Orang lain", frozenset({"family"}), frozenset({f"person:{uuid7()}"}))
    with acting(outsider):
        assert see_relatives(two.her).lines == (), "asking with another's id tells nothing of who shares what"


def test_copies_of_papers_while_they_are_shared_and_not_after():
    two = Two()
    access = two.shared("papers")
    with acting(actor("reviewer")):
        kept = keep([b"%PDF kontrak"], "kontrak.pdf", media_type="application/pdf", reach=[NATION, f"person:{two.her}"])
        other = keep([b"rahasia"], "lain.pdf", reach=[NATION, f"person:{uuid7()}"])
    assert [p.name for p in two.sees()[0].papers] == ["kontrak.pdf"]
    with acting(two.family):
        assert b"".join(open_shared_paper(two.mother, access, kept.id).parts) == b"%PDF kontrak"
    with acting(two.family), pytest.raises(NotThere):
        open_shared_paper(two.mother, access, other.id)
    with acting(two.worker):
        told = [line.verb for line in who_opened(two.her).lines]
        assert told[:2] == ["people.open_shared_paper", "people.see_relatives"], "she reads that her mother looked"
        share_family(access_id=access, kinds=["condition"])
    with acting(two.family), pytest.raises(NotThere):
        open_shared_paper(two.mother, access, kept.id)


def test_the_scan_of_a_refused_paper_is_shown_neither_to_her_nor_to_her_family():
    two = Two()
    access = two.shared("papers")
    with acting(actor("dinas")):
        paper = Written("passport", PASSPORT, "Imigrasi", dt.date(2025, 1, 1), dt.date(2030, 1, 1))
        fact = add_fact(person_id=two.her, paper=paper, scan=Scan([b"%PDF-1.7"], "x.pdf"))
    assert [p.id for p in two.sees()[0].papers] == [fact.fact_id]
    with acting(actor("bp3mi")):
        verify_fact(fact_id=fact.fact_id, seen="stated", verdict="refused", words="bukan paspor miliknya")
    assert two.sees()[0].papers == ()
    with acting(two.worker):
        assert papers_of_her_own(two.her) == []
    with acting(two.family), pytest.raises(NotThere):
        open_shared_paper(two.mother, access, fact.fact_id)


def test_of_her_papers_a_relative_has_the_kinds_that_she_ticked_and_no_other():
    two = Two()
    with acting(actor("dinas")):
        for paper in (written("passport", number=PASSPORT), written("permission_letter")):
            add_fact(person_id=two.her, paper=paper, scan=Scan([PDF], "x.pdf"))
    named = two.names("papers", papers=())
    two.joins(named.word)

    def seen() -> set[str]:
        return {paper.kind for paper in two.sees()[0].papers or ()}

    def opens(kind: str) -> str:
        with acting(two.worker):
            paper = next(p.id for p in papers_of_her_own(two.her) if p.kind == kind)
        with acting(two.family):
            return open_shared_paper(two.mother, named.access_id, paper).name

    with acting(two.worker):
        kinds = set(kinds_of_papers(two.her))
        assert {"passport", "permission_letter"} <= kinds
        assert seen() == set(), "none is given unasked"
        share_family(access_id=named.access_id, kinds=["condition"], papers=["passport", "whereabouts"])
    assert seen() == {"passport"} and opens("passport") == "passport.pdf"
    with pytest.raises(NotThere):
        opens("permission_letter")
    with acting(two.worker):
        assert see_family(two.her).lines[0].papers == ("passport",), "what is no paper of the law is not kept"
        # a consent from before she could choose
        FamilyAccess.objects.filter(pk=named.access_id).update(paper_kinds=None)
        assert see_family(two.her).lines[0].papers is None
    assert seen() == kinds and opens("permission_letter") == "permission_letter.pdf", "it keeps its meaning"
    with acting(two.worker):
        share_family(access_id=named.access_id, kinds=[], papers=["permission_letter"])
    assert seen() == {"permission_letter"}, "until she says it anew"


def test_should_she_die_her_family_is_told_as_far_as_she_gave_it():
    two = Two()
    two.shared("condition", "property", "contact")
    with acting(actor("village")):
        version = Person.objects.get(id=two.her).version
        correct(person_id=two.her, version=version, changes={"died_on": dt.date(2026, 1, 2)}, reason="surat")
    (line,) = two.sees()
    assert line.died and line.condition.died_on == dt.date(2026, 1, 2)
    assert line.estate and not line.contact, "what the law gives them then they have; nobody is there to hand a message to"


def test_the_button_pressed_twice_names_one_relative():
    two = Two()
    gate, ends = threading.Barrier(2), []

    def go() -> None:
        gate.wait(10)
        try:
            ends.append(two.names("condition").access_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ends) == 2 and len(set(ends)) == 1
