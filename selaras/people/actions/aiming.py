"""Says where a journey leads once it is known: a country, an agency, an employer, a job order; until the gate has been passed."""

from uuid import UUID

from selaras.ground.act import Refused, act, note
from selaras.ground.scope import current
from selaras.people.actions.answering import form
from selaras.people.actions.journeys import Aim, checked_aim
from selaras.people.actions.stepping import Moved, answer, change, check_seen, hold, settle, show_to


@act
def aim_journey(*, journey_id: UUID, version: int, aim: Aim, once: str = "") -> Moved:
    """Say where a journey leads; what was said before is replaced. The agency that is named sees her from then on.

    Refused: changed_meanwhile, journey_over, later_step_done (she has passed the gate), unknown_country, country_not_in_scheme,
    no_agency_here, unknown_party, not_your_agency.
    """
    sent = form("aim_journey", journey_id, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    check_seen(held, version)
    if passed := next((s.id for s in held.course.steps if s.verb and s.id in held.passed), None):
        raise Refused("later_step_done", step=passed)
    aim = checked_aim(aim.tidy(), held.course.scheme, current())
    told = {"country_id": aim.country or None, "agency": aim.agency, "employer": aim.employer, "job_order": aim.job_order}
    note(country=aim.country, agency=aim.agency, employer=aim.employer, job_order=aim.job_order)
    change(held, "aim_journey", **told)
    if aim.agency:
        show_to(held.person, {f"party:{aim.agency}": "journey"})
    settle(held)
    sent.keep(held.person.id, journey_id, "aimed")
    return answer(held)
