"""Every scoped table, one by one: the manager holds with the policy dropped, the policy holds with the manager bypassed.

For each table two rows are made, one within the village's reach and one whose place is unknown, by the national reach. A new
scoped table without a maker here fails the test. A table whose rows are seen by nobody but the actor who made them has its row in
`OWN`, and is looked at as one officer's rows and another's.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import ProgrammingError, connections, models, transaction
from django.utils import timezone

from selaras.agreements.models import Agreement
from selaras.ground.models import KeptFile, TakenForm
from selaras.ground.models.taken import OwnManager
from selaras.ground.scope import NATION, NoActor, acting, current, scoped_models
from selaras.market.models import Recruiting
from selaras.people.models import (
    Account,
    Card,
    CardCode,
    Dispute,
    Event,
    Fact,
    FamilyAccess,
    Grant,
    Identifier,
    Journey,
    JourneyStep,
    Kin,
    NameForm,
    Party,
    Passkey,
    Person,
    PersonKey,
    PhoneCode,
    Presence,
    Ruling,
    SideEntry,
    SignInPhone,
)
from selaras.place.models import Appeal, Condition, Cost, Decision, Document, Finding, Pass, PassList, Report
from selaras.prepare.models import Attendance, Course, CreditRequest, Enrolment, Movement, Outreach, Signal
from selaras.reconcile.models import Delivery, DrawnPair, Judgement, Link, Pair, Record, Reject, Run, Sample, Source
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")

HERE = [NATION, "area:32", "area:3212", "area:321201", "area:3212012007"]
NOWHERE = [NATION]
NOW = timezone.now


def person(reach: list[str], tag: str) -> Person:
    return Person.objects.create(name=f"Warsinah {tag}", source="test", reach=reach)


def account(reach: list[str], tag: str) -> Account:
    return Account.objects.create(person=person(reach, tag), kind="worker", made_by="test")


def card(reach: list[str], tag: str) -> Card:
    return Card.objects.create(account=account(reach, tag), index=uuid4(), made_by="test", since=NOW())


def dispute(reach: list[str], tag: str) -> Dispute:
    one, other = person(NOWHERE, tag), person(NOWHERE, tag)
    told = Event.objects.create(person=one, kind="conflict", actor="test")
    return Dispute.objects.create(event=told, one=one, other=other, reach=reach)


def file(reach: list[str], tag: str) -> KeptFile:
    return KeptFile.objects.create(name=tag, size=1, sha256="0" * 64, reach=reach)


def delivery(reach: list[str], tag: str) -> Delivery:
    source, _ = Source.objects.get_or_create(key="uji", defaults={"name": "Uji", "owner": "Uji", "layout": "uji"})
    agreement, _ = Agreement.objects.get_or_create(
        number="UJI-1", defaults={"kind": "pks", "title": "Uji", "parties": "Uji", "since": date(2020, 1, 1)}
    )
    return Delivery.objects.create(
        source=source,
        agreement=agreement,
        file=file(reach, tag),
        sha256=f"{tag:0<64}"[:64],
        handed_in_by="test",
        reach=reach,
    )


def record(reach: list[str], tag: str) -> Record:
    came = delivery([NATION], tag)
    return Record.objects.create(
        source=came.source,
        row_id=tag,
        content=b"x",
        values="{}",
        person=person(reach, tag),
        first_delivery=came,
        last_delivery=came,
        changed_at=NOW(),
    )


def run(reach: list[str], tag: str) -> Run:
    return Run.objects.create(asked_by="test", reach=reach, state=Run.State.DONE)


def pair(reach: list[str], tag: str) -> Pair:
    return Pair.objects.create(
        left=record(NOWHERE, tag + "l"),
        right=record(NOWHERE, tag + "r"),
        run=run(NOWHERE, tag),
        probability=0.5,
        weight=0.0,
        decision="review",
        reach=reach,
    )


def sample(reach: list[str], tag: str) -> Sample:
    return Sample.objects.create(run=run(NOWHERE, tag), strata=[], beyond=0, reach=reach)


def recruiting(reach: list[str], tag: str) -> Recruiting:
    agency, _ = Party.objects.get_or_create(key="uji", kind="agency", defaults={"name": "PT Uji", "country_id": "IDN"})
    told = {"country_id": "TWN", "on": date(2026, 1, 1), "area_id": "3212", "what": "visited", "by": "test"}
    return Recruiting.objects.create(agency=agency, once=tag, reach=reach, **told)


def outreach(reach: list[str], tag: str) -> Outreach:
    told = {"on": date(2026, 1, 1), "area_id": "3212", "venue": "uji", "items": ["costs"], "language": "id", "women": 1, "men": 0}
    return Outreach.objects.create(by="test", by_name="test", at=NOW(), once=tag, reach=reach, **told)


def course() -> Course:
    body, _ = Party.objects.get_or_create(key="blk", kind="training", defaults={"name": "BLK Uji", "country_id": "IDN"})
    told = {"kind": "skill", "title": "uji", "seats": 9, "since": date(2026, 1, 1), "until": date(2026, 2, 1), "payer": "government"}
    made, _ = Course.objects.get_or_create(by="test", once="k", defaults={"party": body, "by_name": "test", "at": NOW(), **told})
    return made


def credit(reach: list[str], tag: str) -> CreditRequest:
    its = journey(reach, tag)
    lender, _ = Party.objects.get_or_create(key="bank", kind="lender", defaults={"name": "Bank Uji", "country_id": "IDN"})
    told = {"amount": 1, "months": 24, "instalments": 18, "asked_on": date(2026, 1, 1), "due": date(2026, 1, 8), "by": "test", "by_name": "test"}
    return CreditRequest.objects.create(journey=its, person=its.person, lender=lender, at=NOW(), **told)


def journey(reach: list[str], tag: str) -> Journey:
    return Journey.objects.create(
        person=person(reach, tag), scheme="p_to_p", started_on=date(2026, 1, 1), started_by="test", started_by_name="test",
        changed_at=NOW(), changed_by="test", changed_by_name="test", changed_what="start_journey",
    )  # fmt: skip


def step(reach: list[str], tag: str) -> JourneyStep:
    its = journey(reach, tag)
    return JourneyStep.objects.create(journey=its, person=its.person, step="record", waits_for=["village_officer"], since=date(2026, 1, 1))


def decision(reach: list[str], tag: str) -> Decision:
    its = journey(reach, tag)
    return Decision.objects.create(
        journey=its, person=its.person, turn=1, number=tag, kind="hold", state="standing", on=date(2026, 1, 1), words="uji", lines=[], by="test",
        by_name="test", at=NOW(),
    )  # fmt: skip


def appeal(reach: list[str], tag: str) -> Appeal:
    its = decision(reach, tag)
    return Appeal.objects.create(decision=its, person=its.person, words="uji", by="test", by_name="test", at=NOW())


def condition(reach: list[str], tag: str) -> Condition:
    its = journey(reach, tag)
    told = {"name": "visa_required", "holds": True, "words": "uji", "by": "test", "by_name": "test", "at": NOW()}
    return Condition.objects.create(journey=its, person=its.person, **told)


def document(reach: list[str], tag: str) -> Document:
    its = journey(reach, tag)
    return Document.objects.create(journey=its, person=its.person, kind="offer", version=1, by="test", by_name="test", at=NOW())


def finding(reach: list[str], tag: str) -> Finding:
    its = document(reach, tag)
    told = {"field": "wage", "told": {}, "after_signing": False, "basis": "UU18:18", "by": "test", "by_name": "test", "at": NOW()}
    return Finding.objects.create(journey=its.journey, person=its.person, earlier=its, later=its, **told)


def cost(reach: list[str], tag: str) -> Cost:
    its = journey(reach, tag)
    told = {"item": "passport", "payer": "worker", "amount": 1, "currency": "IDR", "paid_on": date(2026, 1, 1), "by": "test", "by_name": "test"}
    return Cost.objects.create(journey=its, person=its.person, at=NOW(), **told)


def report(reach: list[str], tag: str) -> Report:
    its = journey(reach, tag)
    told = {"kind": "arrival", "on": date(2026, 1, 1), "by": "test", "by_name": "test"}
    return Report.objects.create(journey=its, person=its.person, at=NOW(), **told)


def worker_card(reach: list[str], tag: str) -> Pass:
    its, (among, _) = journey(reach, tag), PassList.objects.get_or_create(turn=1, defaults={"name": "e-kpmi-1"})
    return Pass.objects.create(
        journey=its, person=its.person, number=tag, kid="uji", status_list=among, place=len(tag), issued=date(2026, 1, 1), since=date(2026, 1, 1),
        until=date(2027, 1, 1), token="uji", credential="uji", by="test", by_name="test", at=NOW(),
    )  # fmt: skip


MAKERS: dict[type[models.Model], Callable[[list[str], str], Any]] = {
    KeptFile: file,
    Person: person,
    NameForm: lambda reach, tag: NameForm.objects.create(person=person(reach, tag), text=tag, source="test"),
    PersonKey: lambda reach, tag: PersonKey.objects.create(person=person(reach, tag), key=len(tag)),
    Kin: lambda reach, tag: Kin.objects.create(person=person(reach, tag), relation="child", source="test"),
    Identifier: lambda reach, tag: Identifier.objects.create(
        person=person(reach, tag), kind="nik", value="3212", index="00000000-0000-0000-0000-000000000001", source="test"
    ),
    Presence: lambda reach, tag: Presence.objects.create(
        person=person(reach, tag), country_id="TWN", kind="stated", source="test"
    ),
    Grant: lambda reach, tag: Grant.objects.create(
        person=person(reach, tag), code="area:3212", since=date(2026, 1, 1), reason="test"
    ),
    Journey: journey,
    JourneyStep: step,
    Fact: lambda reach, tag: Fact.objects.create(person=person(reach, tag), kind="passport", added_by="test", added_by_name="test"),
    SideEntry: lambda reach, tag: SideEntry.objects.create(
        person=person(reach, tag), kind="complaint", on=date(2026, 1, 1), by="test", by_name="test"
    ),
    Event: lambda reach, tag: Event.objects.create(person=person(reach, tag), kind="registered", actor="test"),
    Dispute: lambda reach, tag: dispute(reach, tag),
    Ruling: lambda reach, tag: Ruling.objects.create(
        dispute=dispute(reach, tag), verdict="same", officer="test", officer_name="test", reason="test"
    ),
    Account: account,
    SignInPhone: lambda reach, tag: SignInPhone.objects.create(
        account=account(reach, tag), value="+62", index=uuid4(), since=NOW(), how="enrolled", by="test"
    ),
    PhoneCode: lambda reach, tag: PhoneCode.objects.create(
        person=person(reach, tag), purpose="enrol", value="+62", index=uuid4(), digest=uuid4(), asked_by="test", until=NOW()
    ),
    Card: card,
    CardCode: lambda reach, tag: CardCode.objects.create(card=card(reach, tag), digest=uuid4()),
    Passkey: lambda reach, tag: Passkey.objects.create(account=account(reach, tag), index=uuid4(), data="x"),
    FamilyAccess: lambda reach, tag: FamilyAccess.objects.create(
        person=person(reach, tag), name=tag, relation="parent", index=uuid4(), until=NOW()
    ),
    Delivery: delivery,
    Reject: lambda reach, tag: Reject.objects.create(delivery=delivery(reach, tag), line=1, code="row_id.missing"),
    Record: record,
    Run: run,
    Pair: pair,
    Judgement: lambda reach, tag: Judgement.objects.create(
        pair=pair(reach, tag), verdict="same", officer="test", officer_name="test"
    ),
    Sample: sample,
    DrawnPair: lambda reach, tag: DrawnPair.objects.create(
        sample=sample(reach, tag), left=record(NOWHERE, tag + "l"), right=record(NOWHERE, tag + "r"), stratum=0
    ),
    Recruiting: recruiting,
    Outreach: outreach,
    CreditRequest: credit,
    Enrolment: lambda reach, tag: Enrolment.objects.create(
        person=person(reach, tag), course=course(), by="test", by_name="test", at=NOW()
    ),
    Attendance: lambda reach, tag: Attendance.objects.create(
        person=person(reach, tag), outreach=outreach(NOWHERE, tag), on=date(2026, 1, 1), items=["costs"], language="id", by="test", by_name="test",
        at=NOW(),
    ),
    Signal: lambda reach, tag: Signal.objects.create(
        kind="no_permit", on=date(2026, 1, 1), area_id="3212", words="uji", by="test", by_name="test", at=NOW(), once=tag, reach=reach
    ),
    Movement: lambda reach, tag: Movement.objects.create(
        person=person(reach, tag), kind="left", on=date(2026, 1, 1), told_by="family", by="test", by_name="test", at=NOW()
    ),
    Decision: decision,
    Appeal: appeal,
    Condition: condition,
    Document: document,
    Finding: finding,
    Cost: cost,
    Report: report,
    Pass: worker_card,
    Link: lambda reach, tag: Link.objects.create(
        record=record(NOWHERE, tag), person=person(reach, tag), decided_by="test", how="model", since=NOW()
    ),
}


OWN: dict[type[models.Model], Callable[[], Any]] = {
    TakenForm: lambda: TakenForm.objects.create(actor=current().address, key=uuid4(), path="/village/log/new/", led_to="/village/log/"),
}


def test_every_scoped_table_is_tested_here():
    assert set(scoped_models()) == set(MAKERS)
    assert {model for model in apps.get_models() if isinstance(model._default_manager, OwnManager)} == set(OWN)


@pytest.mark.parametrize("model", MAKERS, ids=lambda m: m._meta.db_table)
def test_each_lock_holds_without_the_other(model: type[Any]):
    with acting(actor("reviewer")):
        here = MAKERS[model](HERE, "here").pk
        nowhere = MAKERS[model](NOWHERE, "nowhere").pk
        assert {here, nowhere} <= set(model.objects.values_list("pk", flat=True)), (
            "the national reach sees what has no place"
        )

    with pytest.raises(NoActor):
        model.objects.count()
    assert list(models.QuerySet(model)) == [], "nobody acting: the policy shows nothing"
    with acting(actor("village")):
        assert set(model.objects.values_list("pk", flat=True)) == {here}
        assert set(model._base_manager.values_list("pk", flat=True)) == {here}
        assert {row.pk for row in models.QuerySet(model)} == {here}, "the manager bypassed: the policy holds"
    for stranger in ("taipei", "agency", "admin", "desk"):
        with acting(actor(stranger)):
            assert list(model.objects.all()) == [] and list(models.QuerySet(model)) == [], stranger
    with connections["owner"].cursor() as owner:
        # Off for this table and for those through which its path leads.
        tables = [m._meta.db_table for m in scoped_models()]
        for table in tables:
            owner.execute(f"alter table {table} disable row level security")
        try:
            with acting(actor("village")):
                assert {here, nowhere} <= {row.pk for row in models.QuerySet(model)}, "the policy is off"
                assert set(model.objects.values_list("pk", flat=True)) == {here}, (
                    "the policy dropped: the manager holds"
                )
                assert set(model._base_manager.values_list("pk", flat=True)) == {here}
        finally:
            for table in tables:
                owner.execute(f"alter table {table} enable row level security")


@pytest.mark.parametrize("model", OWN, ids=lambda m: m._meta.db_table)
def test_each_lock_keeps_own_rows_without_the_other(model: type[Any]):
    own = {}
    for who in ("village", "reviewer"):
        with acting(actor(who)):
            own[who] = OWN[model]().pk
    with pytest.raises(NoActor):
        model.objects.count()
    assert list(models.QuerySet(model)) == [], "nobody acting: the policy shows nothing"
    for who in ("village", "reviewer", "dinas", "admin"):
        hers = {own[who]} if who in own else set()
        with acting(actor(who)):
            assert set(model.objects.values_list("pk", flat=True)) == hers, who
            assert set(model._base_manager.values_list("pk", flat=True)) == hers, who
            assert {row.pk for row in models.QuerySet(model)} == hers, f"{who}: the manager bypassed: the policy holds"
    with acting(actor("dinas")):
        # not even as somebody else's: the policy looks at what is written, too
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.QuerySet(model).create(actor=f"officer:{uuid4()}", key=uuid4(), path="/")
        assert models.QuerySet(model).update(led_to="/") == 0 and models.QuerySet(model).delete()[0] == 0, "nor changed by the way"
    with connections["owner"].cursor() as owner:
        owner.execute(f"alter table {model._meta.db_table} disable row level security")
        try:
            with acting(actor("village")):
                assert {row.pk for row in models.QuerySet(model)} == set(own.values()), "the policy is off"
                assert set(model.objects.values_list("pk", flat=True)) == {own["village"]}, "the policy dropped: the manager holds"
                assert set(model._base_manager.values_list("pk", flat=True)) == {own["village"]}
        finally:
            owner.execute(f"alter table {model._meta.db_table} enable row level security")
