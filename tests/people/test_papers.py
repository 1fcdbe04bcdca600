"""Papers: each fault named, a number that stands with two refused without telling whose, verified by whom the law names, replaced not edited."""

from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import KeptFile, LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.actions.facts import Scan, add_fact, replace_fact, verify_fact
from selaras.people.actions.ruling import rule
from selaras.people.actions.steps import withdraw_journey
from selaras.people.faults import Unfit
from selaras.people.models import Event, Fact, Identifier
from selaras.people.papers import Written
from selaras.people.queries.disputes import see_conflicts
from selaras.people.queries.papers import open_scan, paper_of, reveal_paper_number
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.journeying import PDF, begun, bring, done, looked, until, written
from tests.people.someone import PASSPORT, registered

rolled_back = pytest.mark.django_db(databases=["default", "ledger"])
committed = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def add(paper: Written, who: str = "village", person_id=None, journey_id=None, scan: bytes | None = PDF, once: str = ""):
    with acting(actor(who)):
        return add_fact(
            person_id=person_id, journey_id=journey_id, paper=paper, scan=Scan([scan], "x.pdf") if scan is not None else None, once=once
        )


def faults(paper: Written, scan: bytes | None = PDF, **changes) -> list[tuple[str, str]]:
    person_id = registered(**changes).person_id
    with pytest.raises(Unfit) as caught:
        add(paper, person_id=person_id, scan=scan)
    with acting(actor("reviewer")):
        assert not Fact.objects.exists()
    return [(f.field, f.code) for f in caught.value.faults]


@rolled_back
@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (Written("nothing"), ("kind", "unknown_paper")),
        (written("contract"), ("kind", "journey_missing")),
        (written("competence_certificate", number=""), ("number", "number_missing")),
        (written("competence_certificate", number="ab"), ("number", "number_form")),
        (written("competence_certificate", number="9" * 61), ("number", "too_long")),
        (written("competence_certificate", issuer="x" * 161), ("issuer", "too_long")),
        (written("marital_letter", issuer=""), ("issuer", "issuer_missing")),
        (written("competence_certificate", issued_on=TODAY + DAY), ("issued_on", "issued_to_come")),
        (written("competence_certificate", issued_on=date(1990, 5, 16)), ("issued_on", "issued_before_birth")),
        (written("passport", valid_until=TODAY - DAY, issued_on=date(2020, 1, 1)), ("valid_until", "paper_expired")),
        (written("passport", issued_on=date(2026, 1, 2), valid_until=date(2026, 1, 1)), ("valid_until", "ends_before_it_begins")),
        (written("passport", number="12"), ("number", "passport_form")),
        (written("passport", valid_until=None), ("valid_until", "ends_missing")),
        (written("eps_topik", issued_on=date(2024, 1, 1)), ("issued_on", "paper_expired")),
        (written("eps_topik", issued_on=None), ("issued_on", "issued_missing")),
        (written("competence_certificate", value="fit"), ("value", "result_unknown")),
    ],
    ids=lambda v: v[1] if isinstance(v, tuple) else "",
)
def test_each_fault_has_its_own_code(paper, expected):
    assert faults(paper) == [expected]


@rolled_back
@pytest.mark.parametrize(
    ("paper", "scan", "expected"),
    [
        (written("passport"), None, ("file", "scan_missing")),
        (written("health_result"), PDF, ("file", "scan_not_kept")),
        (written("health_result", value=""), None, ("value", "result_missing")),
        (written("health_result", issued_on=None), None, ("issued_on", "issued_missing")),
        (written("health_result", value="HIV positif"), None, ("value", "result_missing")),
        (written("passport"), b"", ("file", "scan_empty")),
        (written("passport"), b"MZ\x90\x00", ("file", "scan_kind")),
        (written("passport"), PDF + b"0" * (10 * 1024 * 1024), ("file", "scan_too_large")),
    ],
    ids=lambda v: v[1] if isinstance(v, tuple) else "",
)
def test_each_fault_of_a_scan_has_its_own_code(paper, scan, expected):
    assert faults(paper, scan) == [expected]


@rolled_back
def test_the_nik_of_an_identity_card_is_hers():
    assert faults(written("ktp", number="3212015805900001"), None) == [("number", "nik_birth")]


