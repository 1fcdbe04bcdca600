"""What was promised and what is: offer, agreement, contract and payslip side by side, and the least that a contract must say.

Nothing here decides: each difference is a code with parameters, whether it is worse for the worker, and whether it came after she
signed (a change without both consenting is against UU 18/2017 article 18; a job other than the contract's is a crime, article 71).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pycountry
from babel.numbers import get_territory_currencies
from rapidfuzz.fuzz import token_sort_ratio

from selaras.engines.addresses import bare, house_number, po_box_only
from selaras.engines.reason import Reason, Unfit

OFFER, AGREEMENT, CONTRACT, ARRIVAL, PAYSLIP = "offer", "placement_agreement", "contract", "arrival", "payslip"
ORDER = (OFFER, AGREEMENT, CONTRACT, ARRIVAL, PAYSLIP)
FIELDS = ("wage", "hours", "job", "employer", "place", "deductions")
A_YEAR: Mapping[str, Decimal] = {"year": Decimal(1), "month": Decimal(12), "week": Decimal(52), "hour": Decimal(52)}
CENT = Decimal("0.01")
SPELLING = 85  # of 100: two spellings of one name rather than two names
EVERYWHERE = ("USD", "EUR")  # paid on ships and by firms of other countries, so no sign of a slip


@dataclass(frozen=True, slots=True)
class Terms:
    """What one document states; None is not stated, an empty list of deductions is stated: nothing."""

    wage: Decimal | None = None
    currency: str = ""
    per: str = "month"
    hours: Decimal | None = None  # a week
    job: str = ""
    employer: str = ""
    place: str = ""
    deductions: Mapping[str, Decimal] | None = None  # item → amount, in the wage's currency

    def __post_init__(self) -> None:
        """Refuse what no paper can mean: a wage per something unknown, hours beyond a week, numbers that are none."""
        if self.per not in A_YEAR:
            raise Unfit("terms.per", per=self.per)
        for name, value in (("wage", self.wage), ("hours", self.hours), *(self.deductions or {}).items()):
            if value is not None and (not value.is_finite() or value < 0):
                raise Unfit("terms.number", field=name)
        if self.hours is not None and self.hours > 168:
            raise Unfit("terms.hours", hours=self.hours)

    def stated(self, name: str) -> Any:
        """Give what is stated in one field, or None."""
        value = getattr(self, name)
        return None if value is None or value == "" else value


@dataclass(frozen=True, slots=True)
class Difference:
    """Two documents differ in one field: is it worse for the worker (None: cannot be ranked), did it come after she signed?"""

    field: str
    earlier: str
    later: str
    reason: Reason
    worse: bool | None
    after_signing: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One field over all documents, in their order, with the differences between neighbours that state it."""

    field: str
    values: tuple[tuple[str, Any], ...]
    differences: tuple[Difference, ...]


def side_by_side(documents: Mapping[str, Terms], rates: Mapping[str, Decimal] | None = None) -> tuple[Row, ...]:
    """Lay documents side by side: for each field what each states, and where one differs from the one before that states it.

    `rates` (worth of one unit in any one currency) allow wages in two currencies to be ranked.
    """
    if strange := sorted(set(documents) - set(ORDER)):
        raise Unfit("document.unknown", kind=strange[0])
    kinds = [kind for kind in ORDER if kind in documents]
    rows = []
    for name in FIELDS:
        stating = [kind for kind in kinds if documents[kind].stated(name) is not None]
        found: list[Difference] = []
        for earlier, later in pairwise(stating):
            after = ORDER.index(later) > ORDER.index(CONTRACT)
            for reason, worse in _compare(name, documents[earlier], documents[later], rates or {}):
                if worse is None and after and name in ("job", "employer", "place") and reason.code.endswith("changed"):
                    worse = True  # not what she signed
                found.append(Difference(name, earlier, later, reason, worse, after))
        rows.append(Row(name, tuple((kind, documents[kind].stated(name)) for kind in kinds), tuple(found)))
    return tuple(rows)


def differences(documents: Mapping[str, Terms], rates: Mapping[str, Decimal] | None = None) -> tuple[Difference, ...]:
    """Give all differences, what is worse for the worker first."""
    found = [one for row in side_by_side(documents, rates) for one in row.differences]
    return tuple(sorted(found, key=lambda one: (one.worse is not True, one.worse is False)))


def _compare(name: str, old: Terms, new: Terms, rates: Mapping[str, Decimal]) -> list[tuple[Reason, bool | None]]:
    if name == "wage":
        return _wage(old, new, rates)
    if name == "deductions":
        return _deductions(old, new, rates)
    before, now = old.stated(name), new.stated(name)
    if name == "hours":
        return [] if before == now else [(Reason("hours.changed", {"before": before, "now": now}), now > before)]
    if name == "job":
        return [] if before == now else [(Reason("job.changed", {"before": before, "now": now}), None)]
    if bare(before) == bare(now):
        return []
    spelling = name == "employer" and _spelling(before, now)
    code = "employer.spelled_otherwise" if spelling else f"{name}.changed"
    return [(Reason(code, {"before": before, "now": now}), None)]


def _spelling(before: str, now: str) -> bool:
    """Two spellings of one employer: nearly the same letters, and the same digits."""
    digits = re.findall(r"\d+", before) == re.findall(r"\d+", now)
    return digits and token_sort_ratio(bare(before), bare(now)) >= SPELLING


