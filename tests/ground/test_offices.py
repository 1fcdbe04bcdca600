"""Verbs on offices: nobody widens her own sight, an unknown place or role is refused."""

import pytest

from selaras.ground.act import Refused
from selaras.ground.actions.officers import post_officer
from selaras.ground.actions.offices import widen_office
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.ground.scope import acting
from tests.cast import BY_KEY, actor

pytestmark = pytest.mark.usefixtures("committed")


def test_an_administrator_cannot_post_herself():
    officer, office = officer_by_email(BY_KEY["admin"].email), office_by_key("kp2mi")
    with pytest.raises(Refused) as refused, acting(actor("admin")):
        post_officer(officer=officer, office=office, role="reviewer")
    assert refused.value.code == "not_oneself"


@pytest.mark.parametrize("code", ["area:99", "abroad:XXX", "nowhere", "area:", ""])
def test_a_place_that_is_not_known_widens_nothing(code: str):
    with pytest.raises(Refused), acting(actor("admin")):
        widen_office(office=office_by_key("kp2mi"), code=code, reason="test")


def test_a_job_role_or_an_unknown_one_is_given_to_nobody():
    officer, office = officer_by_email(BY_KEY["desk"].email), office_by_key("kp2mi")
    for role in ("job_link", "queen"):
        with pytest.raises(Refused), acting(actor("admin")):
            post_officer(officer=officer, office=office, role=role)
