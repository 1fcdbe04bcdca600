"""A ledger line in the words in which she reads it on her own page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.office.people import words
from selaras.ground.queries.ledger import Line
from selaras.ground.queries.words import outcome_words, verb_words

SELF = frozenset({
    "people.who_opened", "people.see_ways_in", "people.open_journey", "people.see_family", "place.see_costs", "place.see_after",
    "place.see_own_pass",
})  # fmt: skip
"""What she does whenever she looks at her own page: a line about it tells her nothing."""
MORE: dict[tuple[str, str], str | Promise] = {
    ("code", "wrong"): gettext_lazy("the code was wrong"),
    ("code", "too_often"): gettext_lazy("held back: too many tries"),
    ("outcome", "waits"): gettext_lazy("the new telephone waits before it takes over"),
    ("reason", "lost"): gettext_lazy("the telephone was lost"),
    ("reason", "asked"): gettext_lazy("it was asked for"),
    ("reason", "misuse"): gettext_lazy("somebody else may have used it"),
    ("paper", "ktp"): gettext_lazy("the identity card was seen"),
    ("paper", "passport"): gettext_lazy("the passport was seen"),
    ("paper", "splp"): gettext_lazy("the emergency travel paper was seen"),
    ("paper", "seafarer_book"): gettext_lazy("the seafarer's book was seen"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line as she reads it: when, who, from which office, what, why, and whether it was refused."""

    at: dt.datetime
    who: str
    office: str
    what: str
    why: str
    refused: str


def line_words(line: Line, own: str) -> Told | None:
    """Tell a line; none when it is only that she looked at this page herself."""
    if line.actor == own and line.verb in SELF:
        return None
    refused = outcome_words(line.outcome) if line.outcome in ("refused", "not_there") else ""
    return Told(line.at, _who(line, own), line.office, verb_words(line.verb), ", ".join(_why(line.detail)), refused)


def _who(line: Line, own: str) -> str:
    if line.actor == own:
        return _("You")
    return _("Selaras, by itself") if line.actor.startswith("job:") else line.actor_name


def _why(detail: dict[str, Any]) -> list[str]:
    told = [str(text) for (key, value), text in MORE.items() if detail.get(key) == value]
    reason = detail.get("reason", "")
    if isinstance(reason, str) and reason in words.OPEN_REASONS:
        told.append(words.say(words.OPEN_REASONS, reason))
    return told
