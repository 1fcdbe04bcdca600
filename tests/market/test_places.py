"""Places of a job order: sixteen at once with double clicks never take more than there are, and none is lost or doubled."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import IntegrityError, connections, transaction

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.market.actions.orders import close_job_order
from selaras.market.actions.places import give_back_place, take_place
from selaras.market.models import JobOrder, TakenPlace
from selaras.people.actions.parties import lift_standing, sanction
from tests.market.demand import AGENCY, LICENSING, OWN, RIVAL, TAIPEI, parties, permitted

pytestmark = pytest.mark.usefixtures("committed")
NUMBER = "JO/TPE/1"


def count() -> tuple[int, int]:
    """The count that the order carries, and the places that are taken and not given back."""
    order = JobOrder.objects.get(number=NUMBER)
    return order.taken, TakenPlace.objects.filter(order=order, given_back_at__isnull=True).count()


def press(key: str, back: bool = False) -> str:
    try:
        with acting(AGENCY):
            if back:
                give_back_place(number=NUMBER, once=key, reason="mengundurkan diri")
            else:
                take_place(number=NUMBER, once=key)
        return "back" if back else "taken"
    except Refused as refusal:
        return refusal.code
    except NotThere:
        return "not there"
    finally:
        connections.close_all()


def test_sixteen_at_once_with_double_clicks_take_no_more_than_there_are():
    parties()
    permitted(NUMBER, places=10)
    keys = [f"journey-{n}" for n in range(24)] * 2  # each press comes twice
    Random(4).shuffle(keys)
    gate = threading.Barrier(16)

    def go(key: str) -> tuple[str, str]:
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(2)  # sixteen at once, as long as there are sixteen
        return key, press(key)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(go, keys))
    taken = {key for key, answer in answers if answer == "taken"}
    assert len(taken) == 10 and {answer for _, answer in answers} == {"taken", "order_full"}
    assert all({a for k, a in answers if k == key} == {"taken"} for key in taken), "a double click gets the same place again"
    assert count() == (10, 10)


def test_taking_and_giving_back_at_once_keeps_the_count_true():
    parties()
    permitted(NUMBER, places=4)
    moves = [(f"j{n % 12}", chance < 0.4) for n, chance in enumerate(Random(7).random() for _ in range(120))]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda m: press(*m), moves))
    assert set(answers) <= {"taken", "back", "order_full", "place_given_back", "not there"}
    taken, standing = count()
    assert taken == standing and 0 <= taken <= 4


def test_the_database_itself_refuses_a_count_outside_the_places():
    parties()
    permitted(NUMBER, places=2)
    for wrong in (-1, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            JobOrder.objects.filter(number=NUMBER).update(taken=wrong)


def test_a_place_given_back_can_be_taken_by_another_and_not_again_under_its_key():
    parties()
    permitted(NUMBER, places=1)
    assert [press("a"), press("b"), press("a", back=True), press("a", back=True)] == ["taken", "order_full", "back", "back"]
    assert [press("a"), press("b"), press("b")] == ["place_given_back", "taken", "taken"]
    assert count() == (1, 1)


def test_nobody_else_uses_the_order_and_nothing_new_comes_after_a_suspension_or_a_closing():
    parties()
    order = permitted(NUMBER, places=3)
    with acting(RIVAL), pytest.raises(Refused) as refusal:
        take_place(number=NUMBER, once="x")
    assert (refusal.value.code, refusal.value.basis) == ("not_your_agency", "UU18:71")
    assert press("a") == "taken"
    with acting(LICENSING):
        standing = sanction(key=OWN, kind="suspended", reason="jaminan belum ditambah", basis="UU18:37")
    assert [press("b"), press("a"), press("a", back=True)] == ["licence.suspended", "taken", "back"], "what was taken can be given back"
    with acting(LICENSING):
        lift_standing(standing_id=standing.pk, reason="sudah ditambah")
    assert press("b") == "licence.suspended", "the day on which it was lifted was its last"
    with acting(TAIPEI):
        close_job_order(order_id=order.pk, reason="perusahaan tutup")
    assert count() == (0, 0)


def test_a_suspension_at_the_same_moment_comes_before_or_after_never_between():
    parties()
    permitted(NUMBER, places=50)

    def suspend() -> str:
        try:
            with acting(LICENSING):
                sanction(key=OWN, kind="suspended", reason="uji", basis="UU18:37")
            return "suspended"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(9) as pool:
        presses = [pool.submit(press, f"k{n}") for n in range(8)]
        said = pool.submit(suspend)
        answers = [p.result() for p in presses]
        assert said.result() == "suspended"
    assert set(answers) <= {"taken", "licence.suspended"}
    assert count() == (answers.count("taken"),) * 2
    assert press("late") == "licence.suspended"
