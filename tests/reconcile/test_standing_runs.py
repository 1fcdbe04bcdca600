"""A delivery's run gives what a full run with the same model gives, whatever happens in between; where it cannot, all is linked anew."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from selaras.engines.linkage import link
from selaras.engines.linkage.standing import load
from selaras.ground.act import as_job
from selaras.ground.keyring import ring
from selaras.ground.scope import acting
from selaras.people.actions.merging import merge
from selaras.people.models import Identifier, NameForm, Person, Presence
from selaras.reconcile.actions.judging import judge
from selaras.reconcile.actions.runs import RunSummary, run_now
from selaras.reconcile.models import Pair, Record, Run
from tests.cast import actor
from tests.early import ROOT
from tests.engines.linkage.test_standing import days
from tests.reconcile.registers import broken_promises, person, put, whose, withdraw
from tests.reconcile.test_linking_runs import KILLED

pytestmark = pytest.mark.usefixtures("committed")
SMALL = settings.SELARAS_LINK_ONTO
REGISTERS = {"s": "siskop2mi", "p": "peduliwni"}


@pytest.fixture(autouse=True)
def however_small():
    settings.SELARAS_LINK_ONTO = 0
    yield
    settings.SELARAS_LINK_ONTO = SMALL


def frozen(registers, judged, tell, held=(), read=()):
    """The engine with the model that stands, as a full run uses it that learns nothing."""
    index, _ = load(Path(settings.SELARAS_WORK) / "standing", ring().derived("standing linkage"))
    return link(registers, judged, tell, model=index.model, statistics=index.statistics, held=held, read=read)


def stands() -> dict[str, object]:
    """All that a run writes about persons and pairs, to be compared."""
    with acting(actor("reviewer")):
        return {
            "whose": whose_now(),
            "persons": set(Person.objects.values_list("id", "merged_into_id", "name", "sex", "birth_date", "mother", "content", "source")),
            "names": set(NameForm.objects.values_list("person_id", "text", "source")),
            "numbers": set(Identifier.objects.values_list("person_id", "kind", "value", "until", "source")),
            "presences": set(Presence.objects.values_list("person_id", "country_id", "kind", "since", "source", "source_row")),
            "pairs": set(Pair.objects.values_list("left_id", "right_id", "weight", "decision", "matters", "changes__country", "verdict")),
        }


def whose_now() -> set[tuple[object, ...]]:
    return set(Record.objects.values_list("source_id", "row_id", "person_id", "nobody"))


def figures(run_id: UUID) -> dict[str, object]:
    with acting(actor("reviewer")):
        return {k: v for k, v in Run.objects.get(pk=run_id).figures.items() if k != "sources"}


def is_what_a_full_run_gives(summary: RunSummary) -> None:
    """Link everything anew with the frozen model: nothing may change by it, and the count of record is the same."""
    assert summary.counts["way"]["kind"] == "delivery", summary.counts["way"]
    before = stands()
    full = run_now(linker=frozen)
    assert full.counts["way"]["kind"] == "full" and full.counts["way"]["why"] == "engine"
    nothing = ("links_new", "links_ended", "persons_new", "persons_changed", "persons_merged", "pairs_kept", "pairs_forgotten", "pairs_denied")
    assert {name: full.counts[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert stands() == before
    assert figures(full.id) == figures(summary.id)
    for name in ("persons", "sizes", "pairs", "nobody", "rows", "largest"):
        assert full.counts[name] == summary.counts[name], name
    assert broken_promises() == []
    with as_job("link"):  # as if this full run had not been: the index belongs to the one before
        Run.objects.filter(pk=full.id).update(state="failed")


def desk(number: int, **more: object) -> Person:
    """Somebody whom a desk entered, and no register."""
    told = person(number)
    with acting(actor("reviewer")):
        return Person.objects.create(name=told["name"], birth_date=told["birth_date"], source="officer", reach=["nation"], **more)


class Serial:
    """Row ids that rise with arrival, as registers give them."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def of(self, row_id: str) -> str:
        return self.known.setdefault(row_id, f"R{len(self.known):06}")

    def put(self, rows_of: dict[str, list[dict[str, object]]]) -> None:
        for kind, rows in rows_of.items():
            put(REGISTERS[kind], {self.of(row["row_id"]): {k: v for k, v in row.items() if k != "row_id"} for row in rows})


