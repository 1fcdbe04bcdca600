"""No personal number is found where it should not be: log, address, session, queue, ledger, cache, files, or plainly in any table."""

import io
import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from selaras.config import urls
from selaras.config.logs import Lines, scrubbed
from selaras.doors.guard import guarded
from selaras.ground.scope import acting
from selaras.people.models import Identifier
from tests.access.visitors import browser_of
from tests.cast import actor
from tests.people.someone import NIK, PASSPORT, registered
from tests.reconcile.intake import take, text, worker

PHONE = "+6281234567890"
TYPED = "3212 0157-0590.0001"
SECRETS = re.compile(
    "|".join((NIK, re.escape(TYPED), "3212 0157 0590 0001", PASSPORT, "B 1234567", "81234567890", "812 ?-?3456 ?-?7890"))
)


@guarded()
def fails(request: HttpRequest) -> HttpResponse:
    """Fail with a number in a local value, in the error's text, and in the error that caused it."""
    nik = NIK
    logging.getLogger("selaras.people").warning("looking for %s, %s and %s", nik, PASSPORT, PHONE)
    try:
        raise IntegrityError(f"duplicate key value: Key (nik)=({nik}) already exists.")
    except IntegrityError as fault:
        raise ValueError(f"cannot read {nik}") from fault


urlpatterns = [path("fails/", fails), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def log():
    """Write every line of every logger, however small, in the form that is written in earnest."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines())
    names = (None, "django", "django.request", "selaras", "procrastinate")
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield out
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


class Watched(Client):
    """A browser that remembers each address to which it was sent."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_to = []

    def request(self, **asked):
        answer = super().request(**asked)
        self.sent_to.append(answer.get("Location", ""))
        return answer


def watched(who):
    client = Watched(HTTP_HOST="localhost", raise_request_exception=False)
    client.cookies = browser_of(who).cookies
    return client


FORM = {
    "name": "Siti Nurhaliza binti Kasan", "nik": TYPED, "sex": "F", "birth": "17-05-1990", "passport": "B 1234567", "phone": "0812 3456 7890",
    "regency": "3212", "village": "Haurkolot", "place": "TWN", "capacity": "worker", "since": "2024-03-01", "once": "f1",
}  # fmt: skip


def everything(client, other, stranger):
    """Do with her numbers whatever the pages allow, rightly and wrongly; give the statuses."""
    found = [client.post("/people/new/", FORM).status_code]
    found.append(client.post("/people/new/", FORM | {"nik": NIK[:15], "once": "f2"}).status_code)
    found.append(client.post("/people/new/", FORM | {"name": "Orang Lain", "once": "f3"}).status_code)
    found.append(stranger.post("/people/new/", FORM | {"once": "f4", "regency": "", "village": ""}).status_code)
    for number in (NIK, TYPED, PASSPORT, PHONE, "0812 3456 7890", "3273015705900001"):
        found.append(client.post("/people/", {"q": number}, follow=True).status_code)
        found.append(stranger.post("/people/", {"q": number}, follow=True).status_code)
    with acting(actor("village")):
        numbers = list(Identifier.objects.values_list("person_id", "pk"))
    for person, number in numbers:
        found.append(client.post(f"/people/{person}/numbers/{number}/", {"reason": "identity"}).status_code)
    found.append(client.post(f"/people/{numbers[0][0]}/add/number/", {"kind": "passport", "value": PASSPORT}).status_code)
    found.append(client.get(f"/people/{NIK}/?q={NIK}").status_code)
    found.append(client.get(f"/people/?q={NIK}&passport={PASSPORT}").status_code)
    found.append(Client(HTTP_HOST="localhost").get(f"/people/?q={NIK}").status_code)
    found.append(client.get("/fails/").status_code)
    found.append(other.post("/runs/start/").status_code)
    return found


def tables():
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
        return [row[0] for row in cursor.fetchall()]


def rows(table):
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'select t::text from "{table}" t')
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.usefixtures("committed")
def test_no_number_is_found_anywhere_it_should_not_be(log, settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    client, other, stranger = watched("village"), watched("reviewer"), watched("hongkong")
    statuses = everything(client, other, stranger)
    assert statuses.count(500) == 1 and 404 in statuses and 422 in statuses and statuses.count(302) >= 3, statuses

    written = log.getvalue()
    assert "Internal Server Error: /fails/" in written and '"error": "ValueError"' in written and "test_logs.py" in written
    assert "looking for [number], [number] and [number]" in written
    assert "/people/[number]/" in written, "a number that somebody typed into an address"
    assert SECRETS.findall(written) == []

    told = [to for c in (client, other, stranger) for to in c.sent_to if to]
    assert len(told) > 10 and SECRETS.findall("\n".join(told)) == []

    opened = [json.dumps(s.get_decoded()) for s in Session.objects.all()]
    assert len(opened) >= 3 and any("people_found" in s for s in opened)
    assert SECRETS.findall("\n".join(opened)) == []

    assert len(rows("procrastinate_jobs")) == 1 and len(rows("ground_ledgerline")) > 20 and len(rows("people_identifier")) >= 3
    assert {table: SECRETS.findall("\n".join(rows(table))) for table in tables()} == {table: [] for table in tables()}


@pytest.mark.usefixtures("committed")
def test_the_number_that_one_looks_for_would_be_found(log):
    """The search above sees what it looks for: in a table, in a session, in a log of another form."""
    registered()
    with connections["owner"].cursor() as cursor:
        cursor.execute("create table uji_plain as select %s::text as nik", [NIK])
        try:
            assert SECRETS.findall("\n".join(rows("uji_plain"))) == [NIK]
        finally:
            cursor.execute("drop table uji_plain")
    plain = logging.makeLogRecord({"msg": "nik %s", "args": (NIK,)})
    assert SECRETS.findall(logging.Formatter().format(plain)) == [NIK]
    assert SECRETS.findall(Lines().format(plain)) == []


def test_a_line_is_one_json_object_without_query_or_the_text_of_an_error():
    try:
        raise ValueError(f"cannot read {NIK}")
    except ValueError as fault:
        told = (type(fault), fault, fault.__traceback__)
    record = logging.makeLogRecord({"msg": "at /people/?q=siti&year=1990 now", "levelname": "ERROR", "name": "x", "exc_info": told})
    line = Lines().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["message"], read["error"]) == ("at /people/?[…] now", "ValueError")
    assert read["where"].startswith("test_logs.py:") and NIK not in line and "siti" not in line


