"""The pages of officers by plain forms: enter, post, move, end, switch, reset, unlock; and the officer's own language."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from selaras.ground.models import Officer, Posting
from selaras.ground.queries.offices import office_by_key, officer_by_email
from tests.access.visitors import new_officer, sign_in
from tests.cast import BY_KEY, PASSWORD

pytestmark = pytest.mark.usefixtures("committed")
NEW = {"name": "Ujang Baru", "email": "uji-baru@selaras.example", "locale": "en", "office": "kabkota-3212", "role": "dinas_officer"}


def browser(key: str, language: str = "en") -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(officer_by_email(BY_KEY[key].email if key in BY_KEY else f"{key}@selaras.example"))
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_an_officer_is_entered_posted_and_sets_a_password_by_the_message():
    admin = browser("admin")
    page = admin.get(reverse("officer_new") + f"?office={office_by_key('kdei-taipei').pk}")
    assert 'value="kdei-taipei"' in text(page), "the office from whose list one comes"
    answer = admin.post(reverse("officer_new"), NEW, follow=True)
    assert "Entered." in text(answer) and "no password set yet" in text(answer) and "Regency labour officer" in text(answer)
    (message,) = mail.outbox
    assert message.to == ["uji-baru@selaras.example"]
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", message.body).group(1)
    visitor = Client(HTTP_HOST="localhost")
    form = visitor.get(link, follow=True)
    assert visitor.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    visitor, answer = sign_in("uji-baru@selaras.example")
    answer = visitor.get("/home/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/2fa/", "the second step comes first"
    assert answer.headers["Content-Language"] == "en", "her own language, though the browser says nothing"
    again = admin.post(reverse("officer_new"), NEW)
    assert again.status_code == 422 and "exists already" in text(again) and 'value="Ujang Baru"' in text(again), "what was typed stays"
    assert Officer.objects.filter(email="uji-baru@selaras.example").count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"office": "Kantor Tidak Ada"}, "No office of yours bears this name"),
        ({"office": "Dinas Tenaga Kerja"}, "Several offices fit"),
        ({"role": "reviewer"}, "There is no such role at this kind of office"),
        ({"role": "job_link"}, "Select a valid choice"),
        ({"email": "bukan alamat"}, "valid email"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_enters_nobody(changes, said):
    answer = browser("admin").post(reverse("officer_new"), NEW | changes)
    assert answer.status_code == 422 and said in text(answer)
    assert not Officer.objects.filter(email__startswith="uji-baru").exists() and not mail.outbox


def test_posting_moving_and_ending_once():
    her = new_officer("uji-pindah")
    admin = browser("admin")
    answer = admin.post(reverse("officer_post", args=[her.pk]), {"office": "kdei-taipei", "role": "mission_officer"}, follow=True)
    assert "Posted." in text(answer)
    first = Posting.objects.get(officer=her, role="desk_officer")
    move = reverse("posting_move", args=[her.pk, first.pk])
    assert 'value="ltsa-cirebon"' in text(admin.get(move))
    wrong = admin.post(move, {"office": "ltsa-cirebon", "role": "desk_officer"})
    assert wrong.status_code == 422 and "She has this posting already." in text(wrong)
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    for _ in range(2):
        answer = admin.post(move, {"office": "kabkota-3212", "role": "dinas_officer", "since": later}, follow=True)
        assert "Moved." in text(answer)
    assert Posting.objects.filter(officer=her, role="dinas_officer").count() == 1
    mission = Posting.objects.get(officer=her, role="mission_officer")
    end = reverse("posting_end", args=[her.pk, mission.pk])
    early = admin.post(end, {"until": "2000-01-01"})
    assert early.status_code == 422 and "The last day lies before the first." in text(early)
    assert "The posting ends on that day." in text(admin.post(end, {"until": timezone.localdate().isoformat()}, follow=True))
    Posting.objects.filter(pk=mission.pk).update(since="2020-01-01", until="2020-02-01")
    assert "This posting is over already." in text(admin.post(end, {}, follow=True))
    assert "Past postings" in text(admin.get(reverse("officer", args=[her.pk])))


def test_switching_off_and_on_and_taking_the_second_step_away():
    her = new_officer("uji-mati")
    hers, _ = sign_in(her.email)
    admin = browser("admin")
    off = reverse("officer_change", args=[her.pk, "off"])
    assert admin.post(off, {}).status_code == 422, "a reason is asked for"
    page = admin.post(off, {"reason": "misuse"}, follow=True)
    assert "Switched off, and signed out everywhere." in text(page) and "Switch the account on" in text(page)
    assert hers.get("/home/").status_code == 302
    assert "Switched on." in text(admin.post(reverse("officer_change", args=[her.pk, "on"]), {"reason": "back"}, follow=True))
    Authenticator.objects.create(user=her, type="totp", data={"secret": "x"})
    page = admin.post(reverse("officer_change", args=[her.pk, "second-step"]), {"reason": "device"}, follow=True)
    assert "no second step set up" in text(page)
    (message,) = mail.outbox
    assert message.to == [her.email] and "Langkah kedua" in message.subject + message.body, "in her language"
    assert admin.get(reverse("officer_change", args=[her.pk, "queen"])).status_code == 404


def test_five_wrong_passwords_lock_and_an_administrator_unlocks():
    her = new_officer("uji-kunci")
    for _ in range(6):
        sign_in(her.email, "salah-sama-sekali")
    assert sign_in(her.email)[0].get("/home/").status_code == 302
    admin = browser("admin")
    page = reverse("officer", args=[her.pk])
    assert "locked out for now" in text(admin.get(page))
    assert "Unlocked." in text(admin.post(reverse("officer_change", args=[her.pk, "unlock"]), follow=True))
    assert "locked out for now" not in text(admin.get(page))
    assert sign_in(her.email)[0].get("/home/").status_code == 200


def test_a_head_sees_and_changes_her_own_office_only():
    new_officer("uji-kepala", ("office_head", "kabkota-3212"))
    head = browser("uji-kepala")
    listed = text(head.get(reverse("officers")))
    assert BY_KEY["dinas"].name in listed and BY_KEY["desk"].name not in listed
    form = text(head.get(reverse("officer_new")))
    assert 'value="kabkota-3212"' in form and 'value="auditor"' not in form and 'value="village_officer"' in form
    other = officer_by_email(BY_KEY["desk"].email).pk
    for name, more in (("officer", ()), ("officer_post", ()), ("officer_change", ("off",)), ("officer_change", ("second-step",))):
        assert head.get(reverse(name, args=[other, *more])).status_code == 404
        assert head.post(reverse(name, args=[other, *more]), {"reason": "left"}).status_code == 404
    mine = officer_by_email("uji-kepala@selaras.example").pk
    assert "This is your own account." in text(head.get(reverse("officer", args=[mine])))
    refused = head.post(reverse("officer_change", args=[mine, "off"]), {"reason": "left"})
    assert refused.status_code == 403 and "changes her own account" in text(refused)


def test_filters_and_search_of_officers():
    admin = browser("admin", "id")
    assert BY_KEY["auditor"].name in text(admin.get(reverse("officers") + "?q=aulia"))
    assert BY_KEY["auditor"].name not in text(admin.get(reverse("officers") + "?q=citra"))
    for query in ("?state=off", "?state=no_step", "?state=unposted", "?state=x&page=9&office=x", f"?office={office_by_key('audit').pk}"):
        assert admin.get(reverse("officers") + query).status_code == 200


def test_the_officers_own_language_holds_from_sign_in_and_the_switch_keeps_it():
    new_officer("uji-bahasa")
    Officer.objects.filter(email="uji-bahasa@selaras.example").update(locale="en")
    client, _ = sign_in("uji-bahasa@selaras.example", client=Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="id"))
    assert '<html lang="en"' in text(client.get("/home/"))
    client.post(reverse("set_language"), {"language": "id", "next": "/home/"})
    assert '<html lang="id"' in text(client.get("/home/"))
    client, _ = sign_in("uji-bahasa@selaras.example", client=Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en"))
    assert '<html lang="id"' in text(client.get("/home/")), "kept for the next sign-in"
    client.post(reverse("set_language"), {"language": "xx", "next": "/home/"})
    assert Officer.objects.get(email="uji-bahasa@selaras.example").locale == "id"
    visitor = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    assert visitor.post(reverse("set_language"), {"language": "id", "next": "/"}).status_code == 302
