"""The cost ledger: what is taken and what is refused, what the law says of it, months of pay for one and over many."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.place.actions.costs import add_cost, take_back_cost
from selaras.place.legality import legality
from selaras.place.models import Cost, Document
from selaras.place.queries.costs import open_receipt, see_costs, see_months_of_pay
from tests.cast import actor
from tests.place.standing import journey_of, woman
from tests.place.test_contracts import on_her_way, stated, wrote

pytestmark = pytest.mark.usefixtures("committed")

PHOTO = b"\xff\xd8\xff\xe0 kuitansi yang dibuat-buat"
VOICE = b"OggS\x00 suara yang dibuat-buat"


def paid(journey: UUID, who: str = "bp3mi", **changes: Any) -> Any:
    blank = {"item": "passport", "payer": "worker", "amount": Decimal(350000), "currency": "IDR", "paid_on": timezone.localdate()}
    with acting(actor(who)):
        return add_cost(journey_id=journey, **(blank | changes))


@pytest.mark.parametrize(("receipt", "ending"), [(PHOTO, "jpg"), (VOICE, "ogg"), (b"\x00\x00\x00\x18ftypM4A suara", "m4a")])
def test_a_receipt_may_be_a_photograph_or_a_voice_note(receipt: bytes, ending: str):
    journey = on_her_way()
    cost = paid(journey, receipt=Scan([receipt], "bukti"))
    with acting(actor("bp3mi")):
        opened = open_receipt(cost.cost_id)
        assert (opened.name, b"".join(opened.parts)) == (f"passport.{ending}", receipt)
        assert see_costs(journey).lines[0].receipt == ending
    with acting(actor("desk")), pytest.raises(NotThere):
        open_receipt(cost.cost_id)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"amount": None, "receipt": Scan([PHOTO], "x")}, ("amount", "receipt_without_amount")),
        ({"amount": None}, ("amount", "amount_missing")), ({"amount": Decimal(0)}, ("amount", "amount_not_positive")),
        ({"amount": Decimal(-5)}, ("amount", "amount_not_positive")), ({"amount": Decimal("NaN")}, ("amount", "amount_not_positive")),
        ({"amount": Decimal(10) ** 10}, ("amount", "amount_absurd")), ({"currency": "IDX"}, ("currency", "unknown_currency")),
        ({"paid_on": date(2099, 1, 1)}, ("paid_on", "day_to_come")), ({"item": "bribe"}, ("item", "unknown_item")),
        ({"payer": "neighbour"}, ("payer", "unknown_payer")), ({"receipt": Scan([b"MZ"], "x.exe")}, ("receipt", "receipt_kind")),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(changes: dict[str, Any], fault: tuple[str, str]):
    with pytest.raises(Unfit) as unfit:
        paid(on_her_way(), **changes)
    assert [(f.field, f.code) for f in unfit.value.faults] == [fault]
    with acting(actor("reviewer")):
        assert Cost.objects.count() == 0


def test_a_double_click_pays_once_and_a_wrong_payment_is_taken_back_with_a_reason():
    journey = on_her_way()
    first, again = paid(journey, once="k"), paid(journey, once="k")
    assert (again.again, again.cost_id) == (True, first.cost_id)
    with acting(actor("bp3mi")):
        take_back_cost(cost_id=first.cost_id, words="Salah ketik")
        with pytest.raises(Refused) as twice:
            take_back_cost(cost_id=first.cost_id, words="Salah ketik")
        page = see_costs(journey)
    assert twice.value.code == "taken_back_already"
    assert [(line.taken_back_words, page.by_worker) for line in page.lines] == [("Salah ketik", Decimal(0))]


def test_what_may_be_asked_depends_on_item_job_country_and_day():
    told = {"country": "MYS", "job": "family_cook", "day": date(2026, 6, 1), "scheme": "p_to_p"}
    assert legality("visa", "worker", **told).value == "forbidden"
    assert legality("visa", "employer", **told).value == "allowed"
    assert legality("training", "government", **told).value == "allowed"
    assert legality("visa", "worker", **(told | {"country": "TWN"})).value == "unsure", "disputed for Taiwan: shown, decides nothing"
    assert legality("visa", "worker", **(told | {"job": "welder", "day": date(2018, 1, 1)})).value == "unknown", "silence is no permission"
    assert legality("visa", "worker", **told).basis.startswith("PERBAN9_20")


def test_months_of_pay_counts_what_the_worker_paid_in_months_of_her_first_wage():
    journey = on_her_way(abroad=True)
    wrote(journey, "contract", stated(wage=Decimal(30000)))
    paid(journey, amount=Decimal(7_800_000))
    paid(journey, amount=Decimal(1000), currency="TWD", item="health")
    paid(journey, amount=Decimal(9_000_000), payer="employer", item="visa")
    with acting(actor("bp3mi")):
        assert (see_costs(journey).by_worker, see_costs(journey).months) == (Decimal(8_320_000), Decimal("0.53"))
    wrote(journey, "payslip", stated(wage=Decimal(16000), terms={}), "taipei")
    with acting(actor("bp3mi")):
        assert see_costs(journey).months == Decimal("1.00"), "the first payslip counts before the contract"


def test_over_agencies_small_cells_are_hidden_with_and_without_those_who_paid_nothing():
    with acting(actor("reviewer")):
        for n in range(75):
            journey = journey_of(woman(), "p_to_p", timezone.localdate() - timedelta(90), agency=("kecil", "satu", "dua", "tiga")[(n + 21) // 24])
            told = {"journey": journey, "person_id": journey.person_id, "by": "t", "by_name": "t", "at": timezone.now()}
            Document.objects.create(kind="contract", version=1, wage=Decimal(10000), currency="TWD", **told)
            if n % 2:
                spent = {"item": "visa", "payer": "worker", "amount": Decimal(5_200_000), "currency": "IDR"}
                Cost.objects.create(paid_on=timezone.localdate(), **spent, **told)
        lines = {(line.agency, line.country): line.figure for line in see_months_of_pay()}
    assert lines["kecil", "TWN"].hidden and lines["kecil", "TWN"].all is None, "three workers"
    shown = [lines[agency, "TWN"] for agency in ("satu", "dua", "tiga") if not lines[agency, "TWN"].hidden]
    assert len(shown) == 2, "one more is hidden, else the small one could be computed from the total"
    for figure in shown:
        assert figure.all is not None and (figure.all.workers, figure.all.mean) == (24, Decimal("0.50"))
        assert figure.payers is not None and (figure.payers.workers, figure.payers.mean) == (12, Decimal("1.00"))
    with acting(actor("desk")), pytest.raises(Refused):
        see_months_of_pay()
