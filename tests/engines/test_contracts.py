"""What was promised and what is; and the least that a contract must say."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.addresses import has_po_box, house_number, po_box_only
from selaras.engines.contracts import (
    ORDER,
    Terms,
    WageBounds,
    check_terms,
    check_wage,
    differences,
    side_by_side,
)
from selaras.engines.reason import Unfit

D = Decimal
GOOD = Terms(D(20000), "TWD", "month", D(48), "9111", "PT Sinar Mei Ltd.", "TWN, Taipei", {"lodging": D(2500)})
DAY = date(2026, 11, 22)
BOUNDS = WageBounds(D(500_000), D(500_000_000), {"TWD": D(510), "USD": D(16500), "PLN": D(4500)})


def changed(**fields):
    values = {name: getattr(GOOD, name) for name in Terms.__slots__}
    return Terms(**values | fields)


@pytest.mark.parametrize(
    ("fields", "code", "worse"),
    [
        ({"wage": D(17000)}, "wage.changed", True),
        ({"wage": D(21000)}, "wage.changed", False),
        ({"wage": D(240000), "per": "year"}, None, None),
        ({"wage": D(600), "currency": "USD"}, "wage.currency_changed", True),
        ({"wage": D(700), "currency": "USD"}, "wage.currency_changed", False),
        ({"wage": D(700), "currency": "XXX"}, "wage.currency_changed", None),
        ({"wage": D(120), "per": "hour", "hours": None}, "wage.per_changed", None),
        ({"hours": D(60)}, "hours.changed", True),
        ({"hours": D(40)}, "hours.changed", False),
        ({"job": "5311"}, "job.changed", True),
        ({"employer": "SINAR MEI"}, None, None),
        ({"employer": "Sinar Mey"}, "employer.spelled_otherwise", None),
        ({"employer": "Another House"}, "employer.changed", True),
        ({"place": "TWN, Kaohsiung"}, "place.changed", True),
        ({"place": "twn taipei"}, None, None),
        ({"deductions": {"lodging": D(2500), "agency fee": D(1800)}}, "deduction.new", True),
        ({"deductions": {"lodging": D(3000)}}, "deduction.changed", True),
        ({"deductions": {}}, "deduction.gone", False),
        ({"deductions": None, "hours": None, "place": ""}, None, None),
    ],
)
def test_what_the_payslip_shows_beside_the_contract(fields, code, worse):
    rates = {"TWD": D(510), "USD": D(16500)}
    found = [one for one in differences({"contract": GOOD, "payslip": changed(**fields)}, rates) if one.field != "deductions" or "deductions" in fields]
    assert [one.reason.code for one in found] == ([code] if code else [])
    if code:
        assert (found[0].worse, found[0].after_signing) == (worse, True)


def test_each_document_is_compared_with_the_one_before_that_states_it():
    offer, silent = changed(wage=D(22000)), changed(wage=None)
    rows = side_by_side({"payslip": GOOD, "offer": offer, "placement_agreement": silent, "contract": GOOD})
    wage = rows[0]
    assert [kind for kind, _ in wage.values] == ["offer", "placement_agreement", "contract", "payslip"]
    assert [(one.earlier, one.later, one.after_signing) for one in wage.differences] == [("offer", "contract", False)]
    assert wage.differences[0].reason.params["percent"] == D(-9)


def test_another_job_before_signing_is_shown_without_a_rank():
    (found,) = differences({"offer": GOOD, "contract": changed(job="5311")})
    assert (found.reason.code, found.worse, found.after_signing) == ("job.changed", None, False)


terms = st.builds(
    Terms,
    wage=st.none() | st.decimals(0, 10**9, places=2), currency=st.sampled_from(["TWD", "HKD", "USD"]),
    per=st.sampled_from(["year", "month", "week", "hour"]), hours=st.none() | st.decimals(0, 168, places=1),
    job=st.sampled_from(["", "9111", "5311"]), employer=st.text(max_size=12), place=st.text(max_size=12),
    deductions=st.none() | st.dictionaries(st.sampled_from("abc"), st.decimals(0, 9999, places=2)),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(ORDER), terms))
def test_any_documents_can_be_laid_side_by_side(documents):
    found = differences(documents, {"TWD": D(510)})
    assert all(ORDER.index(one.earlier) < ORDER.index(one.later) for one in found)
    worse = [one.worse for one in found]
    assert worse == sorted(worse, key=lambda w: (w is not True, w is False)), "what is worse comes first"


@given(terms)
def test_two_equal_documents_have_no_difference(one):
    assert differences({"offer": one, "contract": one}) == ()


def test_terms_that_no_paper_can_mean_are_refused():
    for wrong in (
        {"wage": D("NaN")}, {"wage": D(-1)}, {"hours": D(169)}, {"per": "moon"}, {"deductions": {"a": D("Infinity")}},
    ):  # fmt: skip
        with pytest.raises(Unfit):
            changed(**wrong)
    with pytest.raises(Unfit):
        side_by_side({"letter": GOOD})


BOXES = [
    "P.O. Box 12345, Riyadh 11564, Saudi Arabia", "PO BOX 77 Doha", "POBox123, Dubai", "p o box no. 5 Al Khobar",
    "Post Office Box 9, Manama", "G.P.O. Box 1234, Hong Kong", "P.O.B. 33 Amman", "Private Bag 12, Port Louis", "Locked Bag 7 Sydney",
    "Kotak Pos 123 Jakarta 10000", "Tromol Pos 4/JKT", "Peti Surat 88, 50000 Kuala Lumpur", "B.P. 1044 Casablanca", "Boîte postale 12, Alger",
    "Apartado Postal 5, Panamá", "Caixa Postal 9 Lisboa", "Casella Postale 3, Roma", "Postfach 10 20 30, Berlin", "Postbus 11, Den Haag",
    "Skrytka pocztowa 7, Warszawa", "Posta Kutusu 55, İstanbul", "P.K. 12 Ankara", "ص.ب. 1234 الرياض 11564", "ص ب ١٢٣٤، الدوحة",
    "صندوق بريد ٥٦٧ الكويت", "صندوق البريد 8، جدة", "台北郵政第12-34號信箱", "桃園郵局第118號信箱", "郵政信箱 123 號 高雄", "広州市邮政信箱 55",
    "東京都千代田区 銀座支店 私書箱12号", "서울 광화문 우체국 사서함 123호", "ตู้ ปณ. 12 กรุงเทพ", "PO Box Riyadh",
]  # fmt: skip
PLACES = [
    "King Fahd Road 120, P.O. Box 12345, Riyadh", "Flat 3B, 12/F, Lucky Building, 8 Nathan Road, Kowloon (GPO Box 12)",
    "Jl. Merdeka No. 5, Kotak Pos 12, Jakarta", "12 Baker St, PO Box 9, London", "Villa 7, Zone 45, PO Box 3, Doha",
    "شارع الملك فهد ١٢٠، ص.ب ١٢٣٤، الرياض", "台北市中正區忠孝西路一段49號 郵政信箱 5 號", "Hauptstraße 5, Postfach 3, Berlin",
    "서울 종로구 세종대로 12, 사서함 5호", "ul. Długa 5, skrytka pocztowa 7, Gdańsk", "Atatürk Caddesi 9, P.K. 12, Ankara",
]  # fmt: skip
PLAIN = ["Jalan Sudirman 1, Jakarta", "Kampung Baru, Johor", "3-5-1 Minato, Tokyo", "Villa Rosa, BP Batam", "Boxberg 7, Sachsen", "Posposan RT 3 RW 4"]


@pytest.mark.parametrize("text", BOXES)
def test_a_box_alone_is_no_address(text):
    assert po_box_only(text) and has_po_box(text)


@pytest.mark.parametrize("text", PLACES)
def test_a_box_beside_a_street_is_an_address(text):
    assert has_po_box(text) and not po_box_only(text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_place_is_no_box(text):
    assert not has_po_box(text) and not po_box_only(text)


@given(st.text())
def test_any_text_can_be_read_as_an_address(text):
    assert not (po_box_only(text) and not has_po_box(text))
    assert house_number(text) in (True, False)


def test_what_article_15_asks_for():
    required = ("employer_name", "employer_address", "job", "wage")
    stated = {"employer_name": "  ", "employer_address": "PO Box 5, Doha", "job": "carer", "wage": D(1500)}
    found = check_terms(required, stated, addresses=["employer_address"])
    assert [(fault.term, fault.reason.code, fault.stops) for fault in found] == [
        ("employer_name", "term.missing", True), ("employer_address", "address.po_box_only", True),
    ]  # fmt: skip
    (soft,) = check_terms(required[1:], stated | {"employer_address": "Kampung Baru"}, addresses=["employer_address"])
    assert (soft.reason.code, soft.stops) == ("address.no_number", False)
    (gone,) = check_terms(("employer_address",), {}, addresses=["employer_address"])
    assert gone.reason.code == "term.missing"


@pytest.mark.parametrize(
    ("wage", "currency", "per", "codes"),
    [
        (D(20000), "TWD", "month", []),
        (D(700), "USD", "month", []),
        (D(2), "USD", "month", ["wage.absurdly_low"]),
        (D(20_000_000), "TWD", "month", ["wage.absurdly_high"]),
        (D(2000), "PLN", "month", ["wage.currency_of_elsewhere"]),
        (D(20000), "TVD", "month", ["wage.currency_unknown"]),
        (D(20000), "", "month", ["wage.currency_unknown"]),
        (D(0), "TWD", "month", ["wage.not_positive"]),
        (None, "TWD", "month", ["term.missing"]),
        (D(20000), "JPY", "month", ["wage.currency_of_elsewhere", "wage.no_rate"]),
        (D(200), "TWD", "hour", []),
    ],
)
def test_a_wage_that_cannot_be_one(wage, currency, per, codes):
    found = check_wage(changed(wage=wage, currency=currency, per=per), "TWN", DAY, BOUNDS)
    assert [fault.reason.code for fault in found] == codes


def test_an_hourly_wage_needs_hours_and_a_country_must_be_known():
    (found,) = check_wage(changed(wage=D(200), per="hour", hours=None), "TWN", DAY, BOUNDS)
    assert found.reason.code == "wage.hours_needed"
    with pytest.raises(Unfit):
        check_wage(GOOD, "ZZZ", DAY, BOUNDS)