@rolled_back
def test_a_paper_rests_sealed_is_shown_masked_and_opened_by_a_line_of_the_ledger():
    person_id = registered().person_id
    kept = add(written("passport"), person_id=person_id)
    line = in_(kept.fact_id)
    assert line.masked == "•••• ••••" and line.scan, "so short a number is hidden as a whole"
    with acting(actor("dinas")):
        assert reveal_paper_number(kept.fact_id, "paper").value == PASSPORT
        with pytest.raises(Refused, match="reason_missing"):
            reveal_paper_number(kept.fact_id, "")
        scan = open_scan(kept.fact_id)
        assert b"".join(scan.parts) == PDF and (scan.name, scan.media_type) == ("passport.pdf", "application/pdf")
        assert KeptFile.objects.count() == 0, "the scan has no way but by its paper"
        assert {line.verb for line in LedgerLine.objects.filter(subject=person_id)} >= {"people.reveal_paper_number", "people.open_scan"}
    for call in (reveal_paper_number, open_scan, paper_of):
        with acting(actor("taipei")), pytest.raises(NotThere):
            call(kept.fact_id, "paper") if call is reveal_paper_number else call(kept.fact_id)


def in_(fact_id, who="dinas"):
    with acting(actor(who)):
        return paper_of(fact_id).line


@committed
def test_neither_number_nor_words_nor_name_of_the_file_stand_in_the_database_as_they_are():
    kept = add(written("passport"), person_id=registered().person_id)
    say(kept.fact_id, "dinas", "verified", words=f"paspor {PASSPORT} dilihat")
    with connections["owner"].cursor() as owner:
        for table in ("people_fact", "ground_keptfile", "ground_ledgerline"):
            owner.execute(f"select t::text from {table} t")
            for (row,) in owner.fetchall():
                assert PASSPORT not in row and PASSPORT.encode().hex() not in row, table


@rolled_back
def test_who_sees_her_later_sees_her_papers_and_scans():
    journey = begun("self_placed", country="TWN")
    until(journey, "arrive")
    with acting(actor("taipei")):
        view = looked(journey.journey_id, "taipei")
        scan = next(p for p in view.papers if p.kind == "passport")
        assert b"".join(open_scan(scan.id).parts) == PDF


@rolled_back
def test_a_number_by_which_one_is_known_finds_her_from_then_on():
    person_id = registered(numbers=[]).person_id
    add(written("passport", number="C7654321"), person_id=person_id)
    with acting(actor("village")):
        assert [(n.kind, n.value) for n in Identifier.objects.filter(person_id=person_id)] == [("passport", "C7654321")]


@rolled_back
def test_the_same_paper_written_twice_is_there_once():
    person_id = registered().person_id
    paper = written("passport")
    first = add(paper, person_id=person_id, once="p")
    assert add(paper, person_id=person_id, once="p").fact_id == first.fact_id
    assert add(paper, "dinas", person_id).again
    with acting(actor("dinas")):
        assert Fact.objects.count() == 1


# ---- a number that stands with two ----


def two():
    here = registered().person_id
    there = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", numbers=[], presence=Stay("HKG")).person_id
    return here, there


CERTIFICATE = written("competence_certificate", number="BNSP 0001/2026")


@rolled_back
def test_the_number_of_a_certificate_that_stands_with_another_is_refused_and_put_before_the_reviewers():
    here, there = two()
    first = add(CERTIFICATE, "hongkong", there)
    assert (first.verdict, first.fault) == ("stated", "")
    second = add(written("competence_certificate", number="bnsp-0001.2026", issuer="Lembaga lain"), "village", here)
    assert (second.verdict, second.fault) == ("refused", "number_taken")
    with acting(actor("village")):
        assert Fact.objects.count() == 1 and not Event.objects.filter(kind="conflict").exists(), "nothing tells whose it is"
    with acting(actor("reviewer")):
        (question,) = see_conflicts().rows
        assert {question.one.id, question.other.id} == {here, there}
        assert Event.objects.get(kind="conflict").reason == "paper:competence_certificate"
    assert add(CERTIFICATE, "village", here).fault == "number_taken"
    with acting(actor("reviewer")):
        assert len(see_conflicts().rows) == 1, "asked once"


