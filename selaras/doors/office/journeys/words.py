"""The words of a journey: states, verdicts, ways in, articles of the law, and each reason why a step is not possible yet."""

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.citing import cite
from selaras.doors.office.templatetags.face import day
from selaras.law.load import law
from selaras.people.actions.stepping import MovedOn
from selaras.people.course import Reason

Words = dict[str, str | Promise]

STATES: Words = {
    "open": _("under way"),
    "finished": _("finished"),
    "withdrawn": _("withdrawn"),
    "refused": _("refused at a step"),
    "failed": _("came to nothing"),
    "expired": _("the place in the queue was over"),
    "died": _("ended with the worker's death"),
}
VERDICTS: Words = {
    "stated": _("not verified yet"),
    "verified": _("verified"),
    "refused": _("does not count"),
    "unverifiable": _("nobody can say"),
}
RESULTS: Words = {"fit": _("fit"), "unfit": _("not fit")}
PATHS: Words = {"feed": _("by the partner's system"), "manual": _("by hand")}
ENTRIES: Words = {
    "refused_exit": _("refused at the border when leaving"),
    "lapor_diri": _("reported to the mission"),
    "complaint": _("complained"),
    "deportation": _("was deported"),
    "death": _("died abroad"),
}
DOINGS: Words = {
    "start_journey": _("began the journey"),
    "aim_journey": _("said where the journey leads"),
    "issue_pass": _("issued the card"),
    "revoke_pass": _("took the card back"),
    "decide": _("decided at the gate"),
    "correct_report": _("corrected what was reported after departure"),
    "take_back_report": _("took back what was reported after departure"),
    "do_step": _("did the step “%(step)s”"),
    "skip_step": _("left out the step “%(step)s”"),
    "return_step": _("gave the step “%(step)s” back"),
    "refuse_step": _("said no at the step “%(step)s”"),
    "withdraw_journey": _("ended the journey at the person's wish"),
    "fail_journey": _("noted that the journey came to nothing"),
    "expire_place": _("ended the journey: the place in the queue was over"),
    "person_died": _("wrote down the worker's death"),
    "person_lives": _("took back the worker's death"),
}
# Why a step was passed by itself, where no officer wrote it.
WHYS: Words = {"arrival_unreported": _("the arrival was never reported, and the return home was")}
REASONS: Words = {
    "step_before": _("“%(step)s” comes first."),
    "evidence_missing": _("%(paper)s is not there."),
    "evidence_refused": _("%(paper)s was looked at and does not count."),
    "evidence_expired": _("%(paper)s ended on %(on)s."),
    "evidence_to_come": _("%(paper)s bears a date that is still to come, %(on)s."),
    "evidence_too_old": _("%(paper)s is older than %(months)s months."),
    "evidence_undated": _("%(paper)s has no date, and the rule asks how old it is."),
    "evidence_unfit": _("The examination says: not fit."),
}


def say(words: Words, code: str) -> str:
    """Give the word for a code; a code without a word is shown as it is."""
    return str(words.get(code, code))


def label(row: Any) -> str:
    """Give a law row's own name in the language of the page."""
    english = get_language() == "en"
    return str(row.label_en if english else row.label)


def office(row: Any) -> str:
    """Say in the language of the page who has a step."""
    return str(row.office_en if get_language() == "en" else row.office)


def note(row: Any) -> str:
    """Say in the language of the page what is not sure about a row of the law; empty when it is sure."""
    if not row.unsure:
        return ""
    return str((row.note_en if get_language() == "en" else row.note) or gettext("nobody has confirmed this rule yet"))


def article(basis: str) -> str:
    """Write a basis in the language of the page, as people read it."""
    return cite(basis)


def step_name(scheme: str, step: str, started: dt.date) -> str:
    """Name a step of a scheme by the law of a journey's first day."""
    row = law().step(scheme, step, started)
    return label(row) if row else step


def paper_name(kind: str, day: dt.date) -> str:
    """Name a kind of paper by the law of a day."""
    row = law().evidence_of(kind, day)
    return label(row) if row else kind


def reason(found: Reason, scheme: str, started: dt.date) -> dict[str, str]:
    """Say why a step is not possible yet, with the article."""
    params = dict(found.params)
    if "step" in params:
        params["step"] = step_name(scheme, params["step"], started)
    if "evidence" in params:
        params["paper"] = paper_name(params["evidence"], started)
    if "on" in params:
        params["on"] = day(params["on"])
    return {"text": say(REASONS, found.code) % params, "basis": article(found.basis)}


def moved_on(fault: MovedOn, scheme: str, started: dt.date) -> str:
    """Say who was quicker, and what she did."""
    params = fault.params
    what = say(DOINGS, params["what"]) % {"step": step_name(scheme, params["step"], started) if params["step"] else ""}
    return gettext("%(who)s was quicker and %(what)s.") % {"who": params["who"], "what": what}


def manual(row: Any) -> str:
    """Say in the language of the page what an officer does while a partner's system is down."""
    return str(row.manual_en if get_language() == "en" else row.manual)
