"""kill -9 of the worker, of the web server and of the database, in the middle of intake and of a run: it goes on, and all is as if nothing had been.

The copy is served as an operator serves it. Two registers of invented people are handed in by the page; the undisturbed course of things
is the measure of the disturbed ones.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from selaras.samples.nation import make_nation
from tests.config.own_copy import Copy, Visitor, wait_for
from tests.reconcile.registers import PROMISES

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc"),
]
PEOPLE = 6_000
FILES = {"siskop2mi": "siskop2mi_export.csv", "peduliwni": "peduliwni_export.csv"}
# everything that a test brings in, and nothing of the queue: the worker that lives on has its row there
BROUGHT = (
    "reconcile_delivery", "reconcile_record", "reconcile_link", "reconcile_pair", "reconcile_run", "reconcile_reject",
    "reconcile_stagedrow", "reconcile_stagedlink", "reconcile_stagedpair", "people_person", "people_personkey", "ground_keptfile", "insight_publication", "insight_figure",
)  # fmt: skip
GROUP = "(select min(m.source_id || ':' || m.row_id) from reconcile_record m where m.person_id = {})"
# Persons by the first of their rows, since their ids differ from time to time.
WHAT_STANDS = {
    "rows": f"select r.source_id, r.row_id, r.content::text, r.country, r.capacity, r.event_date, r.nobody, r.withdrawn_at is null, {GROUP.format('r.person_id')} from reconcile_record r",
    "links": f"select r.source_id, r.row_id, {GROUP.format('l.person_id')} from reconcile_link l join reconcile_record r on r.id = l.record_id where l.until is null",
    "persons": f"select {GROUP.format('p.id')}, p.name, p.sex, p.birth_date, p.birth_place, p.home_area_id, p.home_text, p.source, (select count(*) from unnest(p.reach)) from people_person p where p.merged_into_id is null",
    "names": f"select {GROUP.format('n.person_id')}, n.text, n.kind, n.source from people_nameform n",
    "numbers": f"select {GROUP.format('i.person_id')}, i.kind, i.index, i.source, i.confidence, i.sound, i.until is null from people_identifier i",
    "stays": f"select {GROUP.format('s.person_id')}, s.source, s.source_row, s.country_id, s.kind, s.capacity, s.since from people_presence s",
    "keys": f"select {GROUP.format('k.person_id')}, k.key from people_personkey k",
    "pairs": "select least(l.source_id || l.row_id, r.source_id || r.row_id), greatest(l.source_id || l.row_id, r.source_id || r.row_id), p.decision, p.state, round(p.probability::numeric, 6) from reconcile_pair p join reconcile_record l on l.id = p.left_id join reconcile_record r on r.id = p.right_id",
    "set aside": "select d.source_id, j.line, j.code from reconcile_reject j join reconcile_delivery d on d.id = j.delivery_id",
    "taken in": "select source_id, state, counts::text from reconcile_delivery where state = 'taken_in'",
}  # fmt: skip


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    make_nation(PEOPLE, 9, folder, messy=True)
    return folder


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("copy"))
    try:
        made.prepare()
        made.serve()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def undisturbed(copy: Copy, exports: Path) -> dict[str, list[Any]]:
    """How it stands when nobody kills anything."""
    officer = Visitor(copy, "penelaah")
    for number, (source, file) in enumerate(FILES.items(), start=1):
        officer.hands_in(source, exports / file)
        finished(copy, number)
    stands = what_stands(copy)
    assert len(stands["rows"]) > PEOPLE and len(stands["links"]) > PEOPLE
    return stands


@pytest.fixture
def emptied(copy: Copy, undisturbed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The copy without anything that was handed in before."""
    copy.tell(f"truncate {', '.join(BROUGHT)} cascade")
    return undisturbed


def what_stands(copy: Copy) -> dict[str, list[Any]]:
    return {name: sorted(copy.ask(statement), key=repr) for name, statement in WHAT_STANDS.items()}


def finished(copy: Copy, deliveries: int) -> None:
    """Wait until so many deliveries are in and a run that read them all is done and counted."""
    over = f"""select (select count(*) = {deliveries} from reconcile_delivery where state = 'taken_in')
      and exists (select 1 from reconcile_run r join insight_publication h on h.run = r.id where r.state = 'done'
                  and r.started_at > (select max(taken_in_at) from reconcile_delivery))
      and not exists (select 1 from procrastinate_jobs where status in ('todo', 'doing') and queue_name in ('reconcile', 'link'))"""
    wait_for(lambda: _now(copy, over), 150, 0.3, copy.how_it_stands)


def _now(copy: Copy, statement: str) -> bool:
    with contextlib.suppress(psycopg.Error):  # it may be down just now
        return bool(copy.ask(statement)[0][0])
    return False


READING = "select exists (select 1 from reconcile_delivery where state = 'reading') and exists (select 1 from reconcile_stagedrow)"
LINKING = "select exists (select 1 from reconcile_run where state = 'running' and progress->>'stage' = 'persons')"


def in_the_middle(copy: Copy, moment: str) -> None:
    """Wait for a moment at which something is half done."""
    with psycopg.connect(copy.owner, autocommit=True) as db:
        wait_for(lambda: db.execute(moment).fetchone() == (True,), 90, 0.005)


def kill(copy: Copy, what: str) -> None:
    """kill -9, and wait until the supervisor has put another in its place."""
    old, known = copy.child(what), copy.workers()
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: not Path(f"/proc/{old}/cmdline").exists() or not Path(f"/proc/{old}/cmdline").read_bytes())
    wait_for(lambda: copy.child(what) != old, 60)
    wait_for(copy.healthy, 60)
    if what == "worker":
        copy.an_hour_later(known)


@pytest.mark.parametrize("what", ["worker", "web", "database"])
def test_what_is_killed_in_the_middle_goes_on_and_ends_as_if_nothing_had_been(what: str, copy: Copy, exports: Path, emptied):
    officer = Visitor(copy, "penelaah")
    if what == "web":
        line = officer.begins_to_hand_in("siskop2mi", exports / FILES["siskop2mi"])
        kill(copy, "web")
        with contextlib.suppress(OSError):
            assert line.recv(100) == b"", "whoever was handing in gets no answer"
        assert copy.ask("select count(*) from reconcile_delivery") == [(0,)], "half a file is no delivery"
    officer.hands_in("siskop2mi", exports / FILES["siskop2mi"])
    in_the_middle(copy, READING)
    kill(copy, what)
    finished(copy, 1)
    officer.hands_in("peduliwni", exports / FILES["peduliwni"])
    before = copy.ask("select count(*), max(since) from reconcile_link")
    in_the_middle(copy, LINKING)
    kill(copy, what)
    if what != "web":
        assert copy.ask("select count(*), max(since) from reconcile_link") == before, "no link is half made"
    finished(copy, 2)
    stands = what_stands(copy)
    for name, rows in emptied.items():
        assert len(stands[name]) == len(rows), f"{name}: {len(stands[name])} instead of {len(rows)}"
        assert stands[name] == rows, name
    assert [name for name, statement in PROMISES.items() if copy.ask(statement) != [(0,)]] == []
    assert copy.ask("select count(*) from reconcile_stagedrow") == [(0,)]
    assert not list((copy.folder / "work").glob("area-*")), "no plain file is left"
    assert not list((copy.folder / "files").rglob("*.part"))
