"""Money adds up to the last rupiah: premiums, the loan's schedule, months of pay."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.money import (
    Cost,
    LoanTerms,
    PremiumTable,
    cost_of,
    loan,
    months_of_pay,
    months_of_pay_by,
    most_instalments,
    premium,
    premium_of_extension,
)
from selaras.engines.reason import Unfit

D = Decimal
BPJS = PremiumTable(37_500, {24: 332_500, 12: 189_000, 6: 108_000}, 13_500)
KUR = LoanTerms(100_000_000, D(6), 6, 36)


def code_of(call):
    with pytest.raises(Unfit) as refused:
        call()
    return refused.value.reason.code


@pytest.mark.parametrize(
    ("months", "total"),
    [(24, 370_000), (12, 226_500), (6, 145_500), (3, 145_500), (8, 172_500), (36, 532_000), (18, 307_500)],
)
def test_premium_of_a_contract(months, total):
    assert premium(BPJS, months).total == total
    assert premium(BPJS, months, before_work=False).total == total - 37_500


def test_premium_names_its_parts_and_where_a_longer_step_would_cost_less():
    found = premium(BPJS, 23)
    assert [(reason.code, amount) for reason, amount in found.parts] == [
        ("premium.before", 37_500), ("premium.step", 189_000), ("premium.excess", 148_500),
    ]  # fmt: skip
    assert found.notes[0].params == {"months": 24, "less": 5_000}
    assert premium(BPJS, 22).notes == ()
    assert premium_of_extension(BPJS, 12).total == 162_000


@given(st.integers(1, 119))
def test_a_longer_contract_never_has_a_lower_premium_but_where_the_note_says_so(months):
    now, longer = premium(BPJS, months), premium(BPJS, months + 1)
    assert longer.total > now.total or now.notes or months + 1 <= min(BPJS.steps)


def test_premiums_that_cannot_be():
    assert code_of(lambda: premium(BPJS, 0)) == code_of(lambda: premium_of_extension(BPJS, 121)) == "contract.months"
    assert code_of(lambda: PremiumTable(0, {}, 0)) == code_of(lambda: PremiumTable(-1, {6: 1}, 0)) == "premium.table"


def test_the_loan_of_a_usual_contract():
    found = loan(KUR, 18_000_000, 24)
    assert [one.month for one in found.instalments] == list(range(6, 24)), "after six months of work, before the last ends"
    assert found.notes[0].params == {"amount": 450_000, "months": 5}
    assert found.instalments[0].interest == 90_000 + 25_000, "half a percent of the balance, and a part of what was carried"
    assert found.paid == 18_000_000 + found.interest
    assert found.instalments[-1].left == 0
    running = sum(one.interest for one in found.instalments) - 450_000
    assert abs(running - _obvious_interest(18_000_000, 18)) <= 18


def _obvious_interest(amount, count):
    """Interest of level payments, in exact fractions and never rounded."""
    rate = Fraction(1, 200)
    level = amount * rate / (1 - 1 / (1 + rate) ** count)
    return level * count - amount


@given(st.integers(100_000, 100_000_000), st.integers(7, 60), st.integers(0, 6), st.data())
def test_each_loan_adds_up(amount, months, before, data):
    room = most_instalments(KUR, months, before)
    count = data.draw(st.integers(1, room))
    found = loan(KUR, amount, months, instalments=count, months_before=before)
    assert sum(one.principal for one in found.instalments) == amount
    assert sum(one.total for one in found.instalments) == found.paid == amount + found.interest
    assert all(one.principal >= 0 and one.interest >= 0 for one in found.instalments)
    lefts = [amount, *(one.left for one in found.instalments)]
    assert lefts[-1] == 0 and all(old - one.principal == one.left for old, one in zip(lefts, found.instalments, strict=False))
    assert found.instalments[0].month == KUR.grace and found.instalments[-1].month < months
    assert found.instalments[-1].month + before <= KUR.longest
    level = [one.total for one in found.instalments[:-1]]
    assert not level or max(level) - min(level) <= 1, "all but the last payment are level, to a rupiah of carried interest"
    assert not level or abs(found.instalments[-1].total - level[0]) <= 2 * count + 2


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: loan(KUR, 100_000_001, 24), "loan.over_ceiling"),
        (lambda: loan(KUR, 0, 24), "loan.amount"),
        (lambda: loan(KUR, 10, 6), "loan.contract_too_short"),
        (lambda: loan(KUR, 10, 24, instalments=19), "loan.outlives_contract"),
        (lambda: loan(KUR, 10, 24, months_before=40), "loan.months_before"),
        (lambda: loan(KUR, 10, 24, months_before=33), "loan.contract_too_short"),
    ],
)
def test_loans_that_cannot_be(call, code):
    assert code_of(call) == code


def test_a_loan_without_interest_or_grace():
    found = loan(LoanTerms(1000, D(0), 0, 36), 1000, 4)
    assert [(one.month, one.total) for one in found.instalments] == [(1, 333), (2, 333), (3, 334)]
    assert found.notes == ()


def test_months_of_pay_of_one_worker():
    costs = [Cost("worker", D(5_100_000)), Cost("employer", D(9_000_000)), Cost("worker", D(10000), "TWD")]
    paid = cost_of("worker", costs, {"TWD": D(510)})
    assert paid == D(10_200_000)
    assert months_of_pay(paid, D(20000) * 510) == D("1.00")
    assert months_of_pay(D(0), D(1)) == 0
    assert code_of(lambda: months_of_pay(D(1), D(0))) == "wage.not_positive"
    assert code_of(lambda: months_of_pay(D("NaN"), D(1))) == "cost.not_a_number"
    assert code_of(lambda: cost_of("worker", costs, {})) == "rate.missing"
    assert code_of(lambda: cost_of("worker", [Cost("worker", D(-1))], {})) == "cost.below_nothing"
    assert code_of(lambda: cost_of("worker", [Cost("worker", D("NaN"))], {})) == "amount.not_a_number"


def test_months_of_pay_by_agency_and_corridor():
    cells = {
        ("a", "TWN"): [D(2)] * 6 + [D(0)] * 6,
        ("a", "HKG"): [D(4)] * 8,
        ("b", "TWN"): [D(1)] * 2,
        ("b", "HKG"): [D(1)] * 9,
    }
    found = months_of_pay_by(cells, 5)
    assert found["b", "TWN"].hidden and found["b", "TWN"].all is None
    assert all(found[key].hidden for key in cells), "two by two: one small cell hides its ring"
    assert (found[None, None].all.workers, found[None, None].all.mean) == (31, D("1.77"))
    assert (found[None, None].payers.workers, found[None, None].payers.mean) == (25, D("2.20"))
    assert (found["a", None].all.median, found["a", None].payers.median) == (D("2.00"), D("4.00"))
    del cells["b", "TWN"]
    found = months_of_pay_by(cells, 5)
    assert (found["a", "TWN"].all.mean, found["a", "TWN"].payers.mean) == (D("1.00"), D("2.00"))
    assert not any(figure.hidden for figure in found.values())


months = st.one_of(st.just(D(0)), st.decimals("0.01", 30, places=2))


@settings(max_examples=60)
@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.lists(months, min_size=1, max_size=14), min_size=1))
def test_no_figure_is_about_fewer_than_the_least(cells):
    found = months_of_pay_by(cells, 5)
    for (row, column), figure in found.items():
        workers = [one for (r, c), many in cells.items() for one in many if row in (None, r) and column in (None, c)]
        payers = [one for one in workers if one > 0]
        if figure.all:
            assert figure.all.workers == len(workers) >= 5 and (not payers or len(payers) >= 5)
        if figure.payers:
            assert figure.payers.workers == len(payers) >= 5
            assert len(workers) == len(payers) or len(workers) - len(payers) >= 5
        assert figure.hidden is (figure.all is None)
