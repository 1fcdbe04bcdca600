"""Officers: who may look after whom, what can be given, and that an account that is switched off or reset is signed out at once."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.actions.officers import (
    add_officer,
    end_posting,
    move_officer,
    post_officer,
    reset_second_step,
    switch_off_officer,
    switch_on_officer,
    unlock_officer,
)
from selaras.ground.models import LedgerLine, Officer, Posting
from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.officers import offices_named, see_officer, see_officers
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.ground.scope import Actor, acting
from selaras.law.load import law
from tests.access.visitors import new_officer, sign_in
from tests.cast import BY_KEY, PASSWORD, actor

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def cast(key: str) -> Officer:
    officer = officer_by_email(BY_KEY[key].email)
    assert officer is not None
    return officer


def head(office: str = "kabkota-3212") -> Actor:
    """Give the head of an office."""
    officer = new_officer(f"uji-kepala-{office}", ("office_head", office))
    return actor_of(officer, posts_of(officer.pk)[0])


def names(found) -> set[str]:
    return {line.name for line in found.lines}


def refused(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_every_role_that_is_given_is_posted_somewhere():
    own = {"worker", "family"}  # whoever comes in by herself is posted nowhere, and nobody gives her role
    for role in law().roles:
        assert bool(role.at) == (not role.id.startswith("job_") and role.id not in own), role.id
    given = {r for role in law().roles if not role.id.startswith("job_") for r in role.gives}
    assert given == {role.id for role in law().roles if role.at}


def test_the_administration_sees_all_a_head_her_own_and_those_below():
    with acting(actor("admin")):
        assert see_officers().total >= len(BY_KEY)
        assert names(see_officers("Citra")) == {"Citra di LTSA Cirebon"}
    with acting(head()):
        assert names(see_officers()) == {BY_KEY["dinas"].name, BY_KEY["village"].name, "Petugas uji-kepala-kabkota-3212"}
        for other in ("desk", "province", "admin", "taipei"):
            with pytest.raises(NotThere):
                see_officer(cast(other).pk)
        assert see_officer(cast("village").pk).changeable
        assert [o.key for o in offices_named("Haurkolot")] == ["desa-3212012007"] and offices_named("LTSA/MWRC Cirebon") == []
    with acting(head("bp3mi-jawa-barat")):
        assert names(see_officers()) == {BY_KEY["bp3mi"].name, "Petugas uji-kepala-bp3mi-jawa-barat"}, "the province's officers are not hers"
    for who in ("desk", "data", "auditor", "village"):
        with acting(actor(who)):
            assert refused(see_officers) == "not_your_role"


def test_a_head_gives_only_her_roles_at_her_offices():
    with acting(head()):
        her = add_officer(email="uji-baru@selaras.example", name="Baru")
        post_officer(officer=her, office=office_by_key("desa-3212012007"), role="village_officer")
        own = office_by_key("kabkota-3212")
        assert refused(lambda: post_officer(officer=her, office=own, role="auditor")) == "not_yours_to_give"
        assert refused(lambda: post_officer(officer=her, office=own, role="office_head")) == "not_yours_to_give"
        assert refused(lambda: post_officer(officer=her, office=own, role="desk_officer")) == "role_not_here"
        assert refused(lambda: post_officer(officer=her, office=own, role="job_link")) == "unknown_role"
        with pytest.raises(NotThere):
            post_officer(officer=her, office=office_by_key("desa-3212042003" if False else "desa-3204052001"), role="village_officer")
        assert refused(lambda: add_officer(email="UJI-BARU@selaras.example", name="x")) == "officer_exists"
    assert [p.role for p in posts_of(her.pk)] == ["village_officer"]


def test_nobody_changes_her_own_account():
    me = actor("admin")
    mine = Posting.objects.get(officer_id=me.id)
    with acting(me):
        own = office_by_key("selaras")
        for call in (
            lambda: post_officer(officer=cast("admin"), office=office_by_key("audit"), role="auditor"),
            lambda: move_officer(posting_id=mine.pk, office=office_by_key("kp2mi"), role="reviewer"),
            lambda: end_posting(posting_id=mine.pk),
            lambda: switch_off_officer(officer_id=cast("admin").pk, reason="left"),
            lambda: reset_second_step(officer_id=cast("admin").pk, reason="device"),
            lambda: unlock_officer(officer_id=cast("admin").pk),
        ):
            assert refused(call) == "not_oneself"
        assert see_officer(cast("admin").pk).changeable is False and own is not None


def test_an_officer_with_a_posting_elsewhere_is_not_the_heads_to_switch():
    both = new_officer("uji-dua-kantor", ("dinas_officer", "kabkota-3212"), ("auditor", "audit"))
    with acting(head()):
        assert see_officer(both.pk).changeable is False
        for call in (switch_off_officer, reset_second_step):
            with pytest.raises(NotThere):
                call(officer_id=both.pk, reason="misuse")


def test_moving_ends_one_posting_and_begins_the_other_once():
    was = Posting.objects.get(officer=new_officer("uji-pindah"))
    with acting(actor("admin")):
        day = TODAY() + timedelta(days=7)
        moved = move_officer(posting_id=was.pk, office=office_by_key("kabkota-3212"), role="dinas_officer", since=day)
        assert move_officer(posting_id=was.pk, office=office_by_key("kabkota-3212"), role="dinas_officer", since=day).pk == moved.pk
        was.refresh_from_db()
        assert (was.until, moved.since) == (day - timedelta(days=1), day)
        assert refused(lambda: move_officer(posting_id=moved.pk, office=office_by_key("kabkota-3212"), role="dinas_officer")) == "same_posting"
        assert refused(lambda: end_posting(posting_id=was.pk, until=date(2000, 1, 1))) == "ends_before_it_begins"
        end_posting(posting_id=moved.pk, until=day)
    with pytest.raises(NotThere), acting(head("bp3mi-jawa-barat")):
        end_posting(posting_id=was.pk)


def test_switched_off_is_signed_out_at_once_and_cannot_sign_in():
    new_officer()
    client, _ = sign_in("uji@selaras.example")
    assert client.get("/home/").status_code == 200
    her = officer_by_email("uji@selaras.example")
    with acting(actor("admin")):
        switch_off_officer(officer_id=her.pk, reason="misuse")
        switch_off_officer(officer_id=her.pk, reason="misuse")
        assert refused(lambda: switch_off_officer(officer_id=her.pk, reason="whatever")) == "unknown_reason"
    assert client.get("/home/").status_code == 302
    client, _ = sign_in("uji@selaras.example")
    assert client.get("/home/").status_code == 302
    with acting(actor("admin")):
        switch_on_officer(officer_id=her.pk, reason="back")
    assert client.get("/home/").status_code == 302, "what ended stays ended"
    client, _ = sign_in("uji@selaras.example")
    assert client.get("/home/").status_code == 200
    her.refresh_from_db()
    assert her.sessions == 2


def test_a_reset_second_step_is_gone_and_asked_for_anew():
    her = new_officer("uji")
    client, _ = sign_in(her.email)
    assert client.get("/home/").status_code == 200
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=her, type=kind, data={"secret": "x"})
    with acting(actor("admin")):
        assert see_officer(her.pk).second_step
        reset_second_step(officer_id=her.pk, reason="device")
        assert not see_officer(her.pk).second_step
    assert not Authenticator.objects.filter(user=her).exists()
    assert client.get("/home/").status_code == 302, "every session ended"
    client, _ = sign_in(her.email)
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/"), "she has to set one up first"


def test_each_change_is_a_ledger_line_without_name_or_address():
    with acting(actor("admin")):
        new = add_officer(email="uji-buku@selaras.example", name="Nama Rahasia", password=PASSWORD)
        posting = post_officer(officer=new, office=office_by_key("kabkota-3212"), role="dinas_officer")
        switch_off_officer(officer_id=new.pk, reason="leave")
        switch_on_officer(officer_id=new.pk, reason="back")
        reset_second_step(officer_id=new.pk, reason="device")
        unlock_officer(officer_id=new.pk)
        end_posting(posting_id=posting.pk)
    with as_job("seal", reads_ledger=True):
        lines = LedgerLine.objects.filter(actor=actor("admin").address).order_by("id")
        assert [line.verb.removeprefix("ground.") for line in lines] == [
            "add_officer", "post_officer", "switch_off_officer", "switch_on_officer", "reset_second_step", "unlock_officer", "end_posting",
        ]  # fmt: skip
        assert all(line.detail["officer"] == str(new.pk) for line in lines)
        assert not any(word in str(vars(line)) for line in lines for word in ("Rahasia", "uji-buku@"))
