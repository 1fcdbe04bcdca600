"""What was found of a file and what officers wrote of a pair rest sealed: a heading or a reason may name a person."""

import pytest
from django.db import connections

from selaras.ground.scope import acting
from selaras.reconcile.actions.judging import judge
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Judgement, Pair
from selaras.reconcile.queries.pairs import see_pair
from tests.cast import actor
from tests.reconcile.intake import HEADER, NIK, take, text, worker
from tests.reconcile.registers import person, put

pytestmark = pytest.mark.usefixtures("committed")


def test_a_heading_that_holds_a_number_rests_sealed():
    heading = f"CATATAN {NIK}"
    line = take(text([[*worker(1), "x"]], [*HEADER, heading]))
    assert heading in line.form["header"]
    with connections["owner"].cursor() as owner:
        owner.execute("select form from reconcile_delivery")
        assert NIK.encode() not in bytes(owner.fetchone()[0])


def test_the_reason_of_a_judgement_rests_sealed_and_is_read_on_the_page():
    put("siskop2mi", {"S1": person(1)})
    put("peduliwni", {"P1": person(1, status="PEKERJA")})
    run_now()
    why = f"ibunya sama, NIK {NIK}"
    with acting(actor("reviewer")):
        pair = Pair.objects.get()
        judge(pair.pk, "same", why)
        assert Judgement.objects.get().reason == why
        assert why in [j.reason for j in see_pair(pair.pk).said]
    with connections["owner"].cursor() as owner:
        owner.execute("select reason from reconcile_judgement")
        assert NIK.encode() not in bytes(owner.fetchone()[0])
