"""Every reason code is produced by some pair of rows."""

import numpy as np
import pytest

from selaras.engines.linkage import REASON_CODES, link, reasons, register
from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.comparing import compare, levels_of
from tests.engines.linkage.people import persons, rows_of, table

BASE = {
    "nik": "3212044505900011", "name": "SITI RATNASARI", "birth_date": "1990-05-25", "sex": "P", "birth_place": "INDRAMAYU",
    "mother": "SUKINEM", "passport": "B1234568", "phone": "081234567891", "regency": "INDRAMAYU", "village": "SUKAMAJU",
    "country": "TAIWAN", "event_date": "2020-01-01",
}  # fmt: skip
SHARED = "081111222233"
# (left row, right row, code that the pair must give); fields not named are those of BASE.
EXAMPLES = [
    ({"nik": None}, {}, "nik.missing"),
    ({}, {}, "nik.equal"),
    ({"nik": "3212044505900019"}, {"nik": "3212044505900010"}, "nik.equal_but_last_digit"),
    ({}, {"nik": "3212044506900011"}, "nik.one_digit"),
    ({}, {"nik": "3213044505900011"}, "nik.one_digit_of_region"),
    ({}, {"nik": "3212044505900012"}, "nik.same_region_birth_other_serial"),
    ({}, {"nik": "3502124505900031"}, "nik.same_birth_other_region"),
    ({}, {"nik": "3502120101700031"}, "nik.different_doubtful"),
    (
        {"nik": "3212046505900011"},
        {"nik": "3502124101700031", "birth_date": "1970-01-01"},
        "nik.different",
    ),
    ({}, {"name": "🙂"}, "name.missing"),
    ({}, {"name": "RATNASARI SITI"}, "name.equal"),
    ({"name": "SITI FATIMAH"}, {"name": "SITI PATIMA"}, "name.phonetic"),
    ({}, {"name": "SITI RATNASORP"}, "name.typing"),
    ({"name": "SITI RATNASARI BUDIMAN"}, {}, "name.part_two"),
    ({}, {"name": "RATNASARI"}, "name.part_one"),
    ({}, {"name": "SITI R"}, "name.initial"),
    ({}, {"name": "SITI KUMALA"}, "name.some_words"),
    ({}, {"name": "BAGUS HARTONO"}, "name.different"),
    ({}, {"name": "BAGUS HARTONO"}, "rarity.none"),
    ({}, {}, "rarity.whole"),
    ({}, {"name": "RATNASARI"}, "rarity.words"),
    ({}, {"birth_date": None, "nik": None}, "birth.missing"),
    ({}, {}, "birth.equal"),
    ({"birth_date": "1990-01-01"}, {"birth_date": "1990-01-01"}, "birth.equal_common"),
    ({"birth_date": "1990-05-12"}, {"birth_date": "1990-12-05"}, "birth.swapped_day_month"),
    ({"nik": "3212046505900011", "birth_date": "1980-01-07"}, {"nik": None}, "birth.in_nik"),
    ({}, {"birth_date": "1990-05-24"}, "birth.other_day"),
    ({}, {"birth_date": "1990-07-25"}, "birth.other_month"),
    ({}, {"birth_date": "1985-05-25"}, "birth.other_year"),
    ({}, {"birth_date": "1990-01-01"}, "birth.first_january"),
    ({}, {"birth_date": "1990-11-03"}, "birth.same_year"),
    ({}, {"birth_date": "1991-11-03"}, "birth.near"),
    ({}, {"birth_date": "1971-11-03"}, "birth.different"),
    ({}, {"passport": None}, "passport.missing"),
    ({}, {}, "passport.equal"),
    ({}, {"passport": "B1234508"}, "passport.one_character"),
    ({}, {"passport": "E7654320", "event_date": "2026-01-01"}, "passport.renewed"),
    ({}, {"passport": "E7654320"}, "passport.different"),
    ({}, {"sex": None, "nik": None}, "sex.missing"),
    ({}, {}, "sex.equal"),
    ({}, {"sex": "L"}, "sex.different"),
    ({}, {"birth_place": "JAWA BARAT"}, "birth_place.missing"),
    ({}, {}, "birth_place.equal"),
    ({}, {"birth_place": "INDRAMYAU"}, "birth_place.similar"),
    ({}, {"birth_place": "SUKAMAJU"}, "birth_place.is_home"),
    ({"birth_place": "CILACAP"}, {"birth_place": "PONOROGO"}, "birth_place.different"),
    ({}, {"regency": None}, "home.missing"),
    ({}, {}, "home.equal"),
    ({}, {"regency": "INDRAMAYO"}, "home.similar"),
    ({}, {"regency": "PONOROGO"}, "home.different"),
    ({}, {"village": None}, "village.missing"),
    ({}, {}, "village.equal"),
    ({}, {"village": "SUKAMAJO"}, "village.similar"),
    ({}, {"village": "TEGALREJO"}, "village.different"),
    ({}, {"mother": None}, "mother.missing"),
    ({"mother": "WARSINAH"}, {"mother": "WARSINAH"}, "mother.equal_rare"),
    ({"mother": "PARTINEM"}, {"mother": "PARTINEM"}, "mother.equal_common"),
    ({}, {"mother": "SUKINEB"}, "mother.similar"),
    ({"mother": "SITI SUKINEM"}, {}, "mother.part"),
    ({"mother": "SITI SUKINEM"}, {"mother": "SITI KUMALA"}, "mother.some_words"),
    ({}, {"mother": "KUMALA"}, "mother.different"),
    ({}, {"phone": None}, "phone.missing"),
    ({}, {}, "phone.equal"),
    ({"phone": SHARED}, {"phone": SHARED}, "phone.equal_shared"),
    ({}, {"phone": "089876543210"}, "phone.different"),
    ({}, {"country": None}, "country.missing"),
    ({"country": "FIJI"}, {"country": "FIJI"}, "country.equal_rare"),
    ({"country": "TAIWAN"}, {"country": "TAIWAN"}, "country.equal_usual"),
    ({}, {"country": "JEPANG"}, "country.different"),
    ({}, {}, "kin.none"),
    ({}, {"name": "BAGUS HARTONO", "birth_date": "1971-11-03"}, "kin.family_other_name"),
    ({}, {"name": "BAGUS HARTONO"}, "kin.twin_other_name"),
]


