"""Licences, deposits, cooperations and where an agency stands: who is licensed on a day, and why not."""

import datetime as dt

import pytest

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.market.actions.licences import cash_deposit, deposit_by_moves, grant_licence, top_up_deposit
from selaras.market.actions.partners import enter_cooperation, refuse_cooperation, verify_cooperation
from selaras.market.models import Licence
from selaras.market.queries.agencies import agencies_named, deposit_enough, licensed_on, see_agencies, see_agency
from selaras.people.actions.parties import correct_party, enter_party, flag_problem, lift_standing, sanction
from selaras.people.faults import Unfit
from selaras.people.models import Party, Standing
from selaras.people.queries.parties import named, party_by_key
from tests.market.demand import (
    AGENCY,
    EMPLOYER,
    HONGKONG,
    HOUSEHOLD,
    LICENSING,
    OTHER,
    OWN,
    PARTNER,
    RIVAL,
    TAIPEI,
    TODAY,
    asked,
    parties,
)

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
MONEY = {"capital": 5_000_000_000, "deposit": 1_500_000_000}


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def agency(key: str = "baru", name: str = "PT Baru Karsa") -> None:
    with as_job("setup"):
        enter_party(kind="agency", key=key, name=name, country="IDN", area="3171")


def test_a_licence_lasts_five_years_to_the_day():
    agency()
    since = dt.date(2024, 2, 29)
    with acting(LICENSING):
        grant_licence(agency="baru", number="SIP3MI/9", since=since, **MONEY)
    days = {since - dt.timedelta(1): "licence.not_yet", since: "licence.in_force", dt.date(2029, 2, 27): "licence.in_force", dt.date(2029, 2, 28): "licence.ended"}
    assert {day: licensed_on("baru", day).code for day in days} == days
    assert licensed_on("baru", since).basis == "UU18:57"
    assert licensed_on("tidak-ada").code == "licence.unknown"


def test_the_same_grant_twice_is_one_and_a_number_is_never_anothers():
    agency()
    agency("kedua", "PT Kedua")
    with acting(LICENSING):
        first = grant_licence(agency="baru", number="SIP3MI/9", **MONEY)
        assert grant_licence(agency="baru", number="sip3mi/9", **MONEY).pk == first.pk
        assert refused(grant_licence, agency="kedua", number="SIP3MI/9", **MONEY) == "licence_exists"
        assert refused(grant_licence, agency="baru", number="SIP3MI/10", **MONEY) == "standing_there", "one licence at a time"
        later = grant_licence(agency="baru", number="SIP3MI/10", since=first.standing.until + dt.timedelta(1), **MONEY)
    assert licensed_on("baru", later.standing.since).params["number"] == "SIP3MI/10"


@pytest.mark.parametrize(
    ("wrong", "code", "basis"),
    [
        ({"capital": 4_999_999_999}, "capital_too_small", "UU18:54"),
        ({"deposit": 1_499_999_999}, "deposit_too_small", "UU18:54"),
        ({"number": "  "}, "number_missing", ""),
    ],
)
def test_too_little_money_or_no_number_gets_no_licence(wrong, code, basis):
    agency()
    with acting(LICENSING), pytest.raises(Refused) as refusal:
        grant_licence(**{"agency": "baru", "number": "SIP3MI/9", **MONEY, **wrong})
    assert (refusal.value.code, refusal.value.basis) == (code, basis)
    assert not Licence.objects.exists() and not Standing.objects.exists()


def test_a_deposit_that_was_used_stops_what_is_new_until_it_is_whole_again():
    parties()
    with acting(LICENSING):
        cash_deposit(licence="SIP3MI/0", amount=500_000_000, reason="biaya pemulangan", once="a")
        row = cash_deposit(licence="SIP3MI/0", amount=500_000_000, reason="biaya pemulangan", once="a")
    assert row.deposit == 1_000_000_000 == deposit_by_moves(row), "a double click takes once"
    assert licensed_on(OWN).met and deposit_enough(Party.objects.get(key=OWN).pk).code == "deposit.short"
    assert refused(asked) == "deposit.short"
    with acting(LICENSING):
        assert refused(cash_deposit, licence="SIP3MI/0", amount=1_000_000_001, reason="x", once="b") == "deposit_holds_less"
        assert refused(top_up_deposit, licence="SIP3MI/0", amount=-5, reason="x", once="c") == "amount_must_be_positive"
        top_up_deposit(licence="SIP3MI/0", amount=500_000_000, reason="setoran BRI 12/11", once="d")
    assert asked().state == "asked"


@pytest.mark.parametrize("kind", ["suspended", "revoked"])
def test_a_suspended_or_revoked_agency_gets_nothing_new_and_an_end_gives_it_back(kind):
    parties()
    since = TODAY() - dt.timedelta(20)
    with acting(LICENSING):
        row = sanction(key=OWN, kind=kind, reason="merekrut tanpa izin", basis="UU18:37", since=since)
        again = sanction(key=OWN, kind=kind, reason="merekrut tanpa izin", basis="UU18:37", since=since)
        assert row.pk == again.pk
        assert refused(sanction, key=OWN, kind=kind, reason="lain", basis="UU18:37") == "standing_there"
        assert refused(grant_licence, agency=OWN, number="SIP3MI/7", since=since, **MONEY) == f"licence.{kind}"
    assert licensed_on(OWN, since).code == f"licence.{kind}" and licensed_on(OWN, since - dt.timedelta(1)).met
    assert refused(asked) == f"licence.{kind}"
    with acting(LICENSING):
        assert refused(lift_standing, standing_id=row.pk, reason=" ") == "no_reason"
        lift_standing(standing_id=row.pk, reason="kewajiban dipenuhi")
        assert refused(lift_standing, standing_id=row.pk, reason="lagi") == "standing_over"
    assert licensed_on(OWN).met and licensed_on(OWN, TODAY() - dt.timedelta(1)).code == f"licence.{kind}"


