"""Metrics count every process, name routes only, and are not there for the world."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.test import Client

from selaras.config.serve import free_port
from selaras.ground.act import as_job
from selaras.ground.actions.seals import seal_ledger
from tests.access.visitors import browser_of

ROOT = Path(__file__).parents[2]
NIK = "3212045507900001"


def value(page, line):
    found = re.search(rf"^{re.escape(line)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def read(client=None, **more):
    return (client or Client(HTTP_HOST="localhost")).get("/metrics", **more).content.decode()


@pytest.mark.usefixtures("committed")
def test_requests_are_counted_by_route_and_status_and_nothing_else():
    before = read()
    desk = browser_of("desk")
    desk.get("/home/")
    desk.get("/ledger/")
    desk.get(f"/people/{NIK}/?q={NIK}")
    after = read()
    for line, more in (
        ('selaras_requests_total{route="home",status="200"}', 1),
        ('selaras_requests_total{route="ledger",status="403"}', 1),
        ('selaras_requests_total{route="none",status="404"}', 1),
        ('selaras_request_seconds_count{route="home",status="200"}', 1),
    ):
        assert value(after, line) - value(before, line) == more, line
    assert NIK not in after
    assert value(after, 'selaras_request_seconds_bucket{le="+Inf",route="home",status="200"}') >= 1


@pytest.mark.usefixtures("committed")
def test_the_unsealed_window_is_told():
    browser_of("desk").get("/ledger/")  # a refusal is a line
    assert value(read(), "selaras_ledger_unsealed_lines") >= 2
    with as_job("seal", reads_ledger=True):
        seal_ledger()
    assert value(read(), "selaras_ledger_unsealed_lines") <= 1, "the line of the sealing itself"


@pytest.mark.usefixtures("committed")
def test_metrics_are_not_there_for_the_world(settings):
    client = Client(HTTP_HOST="localhost")
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"):
        assert client.get("/metrics", headers={header: "1.2.3.4"}).status_code == 404, header
    settings.SELARAS_METRICS_TOKEN = "a-token-of-the-watchers"
    asked = {"REMOTE_ADDR": "10.1.2.3"}
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer a-token-of-the-watchers"}, **asked).status_code == 200
    )
    for wrong in ("Bearer wrong", "a-token-of-the-watchers", "Bearer ", ""):
        assert client.get("/metrics", headers={"Authorization": wrong}, **asked).status_code == 404
    settings.SELARAS_METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, **asked).status_code == 404
    settings.SELARAS_BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 404


@pytest.mark.usefixtures("committed")
def test_every_web_process_counts(tmp_path):
    port = free_port("127.0.0.1", 18500, search=True)
    web = subprocess.Popen(
        [sys.executable, "-m", "selaras.config.web", "--port", str(port), "--workers", "2", "--threads", "1"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": _url("default"),
            "DATABASE_LEDGER_URL": _url("ledger"),
            "TMPDIR": str(tmp_path),
        },
        stderr=subprocess.PIPE,
    )

    def get(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.read().decode()

    try:
        give_up = time.monotonic() + 60
        while True:
            try:
                get("/health/")
                break
            except OSError:
                assert web.poll() is None and time.monotonic() < give_up, web.stderr.read()[-2000:]
                time.sleep(0.3)
        asked = 1
        while len(list(tmp_path.glob("selaras-metrics-*/counter_*.db"))) < 2:
            assert time.monotonic() < give_up, "one process got every request"
            get("/health/")
            asked += 1
        assert value(get("/metrics"), 'selaras_requests_total{route="health",status="200"}') == asked
    finally:
        web.terminate()
        web.wait(30)
    assert list(tmp_path.glob("selaras-metrics-*")) == [], "the counts end with the server"


def _url(alias):
    from urllib.parse import quote

    from django.db import connections

    own = connections[alias].settings_dict
    return f"postgresql://{own['USER']}:{quote(own['PASSWORD'])}@/{own['NAME']}?host={quote(own['HOST'])}&port={own['PORT'] or 5432}"
