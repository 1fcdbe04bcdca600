"""The sentence for each refusal and fault of a journey or a paper: what, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Pair = tuple[str | Promise, str | Promise]

REFUSALS: dict[str, Pair] = {
    "scheme_unknown": (_("There was no such scheme on that day."), _("Choose a scheme from the list, or another day.")),
    "not_yours_to_start": (
        _("The law does not let your office begin a journey in this scheme."),
        _("Send the person to the one-stop desk, the labour office or BP3MI."),
    ),
    "day_to_come": (_("That day is still to come."), _("Write the day on which it was done.")),
    "day_too_long_ago": (
        _("That day is too long ago to be written down now."),
        _("Begin the journey with a later day: the law of its first day judges it."),
    ),
    "day_before_its_turn": (_("That day lies before what had to be done first."), _("Look at the days of the steps before it.")),
    "under_age": (
        _("The person is too young: this scheme is for people of %(least)s years and more."),
        _("Nothing can be begun before that birthday."),
    ),
    "over_age": (_("The person is too old: this scheme is for people of at most %(most)s years."), _("Look for another scheme together.")),
    "birth_unknown": (
        _("The date of birth is not known, so the age cannot be told."),
        _("Correct the record with the KTP or birth certificate first."),
    ),
    "person_died": (_("The record says that this person died."), _("If that is wrong, correct the record first.")),
    "unknown_country": (_("That country is not known."), _("Choose the country from the list.")),
    "country_not_in_scheme": (_("This scheme does not lead to that country."), _("Choose another country or another scheme.")),
    "no_agency_here": (_("In this scheme no agency places anybody."), _("Leave the agency empty, or choose another scheme.")),
    "unknown_party": (_("That agency or employer is not known."), _("Choose it from the list.")),
    "not_your_agency": (_("You can begin a journey for your own agency only."), _("Leave the agency empty.")),
    "journey_open": (_("This journey is still under way."), _("End it first, or go on with it.")),
    "journey_over": (_("This journey is over."), _("Look at how it ended; a new one can be begun.")),
    "step_unknown": (_("There is no such step in this scheme."), _("Open the journey and choose one of its steps.")),
    "not_your_step": (_("The law gives this step to another office."), _("Look at the journey: beside the step stands who has it.")),
    "step_by_verb": (_("This step is a decision at the gate."), _("Decide on the page of the gate, with a justification.")),
    "card_by_issuing": (
        _("This step is done with a card and not by hand: no card was issued yet."), _("Open the page of the card and issue it there."),
    ),
    "step_done_already": (_("This step was done already."), _("Open the journey to see when and by whom.")),
    "step_not_done": (_("This step was not done yet, so there is nothing to give back."), _("Open the journey again.")),
    "later_step_done": (_("A later step rests on this one."), _("Give the later step back first.")),
    "step_not_optional": (_("The law does not let this step be left out."), _("Do it, or refuse it with the reason.")),
    "step_before": (_("Another step comes first."), _("Open the journey: it says which.")),
    "employer_by_report": (
        _("A change of employer is written down with the name of the new one."), _("Open the page “After departure” and change it there."),
    ),
    "left_after_report": (
        _("The worker is reported to have arrived, or to be home, before that day."),
        _("Give the day of departure, or have the report after departure corrected."),
    ),
    "evidence_missing": (_("A paper is missing."), _("Add the paper, then do the step.")),
    "evidence_refused": (_("A paper was looked at and does not count."), _("Bring another one.")),
    "evidence_expired": (_("A paper is no longer valid."), _("Bring a newer one.")),
    "evidence_to_come": (_("A paper bears a date that is still to come."), _("Look at the paper again.")),
    "evidence_too_old": (_("A paper is too old for this step."), _("Bring a newer one.")),
    "evidence_undated": (_("A paper has no date."), _("Write its date down: put it in the place of the old one.")),
    "evidence_unfit": (_("The examination says: not fit."), _("A new examination can change that; otherwise refuse the step.")),
    "paper_replaced": (_("A newer paper took the place of this one."), _("Open the journey again and look at the newer one.")),
    "paper_judged": (_("Another officer judged this paper meanwhile."), _("Open the journey again and look at what was said.")),
    "unknown_paper": (_("The law knows no such paper."), _("Choose a paper from the list.")),
    "not_yours_to_verify": (_("The law does not name your office to verify this paper."), _("Leave it to the office that is named.")),
    "no_feed": (_("No partner's system can verify this paper."), _("Verify it by hand and say what you looked at.")),
    "number_taken": (
        _("The number of this paper stands with another record already, so it does not count."),
        _("Compare the number with the paper. If it is right, the ministry's reviewers, who have been told, will decide."),
    ),
}  # fmt: skip

FAULTS: dict[str, str | Promise] = {
    "unknown_paper": _("Choose a paper from the list."),
    "journey_missing": _("This paper belongs to a journey: add it on the page of the journey."),
    "another_kind": _("It must be a paper of the same kind."),
    "number_missing": _("Write the number of this paper."),
    "number_form": _("A number has at least three letters or digits."),
    "issuer_missing": _("Write who issued it: each issuer numbers its own papers."),
    "ends_missing": _("Write the last day on which this paper is valid: it stands on the paper."),
    "issued_missing": _("Write the date: the rule asks how old the paper is."),
    "issued_to_come": _("This date lies in the future. Look at the paper again."),
    "issued_before_birth": _("This date lies before the date of birth in the record. One of the two is wrong."),
    "paper_expired": _("This paper is no longer valid: it ended on %(on)s. Bring a newer one."),
    "result_missing": _("Choose fit or not fit: nothing else leaves the clinic."),
    "result_unknown": _("This paper has no result."),
    "scan_missing": _("The law asks for a scan of this paper: take a photograph of it."),
    "scan_not_kept": _("No scan of this paper is kept; only the result."),
    "scan_empty": _("This file is empty. Choose it again."),
    "scan_kind": _("This is no PDF, JPEG or PNG file. Take a photograph of the paper."),
    "scan_too_large": _("This file is larger than %(most)s MB. Take a smaller photograph."),
    "file.too_large": _("This file is too large. Take a smaller photograph."),
    "disk.full": _("There is no room for the file at the moment. Try again later; nothing was kept."),
    "unknown_entry": _("Choose how the person came in."),
    "day_to_come": _("This day is still to come."),
}
