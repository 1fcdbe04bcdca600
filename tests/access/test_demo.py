"""The sign-in without a password is there in the demo only."""

import pytest
from django.db import connections
from django.test import Client

from selaras.ground.act import as_job
from selaras.ground.actions.officers import add_officer, post_officer
from selaras.ground.queries.offices import office_by_key
from selaras.samples.cast import CAST
from tests.access.visitors import lines

pytestmark = pytest.mark.usefixtures("committed")
MEMBER = next(m for m in CAST if m.key == "desa")


@pytest.fixture
def entered(committed):
    """Enter one of the demo's cast."""
    with as_job("setup"):
        officer = add_officer(email=MEMBER.email, name=MEMBER.name, second_factor=False)
        post_officer(officer=officer, office=office_by_key(MEMBER.office_key), role=MEMBER.role)
    yield officer
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from ground_posting where officer_id = %s", [officer.pk])
        cursor.execute("delete from ground_officer where id = %s", [officer.pk])


def test_not_there_unless_switched_on(entered):
    client = Client(HTTP_HOST="localhost")
    assert client.get("/demo/").status_code == client.post("/demo/desa/").status_code == 404
    assert "/demo/" not in client.get("/account/login/").content.decode()


def test_not_there_in_production_even_when_switched_on(entered, settings):
    settings.SELARAS_DEMO_SIGN_IN, settings.SELARAS_MODE = True, "production"
    client = Client(HTTP_HOST="localhost")
    assert client.get("/demo/").status_code == client.post("/demo/desa/").status_code == 404


def test_one_click_signs_in_under_a_fresh_session_and_is_a_ledger_line(entered, settings):
    settings.SELARAS_DEMO_SIGN_IN, settings.SELARAS_MODE = True, "demo"
    client = Client(HTTP_HOST="localhost")
    assert MEMBER.name in client.get("/demo/").content.decode()
    assert "/demo/" in client.get("/account/login/").content.decode()
    assert client.get("/demo/desa/").status_code == 302 and client.get("/home/").status_code == 302, (
        "a link signs nobody in"
    )
    assert client.post("/demo/nobody/").status_code == 404
    assert client.post("/demo/desa/")["Location"] == "/home/"
    assert client.get("/home/").context["actor"].name == MEMBER.name
    assert lines("ground.sign_in")[-1][:2] == (f"officer:{entered.pk}", MEMBER.name)
    assert lines("ground.sign_in")[-1][4] == {"by": ["demo"]}
