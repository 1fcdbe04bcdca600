"""Turns the reason code of a refusal into the sentence that an officer reads."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.ground.act import Refused


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal page shows: what was refused and why, what to do next, on which basis."""

    what: str | Promise
    next: str | Promise
    basis: str = ""


SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "not_your_role": (
        _("Your role does not include this."),
        _("Ask the officer whose task it is, or your administrator to change your posting."),
    ),
    "no_posting": (_("You are not posted to any office today."), _("Ask your administrator to enter your posting.")),
    "unknown_reach": (_("That place is not known."), _("Choose the place from the official list.")),
    "unknown_role": (_("That role is not known."), _("Choose a role from the list.")),
    "officer_exists": (_("An officer with this address exists already."), _("Post the existing officer instead.")),
}


def sentence(fault: Exception | None) -> Refusal:
    """Give the sentence of a refusal; a refusal without a reason of ours gets the general one."""
    if isinstance(fault, Refused) and fault.code in SENTENCES:
        what, following = SENTENCES[fault.code]
        return Refusal(what, following, fault.basis)
    return Refusal(
        _("This is not allowed."), _("Go back to your first page; if you need this, ask your administrator.")
    )
