"""Sign-in: password, second step, passkey, lockout, sessions, single sign-on; and what the ledger says about each."""

import json
import re
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from selaras.ground.keyring import ring
from tests.access.passkey import Passkey
from tests.access.visitors import browser_of, lines, new_officer, sign_in, totp
from tests.cast import PASSWORD

pytestmark = pytest.mark.usefixtures("committed")


def raw(question):
    with connections["owner"].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def confirm_password(client, then):
    """Go where the password is asked for once more, and give it."""
    asked = client.get(then)
    assert asked.status_code == 302 and asked["Location"].startswith("/account/reauthenticate/"), asked
    assert client.post(asked["Location"], {"password": PASSWORD, "next": then}).status_code == 302


def add_app(client):
    """Set up an authenticator app; give its secret."""
    confirm_password(client, "/account/2fa/totp/activate/")
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/account/2fa/totp/activate/", {"code": totp(secret)}).status_code == 302
    return secret


def forget_used_codes():
    """A code counts once in 30 seconds; tests do not wait for the next."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from selaras_cache where cache_key like '%totp.used%'")


def test_password_opens_a_session_and_both_ends_are_ledger_lines():
    officer = new_officer()
    client, answer = sign_in("uji@selaras.example")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert client.get("/home/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/home/").status_code == 302
    assert lines("ground.sign_in", "ground.sign_out") == [
        (f"officer:{officer.pk}", "Petugas uji", "ground.sign_in", "done", {"by": ["password"]}),
        (f"officer:{officer.pk}", "Petugas uji", "ground.sign_out", "done", {"why": "asked"}),
    ]


def test_a_wrong_password_and_an_unknown_address_cannot_be_told_apart():
    new_officer()
    answers = [sign_in(email, "salah-sama-sekali")[1] for email in ("uji@selaras.example", "tidak-ada@selaras.example")]
    pages = [
        re.sub(r'(uji|tidak-ada)@|value="[^"]{64}"|"X-CSRFToken": "[^"]*"', "", a.content.decode()) for a in answers
    ]
    assert pages[0] == pages[1]
    found = lines("ground.sign_in")
    assert [(line[1], line[2], line[3], line[4]) for line in found] == [
        ("", "ground.sign_in", "refused", {"code": "wrong"})
    ] * 2
    assert {line[0] for line in found} == {
        f"visitor:{ring().index_of('email', e)}" for e in ("uji@selaras.example", "tidak-ada@selaras.example")
    }


def test_five_wrong_passwords_lock_the_address_whatever_port_or_machine_is_named():
    new_officer()
    for n in range(5):
        _, answer = sign_in(
            "uji@selaras.example", "salah-sama-sekali", REMOTE_ADDR=f"10.0.0.{n}", HTTP_HOST=f"localhost:{8000 + n}"
        )
        assert answer.status_code == 200
    for n in range(3):
        client, answer = sign_in("UJI@selaras.example", REMOTE_ADDR=f"10.0.1.{n}", HTTP_HOST=f"localhost:{9000 + n}")
        assert answer.status_code == 200
        assert client.get("/home/").status_code == 302, "the right password must not open a locked account"
    codes = [line[4]["code"] for line in lines("ground.sign_in")]
    assert codes == ["wrong"] * 5 + ["too_often"], "one line says that it is locked, however often it is tried"


def test_ten_wrong_passwords_from_one_machine_lock_it_for_every_address():
    new_officer()
    for n in range(10):
        sign_in(f"orang{n}@selaras.example", "salah-sama-sekali", REMOTE_ADDR="10.9.9.9")
    client, _ = sign_in("uji@selaras.example", REMOTE_ADDR="10.9.9.9")
    assert client.get("/home/").status_code == 302
    client, _ = sign_in("uji@selaras.example", REMOTE_ADDR="10.9.9.8")
    assert client.get("/home/").status_code == 200


def test_a_lock_is_not_pushed_out_by_many_other_tries():
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000
    assert issubclass(import_string(settings.CACHES["default"]["BACKEND"]), BaseDatabaseCache), "every process counts the same tries"


def test_an_officer_who_needs_a_second_step_is_led_to_it_before_any_page():
    officer = new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    for page in ("home", "offices", "ledger", "change_post"):
        answer = client.get(reverse(page))
        assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/"), page
    assert client.get("/account/2fa/").status_code == 200
    secret = add_app(client)
    assert client.get("/home/").status_code == 200

    sealed = raw("select data::text from mfa_authenticator where type = 'totp'")[0][0]
    assert (
        secret not in sealed
        and ring().open_text(bytes.fromhex(json.loads(sealed)["secret"]), "mfa_authenticator.data") == secret
    )
    seeds = raw("select data::text from mfa_authenticator where type = 'recovery_codes'")
    codes = client.get("/account/2fa/recovery-codes/").content.decode()
    assert len(seeds) == 1 and len(json.loads(seeds[0][0])["seed"]) > 100
    assert re.search(r"\b\d{8}\b", codes)

    assert [line[4] for line in lines("ground.change_sign_in")] == [{"what": "app_added"}]
    # From now on the password alone opens nothing.
    client, answer = sign_in("uji@selaras.example")
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/authenticate/")
    assert client.get("/home/")["Location"].startswith("/account/login/")
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    forget_used_codes()
    assert client.post("/account/2fa/authenticate/", {"code": totp(secret)}).status_code == 302
    assert client.get("/home/").status_code == 200
    told = [(line[0], line[3], line[4]) for line in lines("ground.sign_in")]
    assert told == [
        (f"officer:{officer.pk}", "done", {"by": ["password"]}),
        (f"officer:{officer.pk}", "refused", {"code": "wrong_second_step"}),
        (f"officer:{officer.pk}", "done", {"by": ["password", "totp"]}),
    ]


def test_a_recovery_code_opens_once():
    new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    add_app(client)
    code = re.search(r"\b\d{8}\b", client.get("/account/2fa/recovery-codes/").content.decode())[0]
    for expected in (302, 200):
        client, _ = sign_in("uji@selaras.example")
        assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == expected


def test_a_removed_second_step_is_asked_for_again_at_the_next_page():
    new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    add_app(client)
    assert client.get("/home/").status_code == 200
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert client.get("/home/")["Location"] == "/account/2fa/"
    assert lines("ground.change_sign_in")[-1][4] == {"what": "app_removed"}


def test_a_passkey_on_localhost_is_made_and_opens_without_a_password():
    new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    confirm_password(client, "/account/2fa/webauthn/add/")
    key = Passkey()
    options = client.get("/account/2fa/webauthn/add/").context["js_data"]["creation_options"]
    assert options["publicKey"]["rp"] == {"id": "localhost", "name": "Selaras"}
    made = client.post(
        "/account/2fa/webauthn/add/", {"name": "Telepon", "credential": key.make(options), "passwordless": "on"}
    )
    assert made.status_code == 302, made.context["form"].errors
    assert client.get("/home/").status_code == 200

    client = Client(HTTP_HOST="localhost")
    options = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"}).json()[
        "request_options"
    ]
    assert client.post("/account/2fa/webauthn/login/", {"credential": key.answer(options)}).status_code == 302
    assert client.get("/home/").status_code == 200
    assert lines("ground.sign_in")[-1][4] == {"by": ["webauthn"]}
    # Another key, and an answer to an old question, open nothing.
    for stranger in (Passkey(), key):
        stranger.user, client = key.user, Client(HTTP_HOST="localhost")
        fresh = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"}).json()[
            "request_options"
        ]
        client.post(
            "/account/2fa/webauthn/login/", {"credential": stranger.answer(options if stranger is key else fresh)}
        )
        assert client.get("/home/").status_code == 302


def session_key(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_session_turns_at_sign_in_and_ends_with_the_browser():
    new_officer()
    client = Client(HTTP_HOST="localhost")
    client.post("/account/password/reset/", {"email": "siapa@selaras.example"})
    client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    before = session_key(client)
    sign_in("uji@selaras.example", client=client)
    assert session_key(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == "" and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert 'name="remember"' not in Client(HTTP_HOST="localhost").get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("key", "seconds", "status", "why"),
    [
        ("used", 29 * 60, 200, None),
        ("used", 31 * 60, 302, "idle"),
        ("began", 9 * 3600, 200, None),
        ("began", 11 * 3600, 302, "day"),
    ],
)
def test_a_session_ends_when_idle_and_after_a_working_day(key, seconds, status, why):
    new_officer()
    client, _ = sign_in("uji@selaras.example")
    session = client.session
    session[key] = int(time.time()) - seconds
    session.save()
    assert client.get("/home/").status_code == status
    assert client.get("/home/").status_code == status
    assert [line[4]["why"] for line in lines("ground.sign_out")] == ([why] if why else [])


def test_a_new_password_ends_every_other_session():
    new_officer()
    here, _ = sign_in("uji@selaras.example")
    there, _ = sign_in("uji@selaras.example")
    assert there.get("/home/").status_code == 200
    new = "angin-timur-2026-selaras"
    changed = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.status_code == 302
    assert there.get("/home/").status_code == 302
    assert here.get("/home/").status_code == 200
    assert lines("ground.change_sign_in")[-1][4] == {"what": "password"}
    assert sign_in("uji@selaras.example")[1].status_code == 200
    assert sign_in("uji@selaras.example", new)[1].status_code == 302


def test_the_reset_message_leads_to_a_new_password_and_lifts_the_lock(mailoutbox):
    new_officer()
    for _ in range(6):
        sign_in("uji@selaras.example", "salah-sama-sekali")
    client = Client(HTTP_HOST="localhost")
    answers = [
        client.post("/account/password/reset/", {"email": e})
        for e in ("uji@selaras.example", "tidak-ada@selaras.example")
    ]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/account/password/reset/done/")] * 2
    assert [m.to for m in mailoutbox] == [["uji@selaras.example"], ["tidak-ada@selaras.example"]], "both take as long"
    assert "signup" not in mailoutbox[1].body
    link = re.search(r"http://localhost(/account/password/reset/key/\S+)", mailoutbox[0].body)[1]
    page = client.get(link)
    new = "angin-timur-2026-selaras"
    assert client.post(page["Location"], {"password1": new, "password2": new}).status_code == 302
    assert sign_in("uji@selaras.example", new)[1].status_code == 302
    assert client.get(link).status_code == 200 and "password1" not in client.get(link).content.decode(), (
        "a link opens once"
    )


def test_session_rows_are_sealed():
    new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    confirm_password(client, "/account/2fa/totp/activate/")
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    row = Session.objects.get(session_key=session_key(client))
    opened = json.dumps(row.get_decoded())
    assert secret in opened and "uji@selaras.example" in opened
    blob = row.session_data.split(":")[0].lstrip(".")
    assert secret not in row.session_data and PASSWORD not in opened
    assert len(blob) > 100


def test_one_of_two_postings_acts_and_never_the_sum():
    new_officer("uji", ("desk_officer", "ltsa-cirebon"), ("auditor", "audit"))
    client, _ = sign_in("uji@selaras.example")
    posts = client.get("/home/").context["posts"]
    seen = {}
    for post in posts:
        assert client.post("/post/", {"post": post.key}).status_code == 302
        page = client.get("/home/")
        actor = page.context["actor"]
        assert (actor.roles, actor.reach, actor.office) == (frozenset({post.role}), post.reach, post.office)
        seen[post.role] = (client.get("/ledger/").status_code, client.get("/offices/").status_code, actor.reads_ledger)
    assert seen == {"desk_officer": (403, 403, False), "auditor": (200, 403, True)}
    # A posting that is not hers changes nothing.
    before = client.get("/home/").context["post"].key
    client.post("/post/", {"post": "administrator@" + posts[0].key.partition("@")[2]})
    assert client.get("/home/").context["post"].key == before


def test_pages_of_the_library_that_officers_do_not_need_are_not_there():
    client = browser_of("desk")
    for path in (
        "email/",
        "signup/",
        "confirm-email/",
        "3rdparty/",
        "social/connections/",
        "login/code/",
        "2fa/webauthn/signup/",
        "oidc/sso/login/",
    ):
        assert client.get(f"/account/{path}").status_code == 404, path
