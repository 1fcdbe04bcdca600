"""The demo's workers and a mother: their pages are opened once, each can be entered, and production refuses the click."""

import pytest
from django.test import Client
from django.urls import reverse

from selaras.ground.act import as_job
from selaras.people.models import Account, FamilyAccess
from selaras.place.models import Cost
from selaras.samples.enter import enter_cast
from selaras.samples.market import enter_market
from selaras.samples.own_pages import OWN_PAGES, enter_own_pages, way_in
from selaras.samples.ways import enter_ways

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


@pytest.fixture
def entered() -> None:
    enter_cast()
    enter_market()
    enter_ways()
    assert enter_own_pages() == len(OWN_PAGES)


def test_each_page_is_opened_once_however_often_they_are_entered(entered: None):
    enter_own_pages()
    with as_job("setup"):
        assert Account.objects.count() == len(OWN_PAGES)
        assert FamilyAccess.objects.filter(member__isnull=False, withdrawn_at__isnull=True).count() == 1
        assert Cost.objects.count() == 3


def test_one_click_opens_the_page_of_a_worker_and_of_her_mother(entered: None, settings):
    settings.SELARAS_DEMO_SIGN_IN = True
    for page in OWN_PAGES:
        visitor = Client()
        listed = visitor.get(reverse("demo_cast")).content.decode()
        assert page.name in listed and page.story_id in listed
        came = visitor.post(reverse("demo_own_page", args=[page.key]), follow=True)
        assert came.status_code == 200
        if page.kind == "worker":
            assert page.name in came.content.decode()
        else:
            assert "Darnati" in visitor.get(reverse("worker_relatives")).content.decode()
    assert Client().post(reverse("demo_own_page", args=["nobody"])).status_code == 404


def test_where_the_demo_is_off_there_is_no_such_click(entered: None, settings):
    settings.SELARAS_DEMO_SIGN_IN = False
    assert Client().post(reverse("demo_own_page", args=["darnati"])).status_code == 404
    settings.SELARAS_MODE = "production"
    with pytest.raises(RuntimeError, match="production"):
        way_in("darnati")
