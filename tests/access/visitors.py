"""Visitors of the portal: browsers that sign in as a member of the cast, or as an officer made for one test."""

import hashlib
import hmac
import json
import struct
import time
from base64 import b32decode

from django.db import connections
from django.test import Client

from selaras.ground.act import as_job
from selaras.ground.actions.officers import add_officer, post_officer
from selaras.ground.queries.offices import office_by_key
from tests.cast import BY_KEY, PASSWORD, last_code


def sign_in(email, password=PASSWORD, client=None, **more):
    """Sign in through the page, as a browser does; give the browser and the answer."""
    client = client or Client(HTTP_HOST="localhost")
    return client, client.post("/account/login/", {"login": email, "password": password}, **more)


def browser_of(key):
    """Give a browser in which a member of the cast is signed in; '' is a visitor who is not."""
    if not key:
        return Client(HTTP_HOST="localhost")
    client, answer = sign_in(BY_KEY[key].email)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client


def own_browser(phone):
    """Give a browser in which whoever enrolled with this telephone is signed in to her own page."""
    client = Client(HTTP_HOST="localhost")
    assert client.post("/worker/in/", {"phone": phone})["Location"] == "/worker/in/code/"
    answer = client.post("/worker/in/code/", {"code": last_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/worker/"), answer.content.decode()[:2000]
    return client


def new_officer(name="uji", *posts, second_factor=False):
    """Enter an officer for one test, with postings as (role, office)."""
    with as_job("setup"):
        officer = add_officer(
            email=f"{name}@selaras.example", name=f"Petugas {name}", password=PASSWORD, second_factor=second_factor
        )
        for role, office in posts or (("desk_officer", "ltsa-cirebon"),):
            post_officer(officer=officer, office=office_by_key(office), role=role)
    return officer


def totp(secret, at=None):
    """Give the code that an authenticator app shows (RFC 6238: SHA-1, 30 s, 6 digits)."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(at or time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def lines(*verbs):
    """Read ledger lines as the owner: (actor, actor's name, verb, outcome, detail), the oldest first."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select actor, actor_name, verb, outcome, detail from ground_ledgerline where verb = any(%s) order by id",
            [list(verbs)],
        )
        return [(*row[:4], row[4] if isinstance(row[4], dict) else json.loads(row[4])) for row in cursor.fetchall()]