@rolled_back
def test_a_refused_certificate_does_no_step_and_nobody_verifies_it():
    journey = begun()
    until(journey, "competence")
    there = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", numbers=[], presence=Stay("HKG")).person_id
    add(CERTIFICATE, "hongkong", there)
    taken = bring(journey, "competence_certificate", number=CERTIFICATE.number)
    with pytest.raises(Refused, match="number_taken"):
        say(taken.fact_id, "dinas", "verified", seen="refused")
    with pytest.raises(Refused, match="evidence_refused"):
        done(journey.journey_id, "competence")


@rolled_back
def test_a_certificate_that_was_refused_to_the_other_counts_when_it_is_brought_again():
    here, there = two()
    first = add(CERTIFICATE, "hongkong", there)
    assert add(CERTIFICATE, "village", here).fault == "number_taken"
    say(first.fact_id, "bp3mi_everywhere", "refused", words="sertifikat palsu")
    again = add(CERTIFICATE, "village", here)
    assert (again.verdict, again.fault, again.again) == ("stated", "", False)
    with acting(actor("village")):
        assert Fact.objects.filter(superseded_by__isnull=True).count() == 1


@rolled_back
def test_the_passport_of_another_person_is_refused_though_no_paper_of_hers_is_there():
    registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", numbers=[("passport", "C7654321")], presence=Stay("HKG"))
    here = registered().person_id
    assert add(written("passport", number="C7654321"), person_id=here).fault == "number_taken"
    with acting(actor("village")):
        assert Identifier.objects.filter(person_id=here, kind="passport").count() == 1, "only her own"


@rolled_back
def test_numbers_that_many_bear_rightly_are_nobodys_alone():
    here, there = two()
    for kind, number in (("kk", "3212011203120001"), ("marital_letter", "470/12")):
        scan = PDF if kind == "marital_letter" else None
        for who, person_id, issuer in (("village", here, "Desa Haurkolot"), ("hongkong", there, "Desa Loyang")):
            assert add(written(kind, number=number, issuer=issuer), who, person_id, scan=scan).fault == ""
    assert add(written("marital_letter", number="470/12", issuer="desa loyang"), "village", here).fault == "number_taken"


# ---- verified, and replaced ----


def say(fact_id, who, verdict, *, seen="stated", path="manual", words="asli dilihat"):
    if who == "bp3mi_everywhere":  # who sees both: an officer of a regional office with national reach, for this test
        officer = actor("bp3mi")
        who_acts = type(officer)(officer.kind, officer.id, officer.name, officer.roles, frozenset({"nation"}), officer.office_id, officer.office)
    else:
        who_acts = actor(who)
    with acting(who_acts):
        return verify_fact(fact_id=fact_id, seen=seen, verdict=verdict, path=path, words=words)


@rolled_back
def test_a_paper_is_verified_by_whom_the_law_names_with_the_way_and_the_words():
    kept = add(written("passport"), person_id=registered().person_id)
    with pytest.raises(Refused) as caught:
        say(kept.fact_id, "village", "verified")
    assert (caught.value.code, caught.value.basis) == ("not_yours_to_verify", "UU18:13e")
    for wrong, code in (({"words": " "}, "no_reason"), ({"verdict": "good"}, "unknown_verdict"), ({"path": "rumour"}, "unknown_verdict")):
        with pytest.raises(Refused, match=code):
            say(kept.fact_id, "dinas", **({"verdict": "verified"} | wrong))
    assert say(kept.fact_id, "dinas", "verified").verdict == "verified"
    assert say(kept.fact_id, "dinas", "verified").again
    line = in_(kept.fact_id)
    assert (line.verdict, line.path, line.words) == ("verified", "manual", "asli dilihat") and line.verified_by.startswith("Indra")
    with pytest.raises(Refused) as caught:
        say(kept.fact_id, "bp3mi", "refused")
    assert caught.value.code == "paper_judged" and caught.value.params["who"].startswith("Indra")
    assert say(kept.fact_id, "bp3mi", "refused", seen="verified", words="foto berbeda").verdict == "refused"


