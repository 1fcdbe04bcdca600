"""The words of the gate: one sentence for each reason of a line, for each refusal, and for each state of a decision."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys.words import article, say
from selaras.doors.office.templatetags.face import day
from selaras.doors.party_names import household
from selaras.law.load import law
from selaras.people.places import country_name

Text = str | Promise
Words = dict[str, Text]

VALUES: Words = {"met": _("met"), "not_met": _("not met"), "not_applicable": _("not applicable"), "not_yet": _("not yet verifiable")}
GROUPS: Words = {
    "requirement": _("Requirements"), "document": _("Documents"), "permit": _("Permits"), "state": _("As things stand today"),
}  # fmt: skip
KINDS: Words = {"allow": _("may leave"), "hold": _("held")}
STATES: Words = {
    "standing": _("stands"),
    "proposed": _("proposed, waits for a second officer"),
    "confirmed": _("confirmed by a second officer"),
    "declined": _("not confirmed"),
    "replaced": _("replaced by a later decision"),
    "set_aside": _("set aside after an appeal"),
}
WAITING: Words = {
    "new": _("not decided yet"),
    "held": _("held"),
    "proposed": _("waits for a second officer"),
    "appealed": _("appeal to be answered"),
}
APPEALS: Words = {"open": _("to be answered"), "refused": _("the hold stays"), "granted": _("the hold is set aside")}
CONDITIONS: Words = {
    "visa_required": _("Is a work visa asked for?"),
    "seafarer_id_required": _("Is a seafarer identity document asked for?"),
    "employer_individual": _("Is the employer an individual?"),
}
REASONS: Words = {
    "through": _("As the lines on which it rests."),
    "condition_unknown": _("Whether this applies has not been said yet."),
    "rule.nothing_known": _("Nothing is known of it."),
    "rule.not_for_this_scheme": _("It does not apply here."),
    "age_enough": _("Old enough: at least %(least)s years."),
    "under_age": _("Too young: at least %(least)s years are asked for."),
    "age_unclear": _("The birth date is known only in part, and may mean less than %(least)s years."),
    "birth_unknown": _("The birth date is not known."),
    "evidence_holds": _("%(paper)s is there and verified."),
    "evidence_missing": _("%(paper)s is not there."),
    "evidence_refused": _("%(paper)s was looked at and does not count."),
    "evidence_expired": _("%(paper)s ended on %(on)s."),
    "evidence_to_come": _("%(paper)s bears a date that is still to come, %(on)s."),
    "evidence_too_old": _("%(paper)s was older than %(months)s months when it was used."),
    "evidence_undated": _("%(paper)s has no date, and the rule asks how old it is."),
    "evidence_unfit": _("The examination says: not fit."),
    "evidence_unverified": _("%(paper)s is there, but nobody has verified it yet."),
    "evidence_unverifiable": _("Nobody could say yet whether %(paper)s is real."),
    "agency_missing": _("No agency is named."),
    "licence.in_force": _("%(agency)s is licensed: SIP3MI %(number)s until %(until)s."),
    "licence.suspended": _("%(agency)s is suspended since %(since)s."),
    "licence.revoked": _("The licence of %(agency)s was revoked on %(since)s."),
    "licence.ended": _("The licence of %(agency)s ended on %(until)s."),
    "licence.not_yet": _("The licence of %(agency)s begins on %(since)s."),
    "licence.none": _("%(agency)s has no licence."),
    "licence.unknown": _("The agency is not in the register."),
    "job_order_missing": _("No job order is named."),
    "order.in_force": _("Job order %(number)s is verified and runs until %(until)s."),
    "order.unknown": _("There is no job order of this number."),
    "order.not_attested": _("The job order waits for the mission."),
    "order.refused": _("The mission refused the job order."),
    "order.closed": _("The job order was closed on %(closed)s."),
    "order.not_begun": _("The job order begins on %(since)s."),
    "order.ended": _("The job order ended on %(until)s."),
    "order.other_agency": _("Job order %(number)s belongs to another agency."),
    "order.other_country": _("Job order %(number)s is for another country: %(country)s."),
    "order.other_employer": _("Job order %(number)s is for another employer: %(employer)s."),
    "permit.in_force": _("SIP2MI %(permit)s is in force until %(until)s."),
    "permit.no_order": _("There is no job order of this number."),
    "permit.other_agency": _("The SIP2MI of this job order belongs to another agency."),
    "permit.withdrawn": _("The SIP2MI was withdrawn."),
    "permit.not_begun": _("The SIP2MI begins on %(since)s."),
    "permit.ended": _("The SIP2MI ended on %(until)s."),
    "permit.waits": _("The SIP2MI was asked for, and is not decided yet."),
    "permit.none": _("There is no SIP2MI for this job order."),
    "partner_named": _("Through %(partner)s."),
    "partner_missing": _("The job order names no partner agency."),
    "employer_unknown": _("The employer is not in the register."),
    "employer_individual": _("The employer is an individual."),
    "employer_entity": _("%(employer)s is a legal entity."),
    "country_missing": _("No country is named."),
    "job_unknown": _("In %(country)s some jobs are closed, and the job is not known."),
    "country.open": _("%(country)s is open."),
    "country.in_channel": _("%(country)s is open through one channel, and this agency is in it."),
    "country.channel_only": _("%(country)s is open through one channel only, and this agency is not in it."),
    "country.stopped": _("Placement in %(country)s is stopped since %(since)s."),
    "country.banned": _("%(country)s is closed for placement."),
    "country.unlisted": _("Nothing is written down about %(country)s."),
    "registered": _("Registered on %(on)s."),
    "not_registered": _("Not registered yet."),
    "opp_attended": _("Attended on %(on)s."),
    "opp_missing": _("Not attended yet."),
}
# The same beside a label that names the paper already: it is not said twice.
SHORT: Words = {
    "evidence_holds": _("It is there and verified."),
    "evidence_missing": _("It is not there."),
    "evidence_refused": _("It was looked at and does not count."),
    "evidence_expired": _("It ended on %(on)s."),
    "evidence_to_come": _("It bears a date that is still to come, %(on)s."),
    "evidence_too_old": _("It was older than %(months)s months when it was used."),
    "evidence_undated": _("It has no date, and the rule asks how old it is."),
    "evidence_unverified": _("It is there, but nobody has verified it yet."),
    "evidence_unverifiable": _("Nobody could say yet whether it is real."),
}
# What, and what to do next.
REFUSALS: dict[str, tuple[Text, Text]] = {
    "allow_unmet": (
        _("The worker cannot leave yet: %(count)s rules are not met."), _("Look at the lines marked red: each says what is missing."),
    ),
    "hold_nothing_unmet": (
        _("The worker cannot be held: every rule that decides is met."),
        _("Let the worker leave. Holding back somebody whose documents are complete is a crime of its own."),
    ),
    "no_justification": (_("A decision needs a justification."), _("Write in a sentence what you looked at.")),
    "decided_meanwhile": (
        _("%(who)s was quicker: %(kind)s, number %(number)s."), _("Nothing of yours was written. Look at what stands now."),
    ),
    "lines_changed": (_("The lines changed since you opened this page."), _("Look at them as they are now, then decide.")),
    "decision_stands": (
        _("The same was decided already by %(who)s, number %(number)s."), _("There is nothing to decide until a line changes."),
    ),
    "proposal_waits": (_("%(who)s proposed to let the worker leave; it waits for a second officer."), _("Confirm it, or do not confirm it.")),
    "second_person": (_("You proposed this yourself."), _("Another officer of your office must confirm it.")),
    "not_at_gate": (_("The journey does not stand before the gate yet."), _("Open the journey: it says which step comes first.")),
    "later_step_done": (_("The worker has left already."), _("The gate can no longer hold the worker. Tell the mission.")),
    "journey_over": (_("This journey is over."), _("Look at how it ended; a new one can be begun.")),
    "not_your_step": (_("The law gives the gate to another office."), _("The regional office (BP3MI) decides.")),
    "person_died": (_("The record says that this person died."), _("If that is wrong, correct the record first.")),
    "unknown_decision": (_("That is no decision."), _("Choose one of the two.")),
    "condition_not_here": (_("That condition does not stand at this gate."), _("Open the page again.")),
    "nothing_to_appeal": (_("The worker is not held, so there is nothing to appeal against."), _("Look at what stands now.")),
    "appeal_waits": (_("An appeal by %(who)s waits for its answer already."), _("Wait for the answer, or add your papers to the journey.")),
    "appeal_answered": (_("%(who)s has answered this appeal already."), _("Look at the answer.")),
    "not_in_own_case": (
        _("Who held the worker, or wrote the appeal down, does not answer it."),
        _("Leave the answer to another officer of the office or the ministry."),
    ),
}  # fmt: skip
DAYS = frozenset({"on", "since", "until", "closed", "day"})


def reason(line: Mapping[str, Any], started: dt.date) -> str:
    """Give the sentence of a line's reason in the language of the page; it stands beside the line's label and does not repeat it."""
    params: dict[str, Any] = {name: _shown(name, value) for name, value in line["params"].items()}
    if "household" in params:
        params["employer"] = household(*params["household"])
    if "evidence" in params:
        rule = law().evidence_of(params["evidence"], started)
        params["paper"] = (rule.label_en if english() else rule.label) if rule else params["evidence"]
    # a requirement, such as an age, is no paper; the label of any other line names the paper that it asks for
    named = line.get("group") != "requirement" and line["code"] in SHORT
    return say(SHORT if named else REASONS, line["code"]) % params


def _shown(name: str, value: Any) -> Any:
    if name in DAYS:
        return day(dt.date.fromisoformat(value)) if value else "—"
    if name == "country":
        return country(str(value))
    return value


def country(iso3: str) -> str:
    """Name a country in the language of the page."""
    return country_name(iso3, get_language() or "id") if iso3 else ""


def english() -> bool:
    """Say whether the page is in English."""
    return get_language() == "en"


def told(line: Mapping[str, Any], name: str) -> str:
    """Give a text that a line keeps in both languages."""
    return str(line.get(f"{name}_en" if english() else name, ""))


def refusal(code: str, params: Mapping[str, Any]) -> str | None:
    """Give the sentence of a refusal and what to do next; None for one that is not the gate's."""
    if code not in REFUSALS:
        return None
    filled = {**params, "count": len(params.get("rules", ())), "kind": say(KINDS, str(params.get("kind", "")))}
    what, following = REFUSALS[code]
    return f"{str(what) % filled} {following}"


__all__ = ["article", "country", "reason", "refusal", "say", "told"]
