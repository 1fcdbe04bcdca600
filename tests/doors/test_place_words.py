"""Each code that the place room and the market give has its sentence: a page never shows a code."""

import re

import pytest

from selaras.doors.office.contracts import words as contracts
from selaras.doors.office.gate import words as gate
from selaras.doors.office.refusals import SENTENCES
from selaras.engines.contracts import ORDER
from tests.early import ROOT

PLACE = ROOT / "selaras" / "place"


def codes(pattern: str, *paths: str) -> set[str]:
    found = {code for path in paths for code in re.findall(pattern, (ROOT / "selaras" / path).read_text(encoding="utf-8"))}
    assert found, "the pattern finds nothing any more"
    return found


def test_each_reason_of_a_line_has_its_sentence():
    told = codes(r'Told\(\w+(?: if .*? else \w+)?, "([a-z_.]+)"', "place/case.py") | codes(r'Reason\("([a-z_.]+)"', "place/judging.py", "engines/checklist.py")
    told |= codes(r'because\(\w+, "([a-z_]+)"', "place/judging.py") | codes(r'_step\(known\.passed, \w+, "(\w+)", "\w+"\)', "place/case.py")
    told |= codes(r'_step\(known\.passed, \w+, "\w+", "(\w+)"\)', "place/case.py")
    market = ("market/queries/agencies.py", "market/queries/orders.py", "market/queries/countries.py")
    told |= codes(r'"((?:licence|order|permit|country)\.[a-z_]+)"', *market)
    told |= {f"country.{name}" for name in ("stopped", "banned")} | {f"licence.{name}" for name in ("suspended", "revoked")}
    not_lines = {"allow.unmet", "hold.nothing_unmet"}
    assert sorted(told - set(gate.REASONS) - not_lines) == []


@pytest.mark.parametrize(("path", "sentences"), [("gate", gate.REFUSALS), ("appeals", gate.REFUSALS), ("contracts", contracts.REFUSALS), ("costs", contracts.REFUSALS)])
def test_each_refusal_has_its_sentence(path: str, sentences: dict[str, object]):
    told = codes(r'Refused\("([a-z_]+)"', f"place/actions/{path}.py") | codes(r'Refused\("([a-z_]+)"', "people/actions/entrusted.py")
    own = {"unknown_document", "step_unknown", "later_step_done", "journey_over"}  # what no form of the pages can send
    assert sorted(told - set(sentences) - set(SENTENCES) - own) == []


def test_each_fault_and_difference_has_its_sentence():
    told = codes(r'Fault\("\w+", "([a-z_.]+)"', "place/actions/contracts.py", "place/receipts.py")
    told |= {"receipt_without_amount", "amount_missing", "term.no_number", "term.above", "term.below"}
    told |= codes(r'Fault\("\w+", "([a-z_.]+)"\)', "place/actions/costs.py")
    told |= codes(r'Reason\("((?:term|wage|address)\.[a-z_]+)"', "engines/contracts.py") - {"wage.changed", "wage.per_changed", "wage.currency_changed"}
    assert sorted(told - set(contracts.FAULTS)) == []
    differ = codes(r'"((?:wage|hours|job|employer|place|deduction)\.(?:\w*changed|new|gone|spelled_otherwise))"', "engines/contracts.py")
    assert sorted(differ | {"employer.changed", "place.changed"}) == sorted(set(contracts.DIFFERENCES))
    assert set(ORDER) == set(contracts.DOCUMENTS)
