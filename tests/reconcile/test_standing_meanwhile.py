"""What officers do while a delivery is linked, and between two: nothing of it is lost, doubled, or left with another person."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings

from selaras.ground.scope import acting
from selaras.people.actions.merging import merge, unmerge
from selaras.people.models import Person, Presence
from selaras.reconcile.actions.judging import judge
from selaras.reconcile.actions.runs import RunSummary, run_now
from selaras.reconcile.models import Record
from tests.cast import actor
from tests.reconcile.registers import person, put, whose
from tests.reconcile.test_standing_runs import is_what_a_full_run_gives, pair_of, two_registers

pytestmark = pytest.mark.usefixtures("committed")
SMALL = settings.SELARAS_LINK_ONTO


@pytest.fixture(autouse=True)
def however_small():
    settings.SELARAS_LINK_ONTO = 0
    yield
    settings.SELARAS_LINK_ONTO = SMALL


def while_it_works(act: Callable[[], object], stage: str = "lay") -> RunSummary:
    """Run, and do this once the rows were read."""
    done = []

    def tell(now: str, at: int, total: int | None) -> None:
        if now == stage and not done:
            done.append(act())

    return run_now(tell)


def said_by_two(pair: UUID, verdict: str) -> None:
    for officer in ("reviewer", "second"):
        with acting(actor(officer)):
            judge(pair, verdict)


@pytest.mark.parametrize("kept", [True, False], ids=["delivery", "full"])
def test_whom_a_verdict_parts_while_a_run_works_keeps_what_is_hers(kept):
    two_registers()
    run_now()
    if not kept:
        settings.SELARAS_LINK_ONTO = SMALL
    apart = pair_of("S002", "P002")
    put("siskop2mi", {"S002": person(2, birth_place="CIREBON")})  # so that the run composes her, as she was before
    while_it_works(lambda: said_by_two(apart, "different"))
    with acting(actor("reviewer")):
        parted = {r.row_id: r.person_id for r in Record.objects.filter(row_id__in=("S002", "P002"))}
        assert parted["S002"] != parted["P002"]
        assert Presence.objects.get(source_row="P002").person_id == parted["P002"], "her stay went with her"
        assert Presence.objects.get(source_row="S002").person_id == parted["S002"]
    put("siskop2mi", {"S100": person(40)})
    summary = run_now()
    with acting(actor("reviewer")):
        told = Person.objects.get(pk=whose()["siskop2mi:S002"])
        assert told.birth_place == "CIREBON", "what the run had left out is composed by the next"
    if kept:
        is_what_a_full_run_gives(summary)
    else:
        assert run_now().counts["persons_changed"] == 0


def test_a_row_that_a_verdict_moves_while_a_run_would_move_it_is_nobody_elses():
    two_registers()
    run_now()
    joined = pair_of("S005", "S006")
    put("siskop2mi", {"S005": person(41)})  # the run would make somebody new of the row
    while_it_works(lambda: said_by_two(joined, "same"))
    now = whose()
    assert now["siskop2mi:S005"] == now["siskop2mi:S006"]
    with acting(actor("reviewer")):
        assert str(Presence.objects.get(source_row="S005").person_id) == now["siskop2mi:S005"]
    put("siskop2mi", {"S100": person(40)})
    is_what_a_full_run_gives(run_now())


def test_a_merge_taken_back_between_two_deliveries_leaves_two_whole_persons():
    two_registers()
    run_now()
    who = whose()
    keep, lose = sorted((who["siskop2mi:S008"], who["siskop2mi:S009"]))
    with acting(actor("reviewer")):
        event = merge(keep=UUID(keep), lose=UUID(lose), reason="uji").event_id
    put("siskop2mi", {"S100": person(40)})
    is_what_a_full_run_gives(run_now())
    with acting(actor("reviewer")):
        unmerge(event_id=event, reason="uji")
    put("siskop2mi", {"S101": person(41)})
    run_now()  # in which she who lost her rows by the merge is found again by what the register of persons says of her
    is_what_a_full_run_gives(run_now())
    now = whose()
    assert {now["siskop2mi:S008"], now["siskop2mi:S009"]} == {keep, lose}
