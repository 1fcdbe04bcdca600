"""The sentence for each refusal and fault of stage one: what, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Pair = tuple[str | Promise, str | Promise]

PREPARE: dict[str, Pair] = {
    "signal_answered": (_("%(who)s answered this already."), _("Open it again to read the answer.")),
    "course_full": (_("No seat of the course “%(title)s” is left."), _("Choose another course, or wait until somebody cancels.")),
    "not_your_course": (_("“%(title)s” was announced by %(office)s."), _("Only that office closes it: call them.")),
    "course_closed": (_("The course “%(title)s” takes nobody any more."), _("Choose another course.")),
    "enrolment_over": (_("%(who)s said already how this ended."), _("Open the person's courses again to read it.")),
    "credit_not_in_scheme": (_("This scheme has no placement credit."), _("Look at the steps of the journey.")),
    "credit_there": (_("A credit was asked for already by %(who)s."), _("Withdraw that request first, or wait for its answer.")),
    "credit_answered": (_("%(who)s wrote the answer down already."), _("Open the journey's credit again to read it.")),
    "moved_elsewhere": (
        _("For this day the log names another country, written down by %(who)s."),
        _("Open that line: if it is wrong, take it back first."),
    ),
    "line_taken_back": (_("This line was taken back already by %(who)s."), _("Open the list again to see why.")),
    "nothing_to_take_back": (_("There is nothing to take back."), _("Open the page again to see how it stands.")),
    "credit_asked_anew": (_("A lender was asked anew since."), _("The newer request stands: this answer stays as it was.")),
}

FAULTS: dict[str, str | Promise] = {
    "unknown_movement": _("Choose whether the person left or came back."),
    "unknown_signal": _("Choose what was seen from the list."),
    "unknown_agency": _("This agency is not in the register. Write its name in words."),
    "unknown_answer": _("Choose what came of it."),
    "words_missing": _("Write what was seen."),
    "number_in_words": _("Leave out telephones and other numbers of people: this is no list of suspects."),
    "venue_missing": _("Write where the session was held."),
    "items_missing": _("Choose at least one item that was given."),
    "unknown_information": _("Choose the items from the list."),
    "unknown_language": _("Choose the language from the list."),
    "heads_absurd": _("Write how many came: from 0 to %(most)s."),
    "nobody_came": _("Write how many women and men came: a session to which nobody came is none."),
    "unknown_course": _("Choose what kind of course it is."),
    "unknown_course_payer": _("Choose who pays for the course."),
    "title_missing": _("Write the name of the course."),
    "language_missing": _("Write which language is taught."),
    "seats_absurd": _("Write a number of seats from 1 to %(most)s."),
    "course_is_over": _("This course is over already. Write a later last day."),
    "course_too_long": _("No course lasts longer than three years. Look at the days again."),
    "no_training_body": _("Choose a training body from the list."),
    "before_course": _("This day lies before the course began."),
    "credit_paper_missing": _("A lender asks for this paper: %(paper)s. Add it on the page of the journey first."),
    "tax_number_missing": _("Above %(above)s the lender asks for a tax number (NPWP)."),
    "no_lender": _("Choose the lender from the list."),
    "before_asking": _("This day lies before the request."),
    "loan.amount": _("Write an amount of more than nothing."),
    "loan.over_ceiling": _("A credit is at most %(ceiling)s."),
    "loan.contract_too_short": _("The contract of %(months)s months is too short: the first payment comes after %(grace)s months of work."),
    "loan.outlives_contract": _("The last payment must fall before the contract ends: at most %(most)s payments."),
    "loan.months": _("Write the months of the contract, from 1 to 120."),
    "unknown_teller": _("Choose who told it."),
    "day_too_early": _("This day lies before 1900."),
    "before_birth": _("This day lies before the date of birth in the record. One of the two is wrong."),
}
