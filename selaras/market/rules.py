"""What an agency must have on a day: least capital, least deposit, term of a licence; each with its basis."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pycountry

HERE = Path(__file__).parent
CURRENCIES = frozenset(currency.alpha_3 for currency in pycountry.currencies)


@dataclass(frozen=True, slots=True)
class Least:
    """The least amount of rupiah, or the term in years, that holds on some days."""

    id: str
    basis: str
    since: dt.date
    until: dt.date | None = None
    rupiah: int = 0
    years: int = 0


@cache
def _rows() -> tuple[Least, ...]:
    data: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "rules.toml").read_text(encoding="utf-8"))
    return tuple(Least(**row) for table in data.values() for row in table)


def least(what: str, day: dt.date) -> Least:
    """Give the rule of this name that holds on a day; a missing rule is a fault of the table."""
    return next(r for r in _rows() if r.id == what and r.since <= day and (r.until is None or day <= r.until))


def years_later(day: dt.date, years: int) -> dt.date:
    """Give the same day some years later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
