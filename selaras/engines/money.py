"""What a migration costs, exactly: insurance premiums, the schedule of a placement loan, and its cost in months of pay.

Rupiah are whole numbers and everything adds up to the last one; percentages and rates are fractions or decimals, never floats.
The amounts themselves are law (dated tables) and come in as values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

from selaras.engines.disclosure import Key, Open, open_cells
from selaras.engines.reason import Reason, Unfit

LONGEST = 120  # months of a contract; what is longer is a slip of the pen
CENT = Decimal("0.01")


def whole(value: Fraction) -> int:
    """Round to whole rupiah, a half upwards."""
    return (value + Fraction(1, 2)).__floor__()


def in_rupiah(amount: Decimal, currency: str, rates: Mapping[str, Decimal]) -> Decimal:
    """Give an amount in rupiah, by the worth of one unit of each currency; the rupiah needs no rate."""
    if not amount.is_finite():
        raise Unfit("amount.not_a_number")
    if currency == "IDR":
        return amount
    rate = rates.get(currency)
    if rate is None or not rate.is_finite() or rate <= 0:
        raise Unfit("rate.missing", currency=currency)
    return amount * rate


# ---- insurance ----


@dataclass(frozen=True, slots=True)
class PremiumTable:
    """The premiums of social security in rupiah: before work, for contracts of so many months, for each month beyond."""

    before: int
    steps: Mapping[int, int]
    excess: int

    def __post_init__(self) -> None:
        """Refuse a table without steps or with amounts below nothing."""
        if not self.steps or min(self.before, self.excess, *self.steps, *self.steps.values()) < 0 or 0 in self.steps:
            raise Unfit("premium.table")


@dataclass(frozen=True, slots=True)
class Premium:
    """A premium, part by part; the parts add up to the total."""

    parts: tuple[tuple[Reason, int], ...]
    notes: tuple[Reason, ...] = ()

    @property
    def total(self) -> int:
        """Add the parts up."""
        return sum(amount for _, amount in self.parts)


def _months(months: int) -> int:
    if not 1 <= months <= LONGEST:
        raise Unfit("contract.months", months=months, longest=LONGEST)
    return months


def premium(table: PremiumTable, contract_months: int, *, before_work: bool = True) -> Premium:
    """Give the premium of a contract: the longest step that it fills, and each month beyond that step.

    That reading fits the amounts: the step of 12 months is the step of 6 and six months beyond it, to the rupiah.
    A contract shorter than every step pays the shortest. Whoever placed herself pays no premium before work. Where the next step
    would cost less than the months beyond, a note says so: the rule does not, so it is not applied.
    """
    months = _months(contract_months)
    step = max((length for length in table.steps if length <= months), default=min(table.steps))
    beyond = max(0, months - step)
    parts = [(Reason("premium.before"), table.before)] if before_work else []
    parts.append((Reason("premium.step", {"months": step}), table.steps[step]))
    if beyond:
        parts.append((Reason("premium.excess", {"months": beyond, "each": table.excess}), beyond * table.excess))
    asked = table.steps[step] + beyond * table.excess
    cheaper = [(cost, length) for length, cost in table.steps.items() if length > months and cost < asked]
    notes = tuple(
        Reason("premium.longer_costs_less", {"months": length, "less": asked - cost})
        for cost, length in sorted(cheaper)[:1]
    )  # fmt: skip
    return Premium(tuple(parts), notes)


def premium_of_extension(table: PremiumTable, months: int) -> Premium:
    """Give the premium of an extended contract: each month added costs what a month beyond a step costs."""
    return Premium(
        ((Reason("premium.excess", {"months": _months(months), "each": table.excess}), months * table.excess),)
    )


# ---- the placement loan (KUR) ----


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What the rule sets: the ceiling in rupiah, effective interest a year in percent, months of grace, longest term."""

    ceiling: int
    percent: Decimal
    grace: int
    longest: int


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment, at the end of a month of work; interest that ran before the first payment is paid in equal parts."""

    month: int
    principal: int
    interest: int
    left: int

    @property
    def total(self) -> int:
        """Give what is paid."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole loan: payments in order, and what was assumed where the rule is silent."""

    amount: int
    instalments: tuple[Instalment, ...]
    notes: tuple[Reason, ...] = field(default=())

    @property
    def interest(self) -> int:
        """Give all interest together."""
        return sum(one.interest for one in self.instalments)

    @property
    def paid(self) -> int:
        """Give everything that is paid back."""
        return sum(one.total for one in self.instalments)


def most_instalments(terms: LoanTerms, contract_months: int, months_before: int = 0) -> int:
    """Say how many monthly payments fit between the grace and the end of contract and term; 0 or less: none."""
    return min(_months(contract_months) - 1, terms.longest - months_before) - _first(terms) + 1


def _first(terms: LoanTerms) -> int:
    return max(1, terms.grace)


