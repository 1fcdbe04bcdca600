"""A way in of her own: only with proof before an officer, one telephone for one account, found in the ledger in words."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import LedgerLine, Notice
from selaras.ground.queries.notices import outbox
from selaras.ground.queries.offices import office_by_key
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.actions.enrolling import (
    add_office_phone,
    ask_enrolment,
    close_account,
    enrol_worker,
    second_way,
    stop_way,
)
from selaras.people.actions.merging import merge
from selaras.people.actions.passkeys import add_passkey, enter_passkey
from selaras.people.actions.phones import MINUTES, TRIES
from selaras.people.actions.signing_in import ask_change, ask_code, change_phone, enter_code
from selaras.people.faults import Unfit
from selaras.people.models import Account, Identifier, Person, PhoneCode, SignInPhone
from selaras.people.queries.accounts import actor_of_account, see_ways_in
from selaras.people.queries.watching import who_opened
from selaras.people.telling import Stay
from tests.cast import WORKER_PHONE, actor, enrolled, last_code
from tests.people.someone import PHONE, registered

pytestmark = pytest.mark.usefixtures("committed")
OTHER = "+6281233334444"


def her() -> Any:
    return registered("village", presence=Stay("TWN", capacity="worker", kind="placement", since=dt.date(2024, 3, 1))).person_id


def ask(person_id: Any, phone: str = WORKER_PHONE, who: str = "dinas", **more: Any) -> Any:
    with acting(actor(who)):
        return ask_enrolment(person_id=person_id, phone=phone, paper=more.pop("paper", "ktp"), **more)


def said(asked: Any, code: str = "", who: str = "dinas") -> Any:
    with acting(actor(who)):
        return enrol_worker(code_id=asked.code_id, code=code or last_code())


def faults(unfit: Any) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in unfit.value.faults]


def signs_in(phone: str) -> bool:
    """Ask for a code and type it, as somebody outside does."""
    before = len(outbox())
    with as_job("sign_in"):
        code_id = ask_code(phone=phone)
        code = last_code() if len(outbox()) > before else "000000"
        return enter_code(code_id=code_id, code=code) is not None


def test_a_telephone_from_a_register_signs_nobody_in_until_it_answers_at_a_desk():
    person = her()
    with acting(actor("village")):
        assert Identifier.objects.filter(person_id=person, kind="phone").exists()
    assert not signs_in(PHONE)
    assert Notice.objects.filter(state="waiting").count() == 0
    enrolled(person, PHONE)
    assert signs_in(PHONE)


def test_enrolling_needs_a_paper_a_living_person_within_reach_and_the_role():
    person = her()
    with pytest.raises(Unfit) as unfit:
        ask(person, paper="")
    assert faults(unfit) == [("paper", "paper_missing")]
    with pytest.raises(Unfit) as unfit:
        ask(person, "12")
    assert faults(unfit) == [("phone", "phone_form")]
    with pytest.raises(NotThere):
        ask(person, who="hongkong")
    for stranger in ("village", "agency", "reviewer", "admin", "auditor"):
        with pytest.raises(Refused, match="not_your_role"):
            ask(person, who=stranger)
    with acting(actor("village")):
        version = Person.objects.get(id=person).version
        correct(person_id=person, version=version, changes={"died_on": dt.date(2026, 1, 1)}, reason="surat")
    with pytest.raises(Refused, match="person_died"):
        ask(person)


def test_the_code_counts_its_tries_runs_out_and_belongs_to_the_officer_who_asked():
    person = her()
    asked = ask(person)
    code = last_code()
    wrong = "111111" if code != "111111" else "222222"
    with pytest.raises(NotThere):
        said(asked, code, "taipei")
    assert [said(asked, wrong).outcome for _ in range(TRIES)] == ["wrong"] * TRIES
    assert said(asked, code).outcome == "wrong", "the right code comes too late"
    asked = ask(person)
    with connections["owner"].cursor() as owner:
        owner.execute("update people_phonecode set until = now() - interval '1 minute'")
    assert said(asked).outcome == "wrong"
    asked = ask(person)
    assert said(asked).outcome == "opened"
    assert said(asked).outcome == "again", "the button was pressed twice"
    with acting(actor("dinas")):
        assert (Account.objects.count(), SignInPhone.objects.count()) == (1, 1)


def test_a_telephone_of_another_of_an_office_and_one_that_many_share_are_refused_with_the_reason():
    person = her()
    enrolled(person)
    other = registered("hongkong", name="Wagiyem", home_area="", numbers=[], presence=Stay("HKG")).person_id
    with pytest.raises(Unfit) as unfit:
        ask(other, who="hongkong")
    assert faults(unfit) == [("phone", "phone_of_another")]
    with as_job("setup"):
        office = office_by_key("p3mi-contoh-jaya")
        assert office is not None
        add_office_phone(office_id=office.pk, phone="0812 5555 6666")
    with pytest.raises(Unfit) as unfit:
        ask(other, "+62 812-5555-6666", who="hongkong")
    assert faults(unfit) == [("phone", "phone_of_an_office")]
    for n in range(3):
        registered("tawau", name=f"Pekerja {'ABC'[n]} Kebun", home_area="", birth_date=None, sex="", numbers=[("phone", OTHER)], presence=Stay("MYS", "MYS-TAWAU"))
    with pytest.raises(Unfit) as unfit:
        ask(other, OTHER, who="hongkong")
    assert faults(unfit) == [("phone", "phone_shared")]


def test_of_two_desks_that_enrol_one_telephone_at_once_one_succeeds():
    one = her()
    other = registered("village", name="Warsinah Kusuma", numbers=[], birth_date=None).person_id
    first, code = ask(one), last_code()
    second = ask(other, who="bp3mi")
    codes = {first.code_id: (code, "dinas"), second.code_id: (last_code(), "bp3mi")}
    gate, ends = threading.Barrier(2), []

    def go(code_id: Any) -> None:
        typed, who = codes[code_id]
        gate.wait(10)
        try:
            with acting(actor(who)):
                ends.append(enrol_worker(code_id=code_id, code=typed).outcome)
        except Unfit as unfit:
            ends.append(unfit.faults[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(i,)) for i in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["opened", "phone_of_another"]
    with as_job("sign_in"):
        assert SignInPhone.objects.count() == 1


def test_a_new_telephone_waits_a_day_tells_the_old_one_and_can_be_stopped_by_her():
    person = her()
    worker = enrolled(person)
    with acting(worker):
        asked = ask_change(phone=OTHER)
        assert change_phone(code_id=asked.code_id, code=last_code()).outcome == "waits"
        told = outbox(1)[0]
        assert (told.to, told.kind) == (WORKER_PHONE, "phone_waits")
        waiting = SignInPhone.objects.get(until__isnull=True)
        assert dt.timedelta(hours=23) < waiting.since - timezone.now() <= dt.timedelta(days=1)
    assert signs_in(WORKER_PHONE) and not signs_in(OTHER)
    with acting(worker):
        stop_way(way_id=waiting.id)
        with pytest.raises(Refused, match="way_waits_no_more"):
            stop_way(way_id=waiting.id)
    with acting(worker):
        asked = ask_change(phone=OTHER)
        change_phone(code_id=asked.code_id, code=last_code())
    with connections["owner"].cursor() as owner:  # a day later
        owner.execute("update people_signinphone set since = since - interval '25 hours', until = until - interval '25 hours'")
    assert signs_in(OTHER) and not signs_in(WORKER_PHONE)


def test_recovery_abroad_two_officers_let_a_new_telephone_in_at_once_and_the_old_sessions_end():
    person = her()
    enrolled(person)
    with acting(actor("taipei")):
        old = SignInPhone.objects.get()
    account = old.account_id
    assert actor_of_account(account, old.id, 0) is not None
    asked = ask(person, OTHER, "taipei")
    ended = said(asked, who="taipei")
    assert ended.outcome == "waits" and outbox(1)[0].to == WORKER_PHONE
    assert not signs_in(OTHER)
    with acting(actor("taipei")), pytest.raises(Refused, match="not_the_same_officer"):
        second_way(way_id=ended.phone_id)
    with acting(actor("hongkong")), pytest.raises(NotThere):
        second_way(way_id=ended.phone_id)
    with acting(actor("bp3mi")):
        second_way(way_id=ended.phone_id)
    assert outbox(1)[0].to == WORKER_PHONE and outbox(1)[0].kind == "phone_replaced"
    assert signs_in(OTHER) and not signs_in(WORKER_PHONE)
    assert actor_of_account(account, old.id, 0) is None, "whoever holds the old telephone is signed out"


def test_an_officer_stops_every_way_in_at_once():
    person = her()
    enrolled(person)
    with acting(actor("taipei")):
        phone = SignInPhone.objects.get()
        close_account(person_id=person, reason="misuse")
        with pytest.raises(Refused, match="no_account"):
            close_account(person_id=person, reason="misuse")
        assert see_ways_in(person).since is None
    assert not signs_in(WORKER_PHONE) and actor_of_account(phone.account_id, phone.id, 0) is None
    ended = said(ask(person, who="bp3mi"), who="bp3mi")
    assert ended.outcome == "waits" and not signs_in(WORKER_PHONE), "nobody goes round the wait by closing first"
    with acting(actor("taipei")):
        second_way(way_id=ended.phone_id)
    assert signs_in(WORKER_PHONE)


def test_after_a_merge_an_officer_sees_and_stops_each_account():
    person = her()
    enrolled(person)
    other = registered("village", name="Warsinah Kusuma", numbers=[], birth_date=None).person_id
    merged = enrolled(other, OTHER)
    with acting(actor("reviewer")):
        merge(keep=person, lose=other, reason="satu orang")
    assert said(ask(person, OTHER)).outcome == "again", "it signs her in already, by the other account"
    with acting(merged):
        asked = ask_change(phone=WORKER_PHONE)
        assert change_phone(code_id=asked.code_id, code=last_code()).outcome == "again"
    with acting(actor("dinas")):
        assert len(see_ways_in(person).phones) == 2
        close_account(person_id=person, reason="misuse")
        assert see_ways_in(person).since is None and not Account.objects.filter(ended_at__isnull=True).exists()
    assert not signs_in(WORKER_PHONE) and not signs_in(OTHER)


def passkey_opens(key: bytes) -> Any:
    with as_job("sign_in"):
        return enter_passkey(credential_id=key, proves=lambda kept: True)


def test_a_passkey_ends_with_the_telephone_that_is_replaced_and_none_is_added_while_one_waits():
    person = her()
    worker = enrolled(person)
    with acting(worker):
        add_passkey(credential_id=b"old", data=b"x")
    opened = passkey_opens(b"old")
    assert opened is not None and actor_of_account(opened.account_id, opened.through, 0) is not None
    ended = said(ask(person, OTHER, "taipei"), who="taipei")
    assert ended.outcome == "waits" and passkey_opens(b"old") is None
    assert actor_of_account(opened.account_id, opened.through, 0) is None, "the session that it opened is over"
    with acting(worker), pytest.raises(Refused, match="passkey_phone_waits"):
        add_passkey(credential_id=b"new", data=b"x")
    with acting(worker):
        stop_way(way_id=ended.phone_id)
        add_passkey(credential_id=b"new", data=b"x")
        asked = ask_change(phone=OTHER)
        change_phone(code_id=asked.code_id, code=last_code())
    assert passkey_opens(b"new") is None


def test_asking_for_taken_telephones_is_counted_though_it_is_refused():
    worker = enrolled(her())
    other = registered("village", name="Warsinah Kusuma", numbers=[], birth_date=None).person_id
    enrolled(other, OTHER)
    for _ in range(5):
        with acting(worker), pytest.raises(Unfit):
            ask_change(phone=OTHER)
    with acting(worker), pytest.raises(Refused, match="too_often"):
        ask_change(phone="+6281299990000")


def test_each_step_is_a_line_that_she_can_read():
    person = her()
    worker = enrolled(person)
    assert signs_in(WORKER_PHONE)
    with acting(worker):
        told = [(line.actor_name, line.verb) for line in who_opened(person).lines]
    dinas = actor("dinas").name
    assert told[:4] == [
        ("sign_in", "people.enter_code"), ("sign_in", "people.ask_code"), (dinas, "people.enrol_worker"), (dinas, "people.ask_enrolment"),
    ]  # fmt: skip


def test_no_number_and_no_code_stands_in_clear_in_the_database():
    person = her()
    asked = ask(person)
    code = last_code()
    said(asked, code)
    with connections["owner"].cursor() as owner:
        for table in ("people_phonecode", "people_signinphone", "people_account", "ground_notice", "ground_ledgerline"):
            owner.execute(f"select t::text from {table} t")
            rows = " ".join(row[0] for row in owner.fetchall())
            assert rows and WORKER_PHONE.lstrip("+") not in rows, table
            assert f" {code}" not in rows and f'"{code}"' not in rows and f",{code}," not in rows, table
    assert PhoneCode._meta.get_field("value").description == "encrypted text"
    with as_job("seal", reads_ledger=True):
        assert LedgerLine.objects.filter(verb="people.enrol_worker", subject=person).count() == 1
    assert MINUTES <= 15
