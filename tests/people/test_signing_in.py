"""Signing in by telephone or card: guessing does not help, asking tells nothing, and whoever is in sees herself and nobody else."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, models
from django.test.utils import CaptureQueriesContext

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import Notice
from selaras.ground.queries.notices import outbox
from selaras.ground.scope import acting, scoped_models
from selaras.people.actions.adding import add_name
from selaras.people.actions.cards import CODES, print_card
from selaras.people.actions.enrolling import ask_enrolment, enrol_worker, second_way, stop_way
from selaras.people.actions.merging import merge
from selaras.people.actions.passkeys import add_passkey, enter_passkey
from selaras.people.actions.phones import CODES_AN_HOUR, TRIES, WRONG_AN_HOUR
from selaras.people.actions.signing_in import (
    CARD_TRIES,
    Device,
    ask_code,
    end_sessions,
    enter_card,
    enter_code,
    remove_codes,
)
from selaras.people.faults import Unfit
from selaras.people.models import Account, Card, CardCode, Person, PhoneCode, SignInPhone
from selaras.people.queries.accounts import actor_of_account, see_ways_in
from selaras.people.queries.herself import see_herself
from selaras.people.queries.opening import open_person
from selaras.people.queries.watching import who_opened
from tests.cast import FAMILY_PHONE, WORKER_PHONE, actor, enrolled, last_code
from tests.people.someone import STAY, registered

pytestmark = pytest.mark.usefixtures("committed")
NOBODYS = "+6285511112222"


def her() -> Any:
    return registered("village", presence=STAY).person_id


def neighbour() -> Any:
    return registered("village", name="Warsinah Kusuma", birth_date=None, numbers=[]).person_id


def code_for(phone: str) -> Any:
    with as_job("sign_in"):
        return ask_code(phone=phone)


def opens(code_id: Any, code: str) -> bool:
    with as_job("sign_in"):
        return enter_code(code_id=code_id, code=code) is not None


def test_a_code_opens_once_and_five_wrong_ones_close_it():
    enrolled(her())
    code_id = code_for(WORKER_PHONE)
    code = last_code()
    assert opens(code_id, code) and not opens(code_id, code)
    code_id = code_for(WORKER_PHONE)
    code = last_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert not any(opens(code_id, wrong) for _ in range(TRIES))
    assert not opens(code_id, code), "the right code after five wrong ones"


def test_many_codes_do_not_make_many_tries():
    """Whoever asks for code after code gets no more tries in an hour than the telephone stands, and no more messages."""
    enrolled(her())
    tried = 0
    for _ in range(8):
        code_id, sent = code_for(WORKER_PHONE), len(outbox())
        with as_job("sign_in"):
            row = PhoneCode.objects.get(id=code_id)
        if row.used_at is None:
            for _ in range(TRIES):
                tried += 1
                assert not opens(code_id, "0000000")
        else:
            assert not opens(code_id, last_code()), "held back: even a right code does not open"
            assert len(outbox()) == sent
    assert tried <= WRONG_AN_HOUR and CODES_AN_HOUR * TRIES > WRONG_AN_HOUR


def test_who_asks_in_her_name_does_not_keep_her_out_where_she_was_signed_in_before():
    enrolled(her())
    with as_job("sign_in"):
        account = enter_code(code_id=ask_code(phone=WORKER_PHONE), code=last_code()).account_id
    for _ in range(CODES_AN_HOUR):
        code_for(WORKER_PHONE)
    held, sent = code_for(WORKER_PHONE), len(outbox())
    assert not opens(held, last_code())
    own, another = Device(uuid4(), account), Device(uuid4(), uuid4())
    with as_job("sign_in"):
        stranger = ask_code(phone=WORKER_PHONE, device=another)
        assert len(outbox()) == sent and not opens(stranger, last_code()), "a device of another account asks as a stranger"
        code_id = ask_code(phone=WORKER_PHONE, device=own)
    assert len(outbox()) == sent + 1 and opens(code_id, last_code())
    for _ in range(CODES_AN_HOUR):
        with as_job("sign_in"):
            code_id = ask_code(phone=WORKER_PHONE, device=own)
    assert not opens(code_id, last_code()), "one device has no more codes in an hour than a stranger"


def statements(do: Any) -> list[str]:
    """Give what was asked of the database, values and names of savepoints left out."""
    with CaptureQueriesContext(connection) as asked:
        do()
    return [re.split(r" WHERE | VALUES | SAVEPOINT|SAVEPOINT| SET |set_config", q["sql"])[0] for q in asked]


def test_an_unknown_telephone_gets_the_same_answer_after_the_same_statements():
    enrolled(her())
    found, ids = {}, {}
    for phone in (WORKER_PHONE, NOBODYS, "call me", WORKER_PHONE, NOBODYS):
        found[phone] = statements(lambda phone=phone: ids.__setitem__(phone, code_for(phone)))
    assert found[WORKER_PHONE] == found[NOBODYS] == found["call me"]
    typed = {phone: statements(lambda phone=phone: opens(ids[phone], "000000")) for phone in (WORKER_PHONE, NOBODYS)}
    assert typed[WORKER_PHONE] == typed[NOBODYS]
    with as_job("sign_in"):
        kinds = sorted(Notice.objects.filter(kind="sign_in_code").values_list("state", flat=True))
    assert kinds == ["nobody"] * 3 + ["waiting"] * 2 and {m.to for m in outbox()} == {WORKER_PHONE}


def test_a_card_opens_with_each_of_its_codes_once_and_ends_with_the_next_card():
    person = her()
    with acting(actor("dinas")), pytest.raises(Unfit):
        print_card(person_id=person, paper="")
    with acting(actor("taipei")):
        printed = print_card(person_id=person, paper="passport")
    assert len(set(printed.codes)) == CODES

    def card(number: str, code: str) -> Any:
        with as_job("sign_in"):
            return enter_card(number=number, code=code)

    opened = card(printed.number.lower().replace("-", " "), printed.codes[0].lower())
    assert opened is not None and opened.person_id == person
    assert card(printed.number, printed.codes[0]) is None, "a code opens once"
    known = statements(lambda: card(printed.number, "ZZZZ-ZZZZ"))
    assert known == statements(lambda: card("ZZZZ-ZZZZ-ZZZZ", "ZZZZ-ZZZZ"))
    for _ in range(CARD_TRIES):
        card(printed.number, "ZZZZ-ZZZZ")
    assert card(printed.number, printed.codes[1]) is None, "too many wrong tries: an hour's rest"
    with connections["owner"].cursor() as owner:
        owner.execute("update people_card set tried_at = now() - interval '61 minutes'")
    assert card(printed.number, printed.codes[1]) is not None
    with acting(actor("taipei")):
        assert see_ways_in(person).card_left == CODES - 2
        fresh = print_card(person_id=person, paper="passport")
    assert actor_of_account(opened.account_id, opened.through, 0) is not None, "until the new one opens, the old one does"
    with acting(actor("bp3mi")):
        second_way(way_id=see_ways_in(person).card_id)
    assert card(printed.number, printed.codes[2]) is None and card(fresh.number, fresh.codes[0]) is not None
    assert actor_of_account(opened.account_id, opened.through, 0) is None, "the session of the old card is over"
    with connections["owner"].cursor() as owner:
        owner.execute("select t::text from people_cardcode t union all select t::text from people_card t")
        rows = " ".join(row[0] for row in owner.fetchall())
    assert not any(code.replace("-", "") in rows or code in rows for code in (*fresh.codes, fresh.number))


def test_a_card_beside_a_telephone_waits_unless_a_second_officer_agrees_and_she_can_stop_it():
    person = her()
    worker = enrolled(person)
    with acting(actor("taipei")):
        printed = print_card(person_id=person, paper="passport")
        assert outbox(1)[0].kind == "card_printed" and outbox(1)[0].to == WORKER_PHONE

    def opened(code: str) -> bool:
        with as_job("sign_in"):
            return enter_card(number=printed.number, code=code) is not None

    assert not opened(printed.codes[0])
    with acting(worker):
        ways = see_ways_in(person)
        assert ways.card_waits and ways.card_id
    with acting(actor("taipei")), pytest.raises(Refused, match="not_the_same_officer"):
        second_way(way_id=ways.card_id)
    with acting(actor("bp3mi")):
        second_way(way_id=ways.card_id)
    assert opened(printed.codes[0])
    with acting(worker), pytest.raises(Refused, match="way_waits_no_more"):
        stop_way(way_id=ways.card_id)
    with acting(actor("taipei")):
        printed = print_card(person_id=person, paper="passport")
    with acting(worker):
        stop_way(way_id=see_ways_in(person).card_id)
    with connections["owner"].cursor() as owner:
        owner.execute("update people_card set since = now()")
    assert not opened(printed.codes[0])


def test_a_card_alone_adds_no_passkey_and_a_new_card_ends_what_came_by_the_old_one():
    person = her()
    with acting(actor("taipei")):
        printed = print_card(person_id=person, paper="passport")
    with as_job("sign_in"):
        opened = enter_card(number=printed.number, code=printed.codes[0])
    assert opened is not None
    by_card = actor_of_account(opened.account_id, opened.through, 0)
    assert by_card is not None
    with acting(by_card), pytest.raises(Refused, match="passkey_needs_phone"):
        add_passkey(credential_id=b"found", data=b"x")
    with acting(actor("dinas")):
        asked = ask_enrolment(person_id=person, phone=WORKER_PHONE, paper="ktp")
        assert enrol_worker(code_id=asked.code_id, code=last_code()).outcome == "waits", "a card is a way in of hers, too"
    with connections["owner"].cursor() as owner:
        owner.execute("update people_signinphone set since = now()")
    with acting(by_card):
        add_passkey(credential_id=b"found", data=b"x")
    assert outbox(1)[0].kind == "passkey_added" and outbox(1)[0].to == WORKER_PHONE
    with acting(actor("taipei")):
        print_card(person_id=person, paper="passport")
    with as_job("sign_in"):
        assert enter_passkey(credential_id=b"found", proves=lambda kept: True) is None


def test_a_worker_sees_herself_and_nobody_else_with_either_lock_taken_off():
    person, other = her(), neighbour()
    enrolled(other, FAMILY_PHONE)
    worker = enrolled(person)
    with acting(actor("taipei")):
        print_card(person_id=person, paper="passport")
    with acting(actor("dinas")):
        print_card(person_id=other, paper="ktp")
    code_for(WORKER_PHONE)
    code_for(FAMILY_PHONE)
    assert worker.kind == "worker" and worker.reach == {f"person:{person}"} and not worker.national

    def owners(rows: Any) -> set[Any]:
        return {
            row.id if isinstance(row, Person) else row.person_id if hasattr(row, "person_id") else row.account.person_id
            for row in rows
        }

    tables = [Person, Account, SignInPhone, Card, PhoneCode]
    for model in tables:
        with acting(worker):
            assert owners(model.objects.all()) == {person}, model
            assert {row.pk for row in models.QuerySet(model)} == {row.pk for row in model.objects.all()}, "the policy alone"
    with acting(worker):
        assert CardCode.objects.count() == models.QuerySet(CardCode).count() == CODES
    names = [m._meta.db_table for m in scoped_models()]
    with connections["owner"].cursor() as owner:
        for name in names:
            owner.execute(f"alter table {name} disable row level security")
        try:
            with acting(worker):
                assert models.QuerySet(Person).count() == 2 and owners(Person.objects.all()) == {person}
                assert models.QuerySet(SignInPhone).count() == 2 and SignInPhone.objects.count() == 1
        finally:
            for name in names:
                owner.execute(f"alter table {name} enable row level security")
    with acting(worker):
        assert see_herself(person).name.startswith("Siti")
        for ask in (see_herself, see_ways_in, who_opened):
            with pytest.raises(NotThere):
                ask(other)
        for verb in (lambda: open_person(person), lambda: add_name(person_id=person, text="Ratu")):
            with pytest.raises(Refused, match="not_your_role"):
                verb()


def test_an_account_stays_hers_when_her_record_is_merged():
    person = registered("village", numbers=[], birth_date=None).person_id
    worker = enrolled(person)
    keep = her()
    with acting(actor("reviewer")):
        merge(keep=keep, lose=person, reason="satu orang")
    with acting(worker):
        assert see_herself(person).id == keep
        assert see_herself(person).country == "TWN"
    with acting(actor("dinas")):
        assert see_ways_in(keep).since is not None


def test_signing_out_everywhere_ends_each_session():
    worker = enrolled(her())
    with acting(worker):
        phone = SignInPhone.objects.get()
        end_sessions()
    assert actor_of_account(phone.account_id, phone.id, 0) is None
    assert actor_of_account(phone.account_id, phone.id, 1) is not None


def test_old_codes_and_messages_go():
    enrolled(her())
    code_for(NOBODYS)
    with connections["owner"].cursor() as owner:
        owner.execute("update people_phonecode set asked_at = now() - interval '2 days'")
    with as_job("retention"):
        assert remove_codes() == 2
    with as_job("sign_in"):
        assert PhoneCode.objects.count() == 0