def test_deliveries_of_a_crowded_register_give_what_a_full_run_gives():
    desk(71)
    base, deliveries = days(3, count=120, batches=2)
    serial = Serial()
    serial.put(base)
    assert run_now().counts["way"] | {"why": "none", "kind": "full"} == run_now_way()
    for come, gone, _ in deliveries:
        serial.put(come)
        for kind, ids in gone.items():
            withdraw(REGISTERS[kind], *(serial.of(i) for i in ids))
        summary = run_now()
        way = summary.counts["way"]
        assert way["taken"]["new"] and way["taken"]["updated"] and way["taken"]["withdrawn"]
        assert 0 < way["persons"] < summary.counts["persons"]
        is_what_a_full_run_gives(summary)


def run_now_way() -> dict[str, object]:
    with acting(actor("reviewer")):
        return dict(Run.objects.filter(state="done").latest("finished_at").counts["way"])


def two_registers(count: int = 12) -> None:
    put("siskop2mi", {f"S{n:03}": person(n) for n in range(count)})
    put("peduliwni", {f"P{n:03}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(0, count, 2)})
    desk(71)


def a_day() -> None:
    """New, changed and withdrawn rows; one of a person of one row, who then is nobody's row."""
    put("siskop2mi", {"S100": person(40), "S001": person(1, village="CIBATOK"), "S003": person(4)})
    put("peduliwni", {"P100": person(5, event_date="2026-03-01", status="PEKERJA"), "P002": person(2, country="MALAYSIA")})
    withdraw("peduliwni", "P006")
    withdraw("siskop2mi", "S007")


def pair_of(left: str, right: str) -> UUID:
    """A pair left to the reviewers, as a run leaves it."""
    with as_job("link"):
        ids = sorted(str(Record.objects.get(row_id=r).pk) for r in (left, right))
        made, _ = Pair.objects.get_or_create(
            left_id=ids[0], right_id=ids[1],
            defaults={
                "run": Run.objects.latest("asked_at"), "probability": 0.5, "weight": 0.1, "decision": "review", "reasons": [],
                "matters": 0.4, "state": "open", "reach": ["nation"],
            },
        )  # fmt: skip
        return made.pk


def test_nothing_new_changes_nothing():
    two_registers()
    run_now()
    before = stands()
    again = run_now()
    assert again.counts["way"]["kind"] == "delivery" and again.counts["way"]["persons"] == 0
    assert stands() == before
    is_what_a_full_run_gives(again)


def test_a_day_of_a_small_register_and_verdicts_and_merges_hold():
    two_registers()
    model = run_now().counts["way"]["model"]
    for officer in ("reviewer", "second"):
        with acting(actor(officer)):
            judge(pair_of("S002", "P002"), "different")
            judge(pair_of("S005", "S006"), "same")
    who = whose()
    keep, lose = sorted((who["siskop2mi:S008"], who["siskop2mi:S009"]))
    with acting(actor("reviewer")):
        merge(keep=UUID(keep), lose=UUID(lose), reason="uji")
    a_day()
    summary = run_now()
    assert summary.counts["way"]["model"] == model and summary.counts["way"]["taken"]["updated"] == 3
    is_what_a_full_run_gives(summary)
    now = whose()
    assert now["siskop2mi:S002"] != now["peduliwni:P002"] and now["siskop2mi:S005"] == now["siskop2mi:S006"]
    assert now["siskop2mi:S008"] == now["siskop2mi:S009"] == keep


def run_of(code: str) -> str:
    """The way of the next run after a day, which must be full; gives why."""
    a_day()
    summary = run_now()
    now = whose()
    assert now["siskop2mi:S003"] == now["siskop2mi:S004"] and broken_promises() == []
    assert summary.counts["way"]["kind"] == "full", code
    return str(summary.counts["way"]["why"])


def cut_short(folder: Path) -> None:
    path = next(folder.glob("base-*/blocks.raw"))
    path.write_bytes(path.read_bytes()[:-8])


def other_mark(folder: Path) -> None:
    last_way(index="0.0")


def gone(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def old(folder: Path) -> None:
    last_way(full_at="2026-01-01T00:00:00+07:00")


def spoilt(folder: Path) -> None:
    current = folder / "CURRENT"
    current.write_text(current.read_text().replace('"bits": ', '"bits": 1'))


def unreadable(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"\0\0\0")


def another_agreement(folder: Path) -> None:
    last_way(circumstances="other")


def last_way(**more: str) -> None:
    with as_job("link"):
        run = Run.objects.filter(state="done").latest("finished_at")
        run.counts["way"] |= more
        run.save()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (cut_short, "damaged"), (unreadable, "damaged"), (spoilt, "key"), (gone, "none"), (other_mark, "drifted"), (old, "old"),
        (another_agreement, "changed"),
    ],
)  # fmt: skip
def test_an_index_that_cannot_take_the_delivery_is_made_anew_and_says_why(harm, code):
    two_registers()
    run_now()
    harm(Path(settings.SELARAS_WORK) / "standing")
    assert run_of(code) == code
    put("siskop2mi", {"S101": person(41)})
    assert run_now().counts["way"]["kind"] == "delivery", "and the next delivery finds a whole one"


def test_a_register_that_the_index_does_not_know_calls_for_a_full_run():
    put("siskop2mi", {f"S{n:03}": person(n) for n in range(8)})
    assert run_now().counts["way"]["why"] == "none"
    put("peduliwni", {"P001": person(1, event_date="2026-02-01", status="PEKERJA")})
    assert run_now().counts["way"]["why"] == "registers"


def killed(stage: str, before: str = "") -> None:
    code = textwrap.dedent(KILLED).format(
        root=str(ROOT), name=settings.DATABASES["default"]["NAME"], stage=stage, work=str(settings.SELARAS_WORK)
    )
    code = code.replace("runs.run_now(die)", f"{before}\nruns.run_now(die)")
    ended = subprocess.run([sys.executable, "-c", code], env=os.environ | {"SELARAS_LINK_ONTO": "0"}, capture_output=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]


@pytest.mark.parametrize("stage", ["resolve", "lay", "switched"])
def test_killed_while_a_delivery_is_added_the_next_run_adds_it(stage: str):
    two_registers()
    run_now()
    before = whose()
    a_day()
    fresh = {"siskop2mi:S100": None, "peduliwni:P100": None}
    killed(stage)
    assert whose() == before | fresh, "no link is half made"
    summary = run_now()
    is_what_a_full_run_gives(summary)


def test_killed_between_the_database_and_the_index_the_next_run_is_full():
    two_registers()
    run_now()
    a_day()
    dying = "from selaras.reconcile.actions.linking import standing as s\ns.Standing.commit = lambda self: die('never', 0, 0)"
    killed("never", dying)
    summary = run_now()
    assert (summary.counts["way"]["kind"], summary.counts["way"]["why"]) == ("full", "drifted")
    assert summary.counts["links_new"] == 0 and broken_promises() == []


def test_what_is_kept_says_nothing_without_the_key_and_is_closed_to_others():
    two_registers()
    run_now()
    a_day()
    run_now()
    folder = Path(settings.SELARAS_WORK) / "standing"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder.stat().st_mode & 0o777 == 0o700 and all(path.stat().st_mode & 0o077 == 0 for path in files)
    for told in (person(1)["nik"], person(1)["name"], person(1)["passport"], "S001", "CIBATOK"):
        assert not [path for path in files if told.encode() in path.read_bytes()], told


def test_small_registers_are_linked_anew_and_nothing_is_kept():
    two_registers()
    run_now()
    settings.SELARAS_LINK_ONTO = SMALL
    assert run_of("small") == "small"
    assert [path.name for path in (Path(settings.SELARAS_WORK) / "standing").iterdir()] == ["lock"]
