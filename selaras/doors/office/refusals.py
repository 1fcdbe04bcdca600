"""Turns the reason code of a refusal into the sentence that an officer reads."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.citing import cite
from selaras.doors.office.cards.words import REFUSALS as CARDS
from selaras.doors.office.journeys.sentences import REFUSALS
from selaras.doors.office.market.sentences import MARKET
from selaras.doors.office.prepare.sentences import PREPARE
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
    "sso_unknown": (
        _("The government's sign-in knows you, but no administrator has entered you here."),
        _("Ask the administrator of your office to enter you with your work e-mail address, then sign in again."),
    ),
    "sso_not_by_hand": (
        _("An account of the government's sign-in is not tied to yours by hand."),
        _("Sign out, then sign in with it: your confirmed work e-mail address ties the two."),
    ),
    "queue_of_another": (
        _("This was written by another officer on this device."),
        _("Nothing was sent. It waits until the officer who wrote it signs in here."),
    ),
    "queue_post_over": (
        _("You wrote this in a posting that you no longer have."),
        _("Nothing was sent. Look at what you wrote on the page of what waits, then drop it there."),
    ),
    "unknown_reach": (_("That place is not known."), _("Choose the place from the official list.")),
    "unknown_role": (_("That role is not known."), _("Choose a role from the list.")),
    "run_going": (_("A linkage is going on already."), _("Wait until it is done, or stop it on the page of runs.")),
    "run_switching": (
        _("A linkage is being written into the register at this moment, so your judgement was not taken."),
        _("Judge again in a minute."),
    ),
    "run_over": (_("This linkage is over: it can no longer be stopped."), _("Read its result, or ask for a new one.")),
    "run_lost": (_("Another linkage took the place of this one."), _("Read the result of the other one.")),
    "run_not_done": (_("This linkage has no result to publish."), _("Ask for a new linkage.")),
    "unknown_verdict": (_("That is no judgement."), _("Say same person, two persons, or cannot be told.")),
    "sample_size": (_("Between 20 and 1,000 pairs can be drawn."), _("Choose another number.")),
    "sample_drawn": (_("A sample of this linkage was drawn already."), _("Read the pairs that were drawn.")),
    "read_already": (_("Another officer has read this pair already."), _("Go to the next pair.")),
    "nothing_to_undo": (_("You have no standing judgement of this pair."), _("Judge the pair, or go to the next one.")),
    "too_many_registrations": (
        _("You registered more people in this hour than one officer may."),
        _("Go on in an hour, or hand a list in as a delivery."),
    ),
    "too_often": (
        _("You did this more often in this hour than one officer may."),
        _("Go on in an hour. Who needs more for an honest reason asks the ministry."),
    ),
    "merged_away": (
        _("This record was merged into another."),
        _("Open it again: you come to the record that stands now."),
    ),
    "same_record": (_("Both are the same record."), _("Choose two different records.")),
    "undone_already": (_("This merge was taken back already."), _("Open the record to see how it stands now.")),
    "findings_gone": (
        _("This linkage keeps its counts only; what is to be mended is kept by the newest one."),
        _("Open the newest linkage."),
    ),
    "reason_missing": (_("A number is opened for a reason."), _("Choose the reason and open it again.")),
    "unfit": (_("The form cannot be taken as it is."), _("Go back and correct what is marked.")),
    "changed_meanwhile": (
        _("Somebody changed this record meanwhile."),
        _("Open it again and look at what stands now."),
    ),
    "not_oneself": (_("Nobody posts herself or changes her own account."), _("Ask another administrator.")),
    "not_yours_to_give": (_("This role is not yours to give."), _("Ask the administration to give it.")),
    "role_not_here": (_("There is no such role at this kind of office."), _("Choose a role that fits the office.")),
    "same_posting": (_("She has this posting already."), _("Choose another office or role.")),
    "posting_over": (_("This posting is over already."), _("Give the officer a new one.")),
    "ends_before_it_begins": (_("The last day lies before the first."), _("Choose a later day.")),
    "unknown_reason": (_("That reason is not known."), _("Choose a reason from the list.")),
    "no_reason": (_("Without a reason nothing is done."), _("Write why.")),
    "no_shared_number": (_("No number stands with both any more."), _("Say whether they are one person or two.")),
    "ruled_already": (_("This question is settled already."), _("Open it to see how; a merge can be taken back on the person's page.")),
    "agreement_exists": (_("An agreement with this number exists already."), _("Check the number.")),
    "agreement_ended_already": (_("This agreement has ended already."), _("Look at its last day in the list.")),
    "agreement_ends_before_it_begins": (
        _("The agreement would end before it begins."),
        _("Correct one of the two dates."),
    ),
    "unknown_agreement_kind": (_("That kind of agreement is not known."), _("Choose a kind from the list.")),
    "unknown_sharing": (
        _("A clause relies on a sharing rule that the law tables do not hold."),
        _("Choose a rule from law/sharing.toml."),
    ),
    "person_died": (_("The register says that this person has died."), _("If that is wrong, correct the record first.")),
    "way_waits_no_more": (_("This telephone or card does not wait any more."), _("Open the page again to see how it stands now.")),
    "not_the_same_officer": (
        _("The officer who gave the telephone or card cannot be the second one, too."),
        _("Ask a colleague who sees the person and her paper; or wait until the day is over."),
    ),
    "family_withdrawn": (_("This was withdrawn."), _("Name the relative again; she joins anew at a desk.")),
    "family_word_unknown": (
        _("This word joins nobody who stands before you."),
        _("It may have run out or been used, or be meant for somebody else. The worker gives a new one on her own page."),
    ),
    "family_not_cut": (_("Nothing is cut here."), _("Open the page again to see how it stands now.")),
    "passkeys_enough": (_("This page has five passkeys already."), _("Take one away first.")),
    "passkey_phone_waits": (
        _("While a new telephone waits, no passkey can be added."),
        _("Add it when the new telephone has taken over, or stop the one that waits."),
    ),
    "passkey_needs_phone": (
        _("A passkey can be added only where a telephone signs in, which is told of it."),
        _("Have a telephone entered first, at a desk or on this page; until then use your card."),
    ),
    "no_account": (_("This person has no way to sign in."), _("Open one with her paper and her telephone.")),
    "officer_exists": (_("An officer with this address exists already."), _("Post the existing officer instead.")),
    **REFUSALS,
}

SENTENCES |= MARKET | PREPARE | CARDS


def sentence(fault: Exception | None) -> Refusal:
    """Give the sentence of a refusal; a refusal without a reason of ours gets the general one."""
    if isinstance(fault, Refused) and fault.code in SENTENCES:
        what, following = SENTENCES[fault.code]
        return Refusal(str(what) % fault.params if "%(" in str(what) else what, following, cite(fault.basis))
    return Refusal(
        _("This is not allowed."), _("Go back to your first page; if you need this, ask your administrator.")
    )
