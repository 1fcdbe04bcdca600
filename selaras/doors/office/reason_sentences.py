"""Turns the linkage's reason codes into the sentences that an officer reads; one sentence a code, in both languages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "nik.missing": _("At least one of the two rows gives no usable NIK."),
    "nik.equal": _("The NIK is the same."),
    "nik.equal_but_last_digit": _("The NIK is the same but for its last digit, which a spreadsheet may have lost."),
    "nik.one_digit": _("The NIKs differ in one digit."),
    "nik.same_region_birth_other_serial": _("The NIKs name the same place and birth date with another serial number: a twin or a neighbour."),
    "nik.one_digit_of_region": _("The NIKs differ in one digit of the place of first registration: a slip, or a neighbour."),
    "nik.same_birth_other_region": _("The NIKs name the same birth date but another place of first registration."),
    "nik.different_doubtful": _("The NIKs differ, and one of them is not well formed."),
    "nik.different": _("The NIKs are two quite different numbers."),
    "name.missing": _("At least one of the two rows gives no usable name."),
    "name.equal": _("The name is the same."),
    "name.phonetic": _("The names sound alike in another spelling."),
    "name.typing": _("The names differ by what looks like typing."),
    "name.part_two": _("Two or more words of one name stand in the other."),
    "name.part_one": _("One name is a single word of the other."),
    "name.initial": _("One name writes a word of the other as an initial."),
    "name.some_words": _("The names share only some words."),
    "name.different": _("The names are different."),
    "rarity.none": _("How rare the name is says nothing here."),
    "rarity.whole": _("About one row in %(one_in)s bears this whole name."),
    "rarity.words": _("About one row in %(one_in)s bears the words that the two names share."),
    "birth.missing": _("At least one of the two rows gives no usable birth date."),
    "birth.equal": _("The birth date is the same."),
    "birth.equal_common": _("The birth date is the same, but many rows bear it, as forms fill it in."),
    "birth.swapped_day_month": _("The birth dates are the same with day and month exchanged."),
    "birth.in_nik": _("The birth date of one row stands in the NIK of the other."),
    "birth.other_day": _("The birth dates differ in the day only."),
    "birth.other_month": _("The birth dates differ in the month only."),
    "birth.other_year": _("The birth dates differ in the year only."),
    "birth.first_january": _("One birth date is 1 January of the same year, as is written when only the year is known."),
    "birth.same_year": _("Only the birth year is the same."),
    "birth.near": _("The birth dates lie a few years apart."),
    "birth.different": _("The birth dates are quite different."),
    "passport.missing": _("At least one of the two rows gives no passport."),
    "passport.equal": _("The passport number is the same."),
    "passport.one_character": _("The passport numbers differ in one character."),
    "passport.renewed": _("The passport numbers differ as they do after a renewal."),
    "passport.different": _("The passport numbers are different."),
    "sex.missing": _("At least one of the two rows does not give the sex."),
    "sex.equal": _("The sex is the same."),
    "sex.different": _("The sex is different."),
    "birth_place.missing": _("At least one of the two rows gives no birth place."),
    "birth_place.equal": _("The birth place is the same."),
    "birth_place.similar": _("The birth places are spelt alike."),
    "birth_place.is_home": _("The birth place of one row is the home of the other."),
    "birth_place.different": _("The birth places are different."),
    "home.missing": _("At least one of the two rows gives no home regency."),
    "home.equal": _("The home regency is the same."),
    "home.similar": _("The home regencies are spelt alike."),
    "home.different": _("The home regencies are different."),
    "village.missing": _("At least one of the two rows gives no village."),
    "village.equal": _("The village is the same."),
    "village.similar": _("The villages are spelt alike."),
    "village.different": _("The villages are different."),
    "mother.missing": _("At least one of the two rows gives no mother's name."),
    "mother.equal_rare": _("The mother's name is the same, and it is a rare one."),
    "mother.equal_common": _("The mother's name is the same, and it is a common one."),
    "mother.similar": _("The mothers' names are spelt alike."),
    "mother.part": _("One mother's name is a part of the other."),
    "mother.some_words": _("The mothers' names share only some words."),
    "mother.different": _("The mothers' names are different."),
    "phone.missing": _("At least one of the two rows gives no telephone number."),
    "phone.equal": _("The telephone number is the same."),
    "phone.equal_shared": _("The telephone number is the same, but many rows share it, as an agency's is."),
    "phone.different": _("The telephone numbers are different."),
    "country.missing": _("At least one of the two rows gives no known country."),
    "country.equal_rare": _("The country is the same, and few go there."),
    "country.equal_usual": _("The country is the same, and many go there."),
    "country.different": _("The countries are different."),
    "kin.none": _("Nothing points to two members of one family."),
    "kin.family_other_name": _("The names differ while mother, village or telephone agree: perhaps brothers or sisters."),
    "kin.twin_other_name": _("The names differ while the birth date and mother, village or telephone agree: perhaps twins."),
    "pair.start": _("How often two rows that were compared at all are one person."),
}
# Below this weight (natural log-odds) a comparison says nothing either way.
SAYS = 0.15


def reason_sentence(code: str, params: Mapping[str, Any]) -> str:
    """Say one reason; a code that is not known yet is shown as it is, so that nothing is hidden."""
    if code not in SENTENCES:
        return code
    shown = {
        name: number_format(value, force_grouping=True) if isinstance(value, int) else value
        for name, value in params.items()
    }
    return str(SENTENCES[code]) % shown if shown else str(SENTENCES[code])


def reason_name(code: str) -> str:
    """Say a reason without a pair: where its sentence has a number, the number stands as an ellipsis."""
    known = SENTENCES.get(code) or SENTENCES.get(re.sub(r"_\d+$", "", code), "")
    return re.sub(r"%\(\w+\)s", "…", str(known))


def reason_lines(reasons: Iterable[tuple[str, Mapping[str, Any], float]]) -> list[dict[str, Any]]:
    """Give reasons as the template _reasons.html takes them: agrees (for, against, cannot be said), text, weight."""
    return [
        {
            "agrees": None if abs(weight) < SAYS else weight > 0,
            "text": reason_sentence(code, params),
            "weight": weight,
            "code": code,
        }
        for code, params, weight in reasons
    ]
