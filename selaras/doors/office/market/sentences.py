"""The sentence for each refusal of the market: what was refused and why, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_AGENCY = _("Open the agency's page to see why, and since when.")
_COUNTRY = _("Open the list of countries to see what holds, and on which basis.")
_ORDER = _("Open the job order to see how it stands.")
_LIST = _("Choose from the list.")

MARKET: dict[str, tuple[Text, Text]] = {
    "licence.unknown": (_("There is no such agency."), _("Look it up in the list of agencies.")),
    "licence.none": (_("The agency has no licence."), _AGENCY),
    "licence.not_yet": (_("The licence of the agency has not begun."), _AGENCY),
    "licence.ended": (_("The licence of the agency has ended."), _AGENCY),
    "licence.suspended": (_("The agency is suspended: nothing new is given to it."), _AGENCY),
    "licence.revoked": (_("The licence of the agency is revoked: nothing new is given to it."), _AGENCY),
    "licence_exists": (_("This number belongs to another licence."), _("Check the number. A licence is never handed on.")),
    "deposit.short": (_("The deposit of the agency was used and is not whole."), _("It must be topped up before anything new is given.")),
    "deposit_too_small": (_("The deposit is below the least that the law asks."), _("Check the amount on the bank's paper.")),
    "capital_too_small": (_("The paid-up capital is below the least that the law asks."), _("Check the amount on the deed.")),
    "deposit_holds_less": (_("The deposit holds less than this amount."), _("Look at what is left of it.")),
    "amount_must_be_positive": (_("The amount must be more than nothing."), _("Write the amount in rupiah.")),
    "only_agencies_are_licensed": (_("Only a placement agency is licensed."), _("Check which party you opened.")),
    "only_agencies_are_sanctioned": (
        _("Only a placement agency is warned, suspended or revoked."),
        _("Mark a party abroad as known for a problem."),
    ),
    "only_abroad_is_flagged": (_("Only a party abroad is put on the list of problems."), _("An agency is warned, suspended or revoked.")),
    "unknown_sanction": (_("That sanction is not known."), _LIST),
    "standing_there": (
        _("Something of this kind stands for these days already."),
        _("Look at where the party stands, and end that first."),
    ),
    "standing_over": (_("This is over already."), _("Open the page again to see how it stands now.")),
    "number_missing": (_("The number is missing."), _("Write the number that stands on the paper.")),
    "number_too_long": (_("The number is too long."), _("Write at most 80 signs.")),
    "not_your_agency": (_("This belongs to another agency; nobody may use it in its place."), _("Act for your own agency only.")),
    "not_your_country": (_("This lies in the country of another mission."), _("Ask the mission that answers for that place.")),
    "not_your_area": (_("This place is not yours."), _("Write down what happened in your own area.")),
    "no_partner_for_cooperation": (
        _("An agency cooperates with a partner agency, a company or a ship's principal, not with a household."),
        _("Choose another party."),
    ),
    "cooperation_exists": (_("Another agreement of the agency has this number."), _("Check the number.")),
    "no_cooperation": (
        _("There is no verified cooperation agreement with this partner or employer."),
        _("Enter it, and let the mission verify it first."),
    ),
    "party_has_problem": (
        _("This party is on the list of those with problems: nothing new is agreed with it."),
        _("Open its page to see why, and since when."),
    ),
    "decided_already": (_("This is decided already."), _("Open it again to see how.")),
    "no_employer": (_("This party employs nobody."), _("Choose an employer or a ship's principal.")),
    "no_partner_there": (_("The partner must be a partner agency in the employer's country."), _("Choose another partner.")),
    "individual_needs_partner": (_("A household hires through a partner agency only."), _("Name the partner agency in that country.")),
    "unknown_job": (_("That job is not known."), _LIST),
    "places_absurd": (_("The number of places cannot be."), _("Write a number from 1 to 5,000.")),
    "wage_absurd": (_("The wage cannot be."), _("Write the wage a month in the currency of the contract.")),
    "unknown_currency": (_("That currency is not known."), _("Write its three letters, such as TWD.")),
    "hours_absurd": (_("The hours of a week cannot be."), _("Write a number from 1 to 98.")),
    "months_absurd": (_("The months of the contract cannot be."), _("Write a number from 1 to 60.")),
    "title_missing": (_("The name of the work is missing."), _("Write it as in the employer's letter.")),
    "letter_missing": (_("The employer's request letter is missing."), _("Write its number.")),
    "runs_too_long": (_("A job order does not run so long."), _("Choose an earlier last day.")),
    "order_number_taken": (_("Another job order has this number."), _("Give another number.")),
    "not_attested": (_("This job order is not attested."), _ORDER),
    "order.unknown": (_("There is no such job order of this agency."), _("Check the number.")),
    "order.not_attested": (_("The mission has not attested this job order."), _ORDER),
    "order.refused": (_("The mission refused this job order."), _ORDER),
    "order.closed": (_("This job order is closed."), _ORDER),
    "order.not_begun": (_("This job order has not begun."), _ORDER),
    "order.ended": (_("This job order has ended."), _ORDER),
    "order.other_agency": (
        _("This job order belongs to another agency."), _("Name a job order of the journey's own agency, or change the agency."),
    ),
    "order.other_country": (
        _("This job order is for another country than the journey."), _("Name another job order, or change where the journey leads."),
    ),
    "order.other_employer": (
        _("This job order is for another employer than the journey."), _("Name another job order, or change the employer."),
    ),
    "order_full": (_("No place of this job order is left."), _("Ask for another job order.")),
    "place_of_a_journey": (
        _("A worker's journey holds this place."), _("It is given back by itself when the journey ends before departure."),
    ),
    "place_given_back": (_("This place was given back."), _("Take a place anew, under a new key.")),
    "key_missing": (_("The key of this step is missing."), _("Open the page again and send it once more.")),
    "permit.no_order": (_("There is no such job order."), _("Check the number.")),
    "permit.other_agency": (_("The permit (SIP2MI) belongs to another agency."), _ORDER),
    "permit.none": (_("There is no permit to recruit (SIP2MI) for this job order."), _ORDER),
    "permit.waits": (_("The permit to recruit (SIP2MI) is not decided yet."), _ORDER),
    "permit.not_begun": (_("The permit to recruit (SIP2MI) has not begun."), _ORDER),
    "permit.ended": (_("The permit to recruit (SIP2MI) has ended."), _ORDER),
    "permit.withdrawn": (_("The permit to recruit (SIP2MI) was withdrawn."), _ORDER),
    "permit_not_backwards": (_("A permit does not begin in the past."), _("Choose today or a later day.")),
    "permit_number_taken": (_("Another permit has this number."), _("Give another number.")),
    "permit_not_issued": (_("This permit was not issued."), _ORDER),
    "draft_placement_missing": (_("The draft of the placement agreement is missing."), _("Write its number.")),
    "draft_contract_missing": (_("The draft of the work contract is missing."), _("Write its number.")),
    "country.unlisted": (_("Nothing is written down about this country and job: nobody has said that it is open."), _COUNTRY),
    "country.channel_only": (
        _("In this country the job goes through a restricted channel, and the agency is not admitted to it."),
        _COUNTRY,
    ),
    "country.stopped": (_("This country is stopped for this job."), _COUNTRY),
    "country.banned": (_("This country is banned for this job."), _COUNTRY),
    "unknown_country": (_("That country is not known."), _LIST),
    "unknown_channel": (_("That is no status of a country."), _LIST),
    "basis_missing": (_("The basis is missing."), _("Name the instrument and its article.")),
    "status_there": (_("Something else is said for this country and job from that day."), _("Withdraw it first, if it is a mistake.")),
    "unknown_area": (_("This area is not in the official list."), _LIST),
    "unknown_recruiting": (_("That kind of recruiting is not known."), _LIST),
    "day_to_come": (_("This day lies in the future."), _("Write the day on which it happened.")),
    "entered_by_the_ministry": (_("This kind of party is entered by the ministry."), _("Ask the licensing officer.")),
    "party_key_taken": (_("Another party has this key."), _("Choose another key.")),
}  # fmt: skip