def _background():
    """Rows that make some names, phones and dates common and most rare."""
    rows = [r for p in persons(400, 11) for r in rows_of(p, "S", 11)]
    for at, row in enumerate(rows[:40]):
        row["mother"], row["phone"] = "PARTINEM", SHARED
        row["name"] = f"SITI RATNASARI {row['name']}" if at % 10 == 0 else row["name"]
    return rows


def _codes_of(pair):
    left, right = ({**BASE, **side, "row_id": at} for side, at in zip(pair, "AB", strict=True))
    c = encode([register(table([left, right, *_background()]), "s")])
    levels = levels_of(compare(c, np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)))[0]
    row = {comparison.name: int(level) for comparison, level in zip((lv.NIK, *lv.COMPARISONS), levels, strict=True)}
    return {reason.code for reason in reasons(row)}


@pytest.mark.parametrize(("left", "right", "code"), EXAMPLES)
def test_a_pair_gives_its_reason(left, right, code):
    assert code in _codes_of((left, right))


def test_every_code_has_an_example():
    assert {code for _, _, code in EXAMPLES} | {"pair.start"} == set(REASON_CODES)


def test_the_start_of_a_pair_is_said_too():
    rows = [BASE | {"row_id": "A"}, BASE | {"row_id": "B"}]
    linkage = link([register(table(rows), "s")])
    said = reasons(linkage.pairs.row(0, named=True), linkage.model)
    assert "pair.start" in {reason.code for reason in said}
    assert said[0].weight == max(reason.weight for reason in said)
