"""The table of small comparisons: every level with its reason code and the weight it has before anything is learnt.

The starting weights are round log-odds from general experience of register linkage (a shared number is strong, a
shared sex is nothing); data pull them away from there, and where there is no data they stand.
"""

from dataclasses import dataclass

NAME_MISSING, NAME_EQUAL, NAME_PHONETIC, NAME_TYPING, NAME_PART_TWO, NAME_PART_ONE = range(6)
NAME_INITIAL, NAME_SOME_WORDS, NAME_DIFFERENT = range(6, 9)
BIRTH_MISSING, BIRTH_EQUAL, BIRTH_EQUAL_COMMON, BIRTH_SWAPPED, BIRTH_IN_NIK = range(5)
BIRTH_OTHER_DAY, BIRTH_OTHER_MONTH, BIRTH_OTHER_YEAR, BIRTH_FIRST_JANUARY = range(5, 9)
BIRTH_SAME_YEAR, BIRTH_NEAR, BIRTH_DIFFERENT = range(9, 12)
NIK_MISSING, NIK_EQUAL, NIK_LAST_DIGIT, NIK_ONE_DIGIT, NIK_OTHER_SERIAL = range(5)
PASSPORT_MISSING, PASSPORT_EQUAL, PASSPORT_SLIP = range(3)
NIK_REGION_SLIP, NIK_OTHER_REGION, NIK_DOUBTFUL, NIK_DIFFERENT = range(5, 9)


@dataclass(frozen=True)
class Comparison:
    """One comparison: its name and its levels as (reason code, starting weight in natural log-odds)."""

    name: str
    levels: tuple[tuple[str, float], ...]


NIK = Comparison(
    "nik",
    (
        ("nik.missing", 0.0),
        ("nik.equal", 7.0),
        ("nik.equal_but_last_digit", 5.0),
        ("nik.one_digit", 1.5),
        ("nik.same_region_birth_other_serial", -2.0),
        ("nik.one_digit_of_region", -0.5),
        ("nik.same_birth_other_region", -2.0),
        ("nik.different_doubtful", -2.5),
        ("nik.different", -4.5),
    ),
)
COMPARISONS = (
    Comparison(
        "name",
        (
            ("name.missing", -1.0),
            ("name.equal", 2.5),
            ("name.phonetic", 2.0),
            ("name.typing", 1.5),
            ("name.part_two", 1.5),
            ("name.part_one", 0.5),
            ("name.initial", 1.0),
            ("name.some_words", -2.5),
            ("name.different", -5.0),
        ),
    ),
    Comparison(
        "rarity",
        (
            ("rarity.none", 0.0),
            *((f"rarity.whole_{k}", w) for k, w in enumerate((-3.5, -2.0, -1.0, 0.0, 0.5, 1.0), 1)),
            *((f"rarity.words_{k}", w) for k, w in enumerate((-3.0, -1.5, -0.5, 0.5, 1.0, 1.5), 1)),
        ),
    ),
    Comparison(
        "birth",
        (
            ("birth.missing", 0.0),
            ("birth.equal", 3.0),
            ("birth.equal_common", 1.5),
            ("birth.swapped_day_month", 2.5),
            ("birth.in_nik", 2.0),
            ("birth.other_day", 0.5),
            ("birth.other_month", 0.5),
            ("birth.other_year", 0.0),
            ("birth.first_january", 0.5),
            ("birth.same_year", -2.0),
            ("birth.near", -3.0),
            ("birth.different", -5.0),
        ),
    ),
    Comparison(
        "passport",
        (
            ("passport.missing", 0.0),
            ("passport.equal", 6.0),
            ("passport.one_character", 4.0),
            ("passport.renewed", -0.3),
            ("passport.different", -1.0),
        ),
    ),
    Comparison("sex", (("sex.missing", 0.0), ("sex.equal", 0.2), ("sex.different", -3.0))),
    Comparison(
        "birth_place",
        (
            ("birth_place.missing", 0.0),
            ("birth_place.equal", 1.0),
            ("birth_place.similar", 1.0),
            ("birth_place.is_home", 0.5),
            ("birth_place.different", -1.0),
        ),
    ),
    Comparison(
        "home", (("home.missing", 0.0), ("home.equal", 1.0), ("home.similar", 0.8), ("home.different", -1.5))
    ),
    Comparison(
        "village",
        (("village.missing", 0.0), ("village.equal", 1.5), ("village.similar", 1.2), ("village.different", -0.5)),
    ),
    Comparison(
        "mother",
        (
            ("mother.missing", 0.0),
            ("mother.equal_rare", 3.0),
            ("mother.equal_common", 1.5),
            ("mother.similar", 1.5),
            ("mother.part", 0.5),
            ("mother.some_words", -1.0),
            ("mother.different", -2.0),
        ),
    ),
    Comparison(
        "phone", (("phone.missing", 0.0), ("phone.equal", 4.0), ("phone.equal_shared", 0.5), ("phone.different", -0.3))
    ),
    Comparison(
        "country",
        (("country.missing", 0.0), ("country.equal_rare", 1.5), ("country.equal_usual", 0.5), ("country.different", -0.7)),
    ),
    Comparison(
        "kin", (("kin.none", 0.0), ("kin.family_other_name", -2.0), ("kin.twin_other_name", -3.5))
    ),
)  # fmt: skip
RARITY_EDGES = (3.0, 5.0, 7.0, 9.0, 11.0)
REASON_CODES = tuple(code for comparison in (NIK, *COMPARISONS) for code, _ in comparison.levels)