def _wage(old: Terms, new: Terms, rates: Mapping[str, Decimal]) -> list[tuple[Reason, bool | None]]:
    if (old.wage, old.currency, old.per) == (new.wage, new.currency, new.per):
        return []
    params = {
        "before": old.wage, "before_currency": old.currency, "before_per": old.per,
        "now": new.wage, "now_currency": new.currency, "now_per": new.per,
    }  # fmt: skip
    before, now = _monthly(old), _monthly(new)
    if before is None or now is None:
        return [(Reason("wage.per_changed", params), None)]
    if old.currency == new.currency:
        if before == now:
            return []
        share = {} if not before else {"percent": ((now - before) / before * 100).quantize(Decimal(1))}
        return [(Reason("wage.changed", params | share), now < before)]
    if not {old.currency, new.currency} <= set(rates):
        return [(Reason("wage.currency_changed", params), None)]
    ahead, behind = now * rates[new.currency], before * rates[old.currency]
    return [(Reason("wage.currency_changed", params), ahead < behind)]


def _monthly(terms: Terms) -> Decimal | None:
    """A wage for a month; an hourly one needs the hours of a week."""
    if terms.wage is None or (terms.per == "hour" and terms.hours is None):
        return None
    hours = terms.hours if terms.per == "hour" and terms.hours is not None else Decimal(1)
    return (terms.wage * hours * A_YEAR[terms.per] / 12).quantize(CENT)


def _deductions(old: Terms, new: Terms, rates: Mapping[str, Decimal]) -> list[tuple[Reason, bool | None]]:
    before, now = old.deductions or {}, new.deductions or {}
    same = old.currency == new.currency
    if not same and not {old.currency, new.currency} <= set(rates):
        worse = True if set(now) - set(before) else None
        return [] if not (before or now) else [(Reason("deduction.currency_changed", {"new": sorted(set(now) - set(before))}), worse)]
    found: list[tuple[Reason, bool | None]] = []
    for item in sorted(set(before) | set(now)):
        was, amount = before.get(item, Decimal(0)), now.get(item, Decimal(0))
        first, second = (was, amount) if same else (was * rates[old.currency], amount * rates[new.currency])
        if first == second:
            continue
        code = "deduction.new" if item not in before else "deduction.gone" if item not in now else "deduction.changed"
        params = {"item": item, "before": was, "now": amount, "currency": new.currency}
        found.append((Reason(code, params), second > first))
    return found


# ---- the least that a contract must say (article 15) ----


@dataclass(frozen=True, slots=True)
class TermFault:
    """One thing wrong with a contract; one that stops must be mended, the other is to be looked at again."""

    term: str
    reason: Reason
    stops: bool


@dataclass(frozen=True, slots=True)
class WageBounds:
    """What a month's pay can be at all, in rupiah, with the worth of each currency in rupiah."""

    low: Decimal
    high: Decimal
    rates: Mapping[str, Decimal] = field(default_factory=dict)


def check_terms(
    required: Sequence[str], stated: Mapping[str, Any], *, addresses: Sequence[str] = ()
) -> tuple[TermFault, ...]:
    """Check a contract: each required term is stated, and the terms named as addresses are more than a post-office box."""
    found = [
        TermFault(term, Reason("term.missing", {"term": term}), True)
        for term in required
        if stated.get(term) is None or not str(stated[term]).strip()
    ]
    missing = {fault.term for fault in found}
    for term in addresses:
        if term not in missing and stated.get(term) is not None:
            found += check_address(term, str(stated[term]))
    return tuple(found)


def check_address(term: str, text: str) -> list[TermFault]:
    """Check one address: a post-office box alone stops; one without any number is to be looked at again."""
    if po_box_only(text):
        return [TermFault(term, Reason("address.po_box_only", {"term": term}), True)]
    return [] if house_number(text) else [TermFault(term, Reason("address.no_number", {"term": term}), False)]


def check_wage(terms: Terms, country: str, day: date, bounds: WageBounds) -> tuple[TermFault, ...]:
    """Check a wage: a known currency, one that is paid in that country on that day, an amount that can be a wage."""
    if terms.wage is None:
        return (TermFault("wage", Reason("term.missing", {"term": "wage"}), True),)
    if terms.wage <= 0:
        return (TermFault("wage", Reason("wage.not_positive"), True),)
    currency = {"currency": terms.currency}
    if pycountry.currencies.get(alpha_3=terms.currency) is None:
        return (TermFault("wage", Reason("wage.currency_unknown", currency), True),)
    found: list[TermFault] = []
    params: dict[str, Any]
    if terms.currency not in (*EVERYWHERE, *_paid_in(country, day)):
        params = {**currency, "country": country}
        found.append(TermFault("wage", Reason("wage.currency_of_elsewhere", params), False))
    rate, monthly = Decimal(1) if terms.currency == "IDR" else bounds.rates.get(terms.currency), _monthly(terms)
    if monthly is None:
        found.append(TermFault("wage", Reason("wage.hours_needed", {"per": terms.per}), True))
    elif rate is None:
        found.append(TermFault("wage", Reason("wage.no_rate", currency), False))
    elif not bounds.low <= monthly * rate <= bounds.high:
        code = "wage.absurdly_low" if monthly * rate < bounds.low else "wage.absurdly_high"
        params = {"monthly": monthly, **currency, "rupiah": (monthly * rate).quantize(Decimal(1)), "low": bounds.low, "high": bounds.high}
        found.append(TermFault("wage", Reason(code, params), True))
    return tuple(found)


def _paid_in(country: str, day: date) -> list[str]:
    """The currencies of a country (two or three letters) on a day."""
    known = pycountry.countries.get(alpha_3=country) if len(country) == 3 else pycountry.countries.get(alpha_2=country)
    if known is None:
        raise Unfit("country.unknown", country=country)
    found: list[str] = get_territory_currencies(known.alpha_2, start_date=day, end_date=day)
    return found
