"""What a verifier found out about a card, in a sentence each: what it is, and what to do next."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from selaras.engines.passes.verifying import GOOD, NOT_GOOD, UNSURE
from selaras.engines.reason import Reason

OUTCOMES: dict[str, str | Promise] = {
    GOOD: _("The card holds."),
    NOT_GOOD: _("The card does not hold."),
    UNSURE: _("Nothing speaks against the card, but not everything could be checked here."),
}
_NEWER = _("Get the newest status list and check again before you decide.")
_ASK = _("Ask the office that issued it; do not take the card for proof.")
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "pass.not_a_pass": (_("This is no worker's card, or not the whole of it."), _("Scan the code again, in good light.")),
    "pass.altered": (_("What stands on the card is not what was signed: it was altered or damaged."), _ASK),
    "pass.key_unknown": (
        _("The card is signed with a key that is not known here (%(key)s)."),
        _("Get the newest keys from the ministry and check again. If the key is still unknown, the card is not genuine."),
    ),
    "pass.key_retired": (
        _("The key that signed this card (%(key)s) was withdrawn: nothing that it signed can be believed."),
        _("The card must be issued anew. Its holder has done nothing wrong by that."),
    ),
    "pass.key_turned": (
        _("The card says that it was issued on %(issued)s, when the key %(key)s did not sign."), _ASK,
    ),
    "pass.other_kind": (
        _("This is signed by a key of the ministry, but it is no worker's card (%(kind)s)."), _("Ask for the card itself."),
    ),
    "pass.other_issuer": (_("This credential names another issuer (%(issuer)s) than the ministry whose keys are known here."), _ASK),
    "pass.not_yet": (_("The card holds only from %(since)s."), _("Check the day of departure.")),
    "pass.expired": (
        _("The card held until %(until)s."), _("If she still works abroad, she registers again within a year for a new one."),
    ),
    "pass.revoked": (_("The card was revoked; the list that says so is of %(made)s."), _ASK),
    "pass.suspended": (_("The card is suspended; the list that says so is of %(made)s."), _ASK),
    "pass.proof_wrong": (
        _("The telephone did not prove that the card is its own."), _("Ask again with a new question; do not accept a picture."),
    ),
    "pass.list_missing": (_("Whether the card was revoked is not known here: its status list (%(list)s) is missing."), _NEWER),
    "pass.list_untrusted": (_("A status list cannot be believed: it was altered, or no known key signed it."), _NEWER),
    "pass.list_short": (_("The status list does not reach as far as this card."), _NEWER),
    "pass.list_ahead": (_("The status list is of a time to come (%(made)s)."), _("Set the clock of this machine right.")),
    "pass.list_old": (
        _("The status list is %(hours)s hours old, of %(made)s; more than %(most)s is too old. A later revocation is not known here."),
        _NEWER,
    ),
    "pass.list_next_missed": (_("A newer status list has been due since %(next)s."), ""),
    "pass.list_age": (_("It was not revoked when the status list was made: %(age)s, %(made)s."), ""),
    "pass.holder_not_proved": (
        _("Who shows the card is not proved: a picture of a card is as good as the card."),
        _("Compare name and year of birth with the passport, and the passport with the face."),
    ),
    "pass.phone_proved": (
        _("It is the telephone that the card was issued to."), _("Compare the person with the passport all the same."),
    ),
    "keys.unreadable": (_("This is no file of keys."), _("Take the file of public keys as the ministry published it.")),
    "keys.twice": (_("The file names the key %(kid)s twice."), _("Take the file of public keys as the ministry published it.")),
    "keys.not_what_it_says": (
        _("The key %(kid)s in the file is not what it says it is."), _("Take the file of public keys as the ministry published it."),
    ),
    "key.unreadable": (_("A key in the file cannot be read."), _("Take the file of public keys as the ministry published it.")),
    "key.unknown": (_("There is no key %(kid)s in the file."), _("`selaras pass publish` shows the keys that are there.")),
}  # fmt: skip


def pass_sentence(reason: Reason) -> str:
    """Say one reason in the language in force."""
    what, following = SENTENCES[reason.code]
    said: dict[str, Any] = {name: _shown(value) for name, value in reason.params.items()}
    if "hours" in said:
        said["age"] = age_text(int(said["hours"]))
    return f"{str(what) % said} {following}".strip()


def age_text(hours: int) -> str:
    """Say how long ago something was made, in whole hours."""
    return ngettext("%(hours)s hour ago", "%(hours)s hours ago", hours) % {"hours": hours} if hours else gettext("just now")


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return date_format(value, "j F Y H:i") + value.strftime(" UTC%z").replace("+0000", "")
    return date_format(value, "j F Y") if isinstance(value, date) else value
