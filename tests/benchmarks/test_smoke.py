"""The benchmarks still run: a few people, a few questions; nothing is timed here."""

import random

import polars as pl
import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from benchmarks import doings
from benchmarks.browser import InProcess, Officer
from benchmarks.explain import examine, somebody
from benchmarks.load import by_operation, closed
from benchmarks.population import fill
from benchmarks.stages import STAGES, WATCHED
from benchmarks.web import expected
from selaras.ground.act import as_job
from selaras.ground.queries.offices import officer_by_email
from selaras.people.models import Event
from tests.cast import BY_KEY, actor

pytestmark = pytest.mark.usefixtures("committed")
KEYS = {"nation": "reviewer", "regency": "dinas", "mission": "hongkong"}


@pytest.fixture
def listed(committed, tmp_path):
    fill(500, tmp_path / "targets.parquet", chunk=300)
    return tmp_path / "targets.parquet"


def officer(key: str, member: str) -> Officer:
    client = Client()
    client.force_login(officer_by_email(BY_KEY[member].email))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return Officer(key, InProcess(get_wsgi_application()), cookies | {"csrftoken": "a" * 32})


def test_the_questions_that_are_explained_find_the_invented_people(listed):
    people = pl.read_parquet(listed)
    assert people.height == 500
    for kind, key in KEYS.items():
        asked = {name: plans for name, _, plans in examine(actor(key), somebody(people, kind))}
        assert asked["find by number"] and asked["open person"]
        assert asked["find by name"][0].lines


def test_each_doing_of_the_load_does_what_it_should(listed, monkeypatch):
    monkeypatch.setattr(doings, "FINDERS", ("penelaah",))
    monkeypatch.setattr(doings, "REGISTRARS", ("dinas",))
    officers = {"penelaah": officer("penelaah", "reviewer"), "dinas": officer("dinas", "dinas")}
    people = doings.People.read(pl.read_parquet(listed), {"penelaah": actor("reviewer").reach, "dinas": actor("dinas").reach}, [])
    took = [t for name in doings.ALL if name != "judge a pair" for t in closed([officers], people, doings.ALL[name], 1, seed=5)[0]]
    assert [row["operation"] for row in by_operation(took) if row["wrong"]] == []
    with as_job("link"):
        assert Event.objects.filter(kind__in=("registered", "joined")).count() == expected(took)["registrations"] == 2


def test_every_stage_still_names_functions_that_exist():
    assert set(WATCHED) | {"http"} == set(STAGES)
    assert [name for functions in WATCHED.values() for holder, name in functions if not callable(getattr(holder, name))] == []


def test_somebody_new_has_a_number_that_no_form_refuses(listed):
    people = doings.People.read(pl.read_parquet(listed), {"dinas": actor("dinas").reach}, [])
    her = doings.newcomer(people, random.Random(1), "dinas")
    assert len(her["nik"]) == 16 and her["nik"].startswith("3212")
