"""Whether a cost may be asked of who paid it, by the law of the day of payment: pure, from the rows of the law."""

import datetime as dt
from dataclasses import dataclass

from selaras.law.load import law

ALLOWED, FORBIDDEN, UNSURE, UNKNOWN = "allowed", "forbidden", "unsure", "unknown"
PAYERS = ("worker", "employer", "agency", "government")
# Jobs that the market and the list of freed jobs name differently.
FREED = {"family_cook": "cook", "plantation_worker": "field_worker"}


@dataclass(frozen=True, slots=True)
class Legality:
    """The answer for one payment: its value, the row and the article on which it rests, and what is not sure about it."""

    value: str
    rule: str = ""
    basis: str = ""
    payers: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""


def legality(item: str, payer: str, *, country: str, job: str, day: dt.date, scheme: str) -> Legality:
    """Say whether a payer may be asked to pay an item: the closest rule decides; one that is unsure decides nothing.

    What no rule names is unknown: nobody reads a permission out of silence.
    """
    rules = law().cost_rules(item, country, FREED.get(job, job), day, scheme)
    if not rules:
        return Legality(UNKNOWN)
    first = rules[0]
    told = (first.id, first.basis, first.payers, first.note, first.note_en)
    if first.unsure:
        return Legality(UNSURE, *told)
    return Legality(ALLOWED if payer in first.payers else FORBIDDEN, *told)