def loan(
    terms: LoanTerms, amount: int, contract_months: int, *, instalments: int | None = None, months_before: int = 0
) -> Schedule:
    """Lay out a loan: level payments on the declining balance, the first when the months of grace have been worked.

    The last payment falls before the contract ends. `months_before` is how long before work the money was paid out: interest runs
    from then. Interest of the months without payment bears no interest itself (the rule is silent; a note says so).
    """
    if amount <= 0:
        raise Unfit("loan.amount", amount=amount)
    if amount > terms.ceiling:
        raise Unfit("loan.over_ceiling", amount=amount, ceiling=terms.ceiling)
    if not 0 <= months_before <= terms.longest:
        raise Unfit("loan.months_before", months=months_before)
    room = most_instalments(terms, contract_months, months_before)
    if room < 1:
        raise Unfit("loan.contract_too_short", months=contract_months, grace=terms.grace)
    count = room if instalments is None else instalments
    if not 1 <= count <= room:
        raise Unfit("loan.outlives_contract", instalments=count, most=room)
    monthly = Fraction(terms.percent) / 1200
    waiting = _first(terms) - 1 + months_before  # months of interest before the month of the first payment
    carried = whole(amount * monthly * waiting)
    level = _level(amount, monthly, count)
    paid, left, rest = [], amount, carried
    for number in range(1, count + 1):
        running = whole(left * monthly)
        principal = left if number == count else min(left, max(0, level - running))
        part = rest // (count - number + 1)
        left, rest = left - principal, rest - part
        paid.append(Instalment(_first(terms) + number - 1, principal, running + part, left))
    notes = (Reason("loan.carried_interest", {"amount": carried, "months": waiting}),) if carried else ()
    return Schedule(amount, tuple(paid), notes)


def _level(amount: int, monthly: Fraction, count: int) -> int:
    """Give the level payment of principal and running interest, in whole rupiah."""
    if not monthly:
        return whole(Fraction(amount, count))
    return whole(amount * monthly / (1 - 1 / (1 + monthly) ** count))


# ---- months of pay (SDG 10.7.1) ----


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that was paid for: by whom, how much."""

    payer: str
    amount: Decimal
    currency: str = "IDR"


def cost_of(payer: str, costs: Iterable[Cost], rates: Mapping[str, Decimal]) -> Decimal:
    """Add up in rupiah what one payer paid; a cost below nothing is refused."""
    total = Decimal(0)
    for cost in costs:
        if cost.payer != payer:
            continue
        if cost.amount.is_finite() and cost.amount < 0:
            raise Unfit("cost.below_nothing", amount=cost.amount, currency=cost.currency)
        total += in_rupiah(cost.amount, cost.currency, rates)
    return total


def months_of_pay(cost: Decimal, first_wage: Decimal) -> Decimal:
    """Give SDG indicator 10.7.1 for one worker: all that she paid, in months of her first month's wage (both in one currency)."""
    if not (cost.is_finite() and first_wage.is_finite()) or cost < 0:
        raise Unfit("cost.not_a_number")
    if first_wage <= 0:
        raise Unfit("wage.not_positive", wage=first_wage)
    return (cost / first_wage).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Spread:
    """How many workers, and the mean and the middle of their months of pay."""

    workers: int
    mean: Decimal
    median: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """The indicator in one cell: over all workers, and over those who paid anything; None is hidden, or nobody."""

    all: Spread | None
    payers: Spread | None
    hidden: bool
    payers_hidden: bool


def _spread(months: Sequence[Decimal]) -> Spread | None:
    if not months:
        return None
    mean = sum(months, Decimal(0)) / len(months)
    return Spread(len(months), mean.quantize(CENT, ROUND_HALF_UP), median(months).quantize(CENT, ROUND_HALF_UP))


def months_of_pay_by(cells: Mapping[Key, Sequence[Decimal]], least: int) -> dict[Key, Figure]:
    """Give the indicator by two marks (agency and corridor), with totals, where no cell below `least` can be read or computed.

    A cell is hidden for its workers, and also when few of them paid: the mean over all would be theirs. The figure of those who paid is
    hidden besides where few did not, since the two means together tell how many. Totals have None for the mark they run over.
    """
    workers = {key: len(months) for key, months in cells.items()}
    payers = {key: sum(one > 0 for one in months) for key, months in cells.items()}
    everywhere: dict[Key, list[Decimal]] = {}
    for (row, column), months in cells.items():
        for key in ((row, column), (row, None), (None, column), (None, None)):
            everywhere.setdefault(key, []).extend(months)
    paid = {key: sum(one > 0 for one in months) for key, months in everywhere.items()}
    few = {key for key, count in paid.items() if 0 < count < least}
    shown: Open = open_cells(workers, least, also=few)
    unpaid = {key for key, months in everywhere.items() if 0 < len(months) - paid[key] < least}
    shown_payers: Open = open_cells(payers, least, also=unpaid | (set(everywhere) - shown))
    return {
        key: Figure(
            _spread(months) if key in shown else None,
            _spread([one for one in months if one > 0]) if key in shown_payers and key in shown else None,
            key not in shown, key not in shown or (key not in shown_payers and paid[key] > 0),
        )
        for key, months in everywhere.items()
    }  # fmt: skip
