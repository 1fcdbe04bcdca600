"""Single sign-on by OpenID Connect, against a service of our own on this machine: it opens accounts and makes none."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from selaras.ground.keyring import ring
from selaras.ground.models import Officer
from tests.access.visitors import lines, new_officer, sign_in
from tests.doors.test_signin import add_app

pytestmark = pytest.mark.usefixtures("committed")
NIK = "3212015705900001"


class Service(BaseHTTPRequestHandler):
    """Tells who it is, changes a code for a token, and tells about whoever the token is for."""

    people: dict[str, dict[str, object]] = {}
    verifiers: list[str] = []

    def do_GET(self):
        home = f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path == "/.well-known/openid-configuration":
            self.say(
                {
                    "issuer": home,
                    "authorization_endpoint": f"{home}/authorize",
                    "token_endpoint": f"{home}/token",
                    "userinfo_endpoint": f"{home}/userinfo",
                    "jwks_uri": f"{home}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        else:
            self.say(self.people[self.headers["Authorization"].removeprefix("Bearer ")])

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.verifiers.append(sent["code_verifier"][0])
        self.say({"access_token": sent["code"][0], "token_type": "Bearer"})

    def say(self, answer):
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings, monkeypatch):
    """Run the service, and set this copy up with it."""
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SELARAS_OIDC_URL = url
    app = {
        "provider_id": "sso",
        "name": "Masuk ASN",
        "client_id": "selaras",
        "secret": "x",
        "settings": {"server_url": url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    Service.people.clear()
    yield url
    server.shutdown()
    server.server_close()


def come_back(client, url, claims, process="login"):
    """Go to the service, sign in there as somebody, and come back."""
    away = client.post(f"/account/sso/sso/login/?process={process}")
    assert away.status_code == 302 and away["Location"].startswith(f"{url}/authorize?"), away
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["redirect_uri"] == [
        "http://localhost/account/sso/sso/login/callback/"
    ]
    Service.people["code-1"] = {"sub": "asn-77", "name": "Siapa Saja", "nik": NIK, **claims}
    return client.get("/account/sso/sso/login/callback/", {"code": "code-1", "state": asked["state"][0]})


def test_the_way_is_offered_when_it_is_set_up_and_leads_out_past_the_content_policy(service):
    client = Client(HTTP_HOST="localhost")
    page = client.get("/account/login/")
    assert "Masuk ASN" in page.content.decode()
    between = client.get("/account/sso/sso/login/")
    assert between.status_code == 200 and f"form-action 'self' {service};" in between["Content-Security-Policy"]
    assert client.get("/account/sso/another/login/").status_code == 404


def test_an_officer_who_was_entered_is_let_in_and_nothing_about_her_is_kept(service):
    officer = new_officer()
    for _ in range(2):
        client = Client(HTTP_HOST="localhost")
        answer = come_back(client, service, {"email": "UJI@selaras.example", "email_verified": True})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
        assert client.get("/home/").context["actor"].name == "Petugas uji"
    tied = SocialAccount.objects.get()
    assert (tied.user_id, tied.uid, tied.extra_data) == (officer.pk, "asn-77", {})
    assert [line[4] for line in lines("ground.sign_in")] == [{"by": ["socialaccount"]}] * 2
    assert sign_in("uji@selaras.example")[1].status_code == 302, "her password still opens"
    assert len(Service.verifiers[-1]) >= 43


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "orang@lain.example", "email_verified": True},
        {"email": "uji@selaras.example", "email_verified": False},
        {"email": "uji@selaras.example"},
        {},
    ],
    ids=["unknown", "not confirmed", "silent", "no address"],
)
def test_anybody_else_gets_a_clear_refusal_and_no_account(service, claims):
    new_officer()
    before = Officer.objects.count()
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="id")
    answer = come_back(client, service, claims)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "belum ada administrator yang mendaftarkan Anda" in page and "Minta administrator kantor Anda" in page
    assert client.get("/home/").status_code == 302
    assert (Officer.objects.count(), SocialAccount.objects.count()) == (before, 0)
    address = str(claims.get("email", "")) if claims.get("email_verified") else ""
    assert [line[:1] + line[3:] for line in lines("ground.sign_in")] == [
        (f"visitor:{ring().index_of('email', address)}", "refused", {"code": "sso_unknown"})
    ]


def test_an_officer_who_was_switched_off_is_not_let_in(service):
    officer = new_officer()
    officer.is_active = False
    officer.save()
    client = Client(HTTP_HOST="localhost")
    assert come_back(client, service, {"email": "uji@selaras.example", "email_verified": True}).status_code == 403
    assert client.get("/home/").status_code == 302


def test_the_second_step_is_asked_for_here_too(service):
    new_officer(second_factor=True)
    client, _ = sign_in("uji@selaras.example")
    add_app(client)
    client = Client(HTTP_HOST="localhost")
    answer = come_back(client, service, {"email": "uji@selaras.example", "email_verified": True})
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/authenticate/")
    assert client.get("/home/").status_code == 302


def test_nobody_ties_another_account_by_hand(service):
    new_officer()
    client, _ = sign_in("uji@selaras.example")
    answer = come_back(client, service, {"email": "orang@lain.example", "email_verified": True}, process="connect")
    assert answer.status_code == 403 and SocialAccount.objects.count() == 0


def test_an_answer_that_was_not_asked_for_opens_nothing(service):
    new_officer()
    Service.people["code-1"] = {"sub": "asn-77", "email": "uji@selaras.example", "email_verified": True}
    client = Client(HTTP_HOST="localhost")
    answer = client.get("/account/sso/sso/login/callback/", {"code": "code-1", "state": "made-up"})
    assert answer.status_code == 401
    assert client.get("/home/").status_code == 302
