"""The words of the card: its states, the reasons for which it changes, and a sentence for each refusal."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys.sentences import REFUSALS as OF_JOURNEYS
from selaras.doors.office.templatetags.face import day

Text = str | Promise
Words = dict[str, Text]

STATES: Words = {
    "in_force": _("holds"),
    "suspended": _("suspended for now"),
    "revoked": _("revoked"),
    "expired": _("ended"),
    "replaced": _("replaced by a newer one"),
}
REASONS: Words = {
    "lost": _("The card was lost"),
    "stolen": _("The card was stolen or taken away"),
    "checking": _("Something about it is being checked"),
    "complaint": _("A complaint is being looked at"),
    "misuse": _("Somebody else used it"),
    "wrong_person": _("It was issued to the wrong person"),
    "issued_wrongly": _("It should not have been issued"),
    "not_leaving": _("The worker does not leave"),
    "died": _("The worker died"),
    "returned": _("The worker came home for good"),
    "damaged": _("The card can no longer be read"),
    "key_changed": _("The key that signed it was withdrawn"),
    "corrected": _("The name, birth date or country was corrected"),
    "renewed": _("Registered again"),
    "lifted": _("The suspension was lifted"),
}
# What, and what to do next.
REFUSALS: dict[str, tuple[Text, Text]] = {
    "no_card_step": (_("This scheme has no card."), _("Look at the steps of the journey.")),
    "pass_stands": (_("A card stands already: %(number)s, by %(who)s."), _("Renew or replace it, or revoke it first.")),
    "pass_not_yet": (_("The journey has not come to the card yet."), _("Open the journey: it says which step comes first.")),
    "pass_country_missing": (_("The journey names no country, and a card does."), _("Say where the journey leads, then issue the card.")),
    "contract_over": (
        _("The contract ended on %(until)s, and no card outlives it."),
        _("Extend the contract before the mission's officer first, then renew the card."),
    ),
    "pass_over": (_("The card %(number)s holds no more."), _("Open the page again; a new card may stand already.")),
    "pass_so_already": (_("The card %(number)s was brought into this state already by %(who)s."), _("There is nothing left to do.")),
    "pass_suspended": (_("The card %(number)s is suspended."), _("Lift the suspension first, or revoke the card.")),
    "pass_revoked": (_("The card %(number)s was revoked: it is not renewed."), _("Issue a new one when the journey stands at that step.")),
    "not_the_last_pass": (_("A newer card took its place: %(number)s, by %(who)s."), _("Look at the newer one.")),
    "pass_cannot_say": (
        _("A card cannot say what is written down here: %(what)s."),
        _("Correct the record first: a card bears a name of at most 120 signs and sound dates."),
    ),
    "pass_no_key": (
        _("No key signs cards today."),
        _("Tell whoever runs this system: a key is missing, or its first day is still to come. Nothing was issued."),
    ),
}  # fmt: skip
# What else a form of the card may be told; elsewhere these codes have sentences of their own.
HERE: dict[str, tuple[Text, Text]] = {
    "no_reason": (_("Say why, in two words at least."), _("Whoever looks at the card later reads it.")),
    "unknown_reason": (_("That reason is not known."), _("Choose a reason from the list.")),
}
CANNOT: Words = {
    "number": _("the number of the card"),
    "name": _("the name"),
    "birth_year": _("the year of birth"),
    "birth_date": _("the date of birth"),
    "country": _("the country"),
    "until": _("the days between which it holds"),
    "agency": _("the agency"),
    "employer": _("the employer"),
    "scheme": _("the scheme"),
}
ELSE = _("something that stands on it")


def refusal(code: str, params: Mapping[str, Any]) -> str | None:
    """Give the sentence of a refusal and what to do next; None for one that is not the card's."""
    found = REFUSALS.get(code) or HERE.get(code) or OF_JOURNEYS.get(code)
    if found is None:
        return None
    what, following = found
    if code == "pass_cannot_say":
        params = {"what": CANNOT.get(str(params.get("what")), ELSE)}
    return f"{str(what) % {name: day(value) if isinstance(value, dt.date) else value for name, value in params.items()}} {following}"