def grouped(digits, sign):
    return sign.join((digits[:6], digits[6:12], digits[12:]))


@given(st.from_regex(r"\A[1-9][0-9]{15}\Z"), st.sampled_from(["", " ", "-", "."]), st.sampled_from(["nik ", "nik=", "nik_", "(", "'", "/", ""]))
def test_no_nik_gets_through_in_any_spelling(nik, sign, before):
    assert not re.search(r"\d{4}", scrubbed(f"{before}{grouped(nik, sign)} x"))


@given(st.from_regex(r"\A[A-Z]{1,2}[0-9]{6,7}\Z"), st.sampled_from(["passport ", "(", "'", "passport_", ""]))
def test_no_passport_gets_through(passport, before):
    assert passport not in scrubbed(f"{before}{passport}, x")


@given(st.uuids())
def test_ids_stay_readable(key):
    """Whoever follows a fault needs the id of the job, the run or the person."""
    if re.search("[a-f]", str(key)[-12:]) and re.search("[a-f]", str(key)[:8]):
        assert scrubbed(f"run {key} failed") == f"run {key} failed"


@pytest.mark.usefixtures("committed")
def test_a_delivery_leaves_no_number_in_the_queue_or_on_the_disk(log):
    take(text([worker(1), worker(2, NIK="12345"), worker(3, ID_PMI="")]))
    for place in (settings.SELARAS_FILES, settings.SELARAS_WORK):
        for file in Path(place).rglob("*"):
            if file.is_file():
                assert b"3201014507900001" not in file.read_bytes(), file
    found = {t: [r for r in rows(t) if "3201014507900001" in r or "81234567890" in r] for t in tables()}
    assert {t: r for t, r in found.items() if r} == {}
    assert "3201014507900001" not in log.getvalue()