def test_only_those_whose_task_it_is_change_where_a_party_stands():
    parties()
    with acting(TAIPEI):
        assert refused(sanction, key=OWN, kind="warned", reason="x", basis="UU18:37") == "not_your_role"
        flag_problem(key=PARTNER, reason="menahan paspor")
        assert refused(flag_problem, key="hk-wing", reason="x") == "not_your_country"
        assert refused(flag_problem, key=OWN, reason="x") == "only_abroad_is_flagged"
    with acting(LICENSING):
        assert refused(sanction, key=EMPLOYER, kind="warned", reason="x", basis="UU18:37") == "only_agencies_are_sanctioned"
    problem = Standing.objects.get(kind="problem")
    with acting(HONGKONG):
        assert refused(lift_standing, standing_id=problem.pk, reason="x") == "not_your_country"
    licensed = Standing.objects.filter(kind="licensed").first()
    with acting(LICENSING), pytest.raises(NotThere):
        lift_standing(standing_id=licensed.pk, reason="x")


def test_a_cooperation_is_entered_by_its_agency_and_verified_by_the_mission_there():
    parties()
    told = {"agency": OWN, "partner": PARTNER, "number": "PKP/2", "since": TODAY()}
    with acting(RIVAL):
        assert refused(enter_cooperation, **told) == "not_your_agency"
    with acting(AGENCY):
        row = enter_cooperation(**told)
        assert enter_cooperation(**told).pk == row.pk
        assert refused(enter_cooperation, **{**told, "partner": EMPLOYER}) == "cooperation_exists"
        assert refused(enter_cooperation, **{**told, "number": "PKP/3", "partner": HOUSEHOLD}) == "no_partner_for_cooperation"
        assert refused(enter_cooperation, **{**told, "number": "PKP/3", "until": TODAY() - dt.timedelta(1)}) == "ends_before_it_begins"
        assert refused(verify_cooperation, cooperation_id=row.pk) == "not_your_role"
    with acting(HONGKONG):
        assert refused(verify_cooperation, cooperation_id=row.pk) == "not_your_country"
    with acting(TAIPEI):
        assert refused(refuse_cooperation, cooperation_id=row.pk, reason="") == "no_reason"
        refuse_cooperation(cooperation_id=row.pk, reason="alamat tidak ada")
        assert refused(verify_cooperation, cooperation_id=row.pk) == "decided_already"


def test_parties_are_entered_once_and_households_without_a_name():
    with acting(TAIPEI):
        first = enter_party(kind="employer", name="Yuehai", country="TWN", number="tw 123")
        again = enter_party(kind="employer", name="Yuehai Ltd", country="TWN", number="TW 123")
        assert first.pk == again.pk
        house = enter_party(kind="employer", name="Mrs Lin", country="TWN", individual=True)
        assert "Lin" not in house.name and house.name.startswith("TWN ")
        assert refused(enter_party, kind="employer", name="X", country="HKG") == "not_your_country"
        assert refused(enter_party, kind="agency", name="X", country="IDN") == "entered_by_the_ministry"
        corrected = correct_party(key=first.key, version=1, name="Yuehai Precision", number="tw 123")
        assert corrected.version == 2 and refused(correct_party, key=first.key, version=1, name="Z") == "changed_meanwhile"
        for wrong in ({"kind": "circus"}, {"name": " "}, {"country": "XX"}, {"district": "MYS-TAWAU"}, {"area": "3212"}, {"kind": "partner", "individual": True}):
            with pytest.raises(Unfit):
                enter_party(**{"kind": "employer", "name": "A", "country": "TWN", **wrong})


def test_half_remembered_names_find_the_agency_and_strange_ones_find_none():
    for key, name in (("a", "PT Arunika Wistara"), ("b", "PT Arunika Damantra"), ("c", "PT Sandikara Sentanu")):
        agency(key, name)

    def keys(text: str) -> list[str]:
        return [p.key for p in named(text, "agency")]

    assert keys("PT Arunika Wistara") == ["a"] == keys("arunika wistara") == keys("Wistara, Arunika (PT)")
    assert keys("arunica wistra")[0] == "a" and keys("wistara") == ["a"] and set(keys("Arunika")) == {"a", "b"}
    assert keys("sandikarra sentanu") == ["c"]
    for nothing in ("", "PT", "Maju Mundur", "jaya", "123"):
        assert keys(nothing) == [], nothing


def test_the_public_question_finds_by_number_and_says_whether_licensed():
    parties()
    by_number, by_name = agencies_named(" sip3mi/0 "), agencies_named("contoh jaya")
    assert [line.party.key for line in by_number] == [OWN] == [line.party.key for line in by_name]
    assert by_number[0].licence.met and agencies_named("   ") == [] == agencies_named("Tidak Dikenal Sama Sekali")


def test_lists_and_pages_of_agencies():
    parties()
    with acting(LICENSING):
        lines, total = see_agencies("contoh")
        assert total == 2 and all(line.licence.met for line in lines)
        page = see_agency(OWN)
        assert page.licences[0].deposit == 1_500_000_000 and len(page.partners) == 3 and page.moves[0].kind == "paid"
        with pytest.raises(NotThere):
            see_agency(EMPLOYER)
    assert party_by_key(OTHER).name == "PT Contoh Lain"