@rolled_back
def test_a_feed_verifies_only_what_a_feed_knows():
    person_id = registered().person_id
    letter, passport = add(written("marital_letter"), person_id=person_id), add(written("passport"), person_id=person_id)
    with pytest.raises(Refused, match="no_feed"):
        say(letter.fact_id, "dinas", "verified", path="feed")
    say(passport.fact_id, "dinas", "verified", path="feed", words="")
    assert in_(passport.fact_id).path == "feed"


@rolled_back
def test_of_a_health_result_only_fit_or_unfit_is_kept_and_shown():
    journey = begun()
    until(journey, "health")
    unfit = bring(journey, "health_result", value="unfit", issuer="Klinik Contoh")
    say(unfit.fact_id, "dinas", "verified", words="TBC aktif")
    (line,) = [p for p in looked(journey.journey_id).papers if p.kind == "health_result"]
    assert (line.value, line.words, line.masked, line.issuer, line.scan) == ("unfit", "", "", "", False)
    with pytest.raises(Refused, match="evidence_unfit"):
        done(journey.journey_id, "health")
    bring(journey, "health_result", value="fit")
    done(journey.journey_id, "health")


@rolled_back
def test_a_newer_paper_takes_the_place_of_one_and_the_old_one_stays_readable():
    person_id = registered(numbers=[]).person_id
    old = add(written("passport", number="B1111111", issued_on=date(2022, 1, 1), valid_until=TODAY), person_id=person_id)
    newer = written("passport", number="B2222222", issued_on=TODAY)
    with acting(actor("dinas")):
        with pytest.raises(Unfit):
            replace_fact(fact_id=old.fact_id, paper=written("competence_certificate"), scan=Scan([PDF]))
        fresh = replace_fact(fact_id=old.fact_id, paper=newer, scan=Scan([PDF]), once="n")
        assert replace_fact(fact_id=old.fact_id, paper=newer, scan=Scan([PDF]), once="n").fact_id == fresh.fact_id
        with pytest.raises(Refused) as caught:
            replace_fact(fact_id=old.fact_id, paper=written("passport", number="B3333333"), scan=Scan([PDF]))
        assert caught.value.code == "paper_replaced" and caught.value.params["who"].startswith("Indra")
        with pytest.raises(Refused, match="paper_replaced"):
            verify_fact(fact_id=old.fact_id, seen="stated", verdict="verified", words="x")
        row = Fact.objects.get(pk=old.fact_id)
        assert (row.number, row.superseded_by_id) == ("B1111111", fresh.fact_id)


@rolled_back
def test_papers_of_a_journey_are_not_written_once_it_is_over():
    journey = begun()
    with acting(actor("dinas")):
        withdraw_journey(journey_id=journey.journey_id, version=1, reason="x")
    with pytest.raises(Refused, match="journey_over"):
        bring(journey, "information_given")
    other = registered(name="Wati binti Darma", numbers=[])
    with pytest.raises(NotThere):
        add(written("information_given"), person_id=other.person_id, journey_id=journey.journey_id, scan=None)


@rolled_back
def test_a_birth_date_that_was_corrected_later_shows_no_certificate_before_birth():
    person_id = registered(birth_date=date(1990, 5, 17), numbers=[]).person_id
    with acting(actor("village")):
        correct(person_id=person_id, version=1, changes={"birth_date": date(2000, 5, 17)}, reason="akta")
    with pytest.raises(Unfit) as caught:
        add(written("competence_certificate", issued_on=date(1999, 1, 1)), person_id=person_id)
    assert [f.code for f in caught.value.faults] == ["issued_before_birth"]


@rolled_back
def test_the_reviewers_decide_about_two_records_with_one_certificate():
    here, there = two()
    add(CERTIFICATE, "hongkong", there)
    add(CERTIFICATE, "village", here)
    with acting(actor("reviewer")):
        question = Event.objects.get(kind="conflict").pk
    for who in ("reviewer", "second"):
        with acting(actor(who)):
            said = rule(conflict_id=question, verdict="different", reason="dua orang")
    assert said.done
    with acting(actor("reviewer")):
        assert see_conflicts().rows == ()
