"""Begins a journey, as whoever the law names, once per person and scheme; begins it again after one that ended."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import Actor, current
from selaras.law.load import law
from selaras.law.shapes import Scheme
from selaras.people.actions.answering import Form, form
from selaras.people.actions.correcting import locked
from selaras.people.actions.stepping import Held, kinds_of, late_entry, latest_start, settle, show_to
from selaras.people.course import course_of, years_between
from selaras.people.models import Journey, Person
from selaras.people.places import country_known
from selaras.people.queries.aims import agency_name
from selaras.people.queries.parties import party_by_key
from selaras.people.queries.surviving import hers, surviving


@dataclass(frozen=True, slots=True)
class Begun:
    """The answer to a beginning: the journey, and whether it stood there before."""

    journey_id: UUID
    person_id: UUID
    version: int
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a journey leads, as far as it is known: a country, an agency, an employer, a job order."""

    country: str = ""
    agency: str = ""
    employer: str = ""
    job_order: str = ""

    def tidy(self) -> "Aim":
        """Give the same without spaces around."""
        return Aim(self.country.strip().upper(), self.agency.strip(), self.employer.strip(), " ".join(self.job_order.split())[:80])


@act
def start_journey(*, person_id: UUID, scheme: str, aim: Aim = Aim(), on: dt.date | None = None, once: str = "") -> Begun:
    """Begin a person's way through a scheme. Whoever begins the same at the same time gets the same journey, not another.

    `on` is the day that counts, whose law judges the journey to its end; an officer may write it down a few weeks later. Refused:
    scheme_unknown, not_yours_to_start, day_to_come, day_too_long_ago, under_age, over_age, birth_unknown, person_died, unknown_country,
    country_not_in_scheme, no_agency_here, unknown_party.
    """
    sent = form("start_journey", person_id, once)
    her = locked(person_id)
    if before := sent.answered():
        return _begun(Journey.objects.get(id=before), again=True)
    there = Journey.objects.filter(person_id__in=hers(her.id), scheme=scheme, state=Journey.State.OPEN).first()
    if there is not None:
        note(again=True)
        return _begun(there, again=True)
    return _begin(her, scheme, aim.tidy(), on, None, sent)


@act
def restart_journey(
    *, journey_id: UUID, scheme: str = "", aim: Aim | None = None, on: dt.date | None = None, once: str = ""
) -> Begun:
    """Begin again after a journey that ended, in the same scheme or another; the new one points to it.

    Papers about the person hold for the new journey, too; those of the earlier journey, such as its contract, stay with it.
    """
    sent = form("restart_journey", journey_id, once)
    person_id = Journey.objects.filter(id=journey_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise NotThere("not there")
    her = locked(surviving(person_id))
    if before := sent.answered():
        return _begun(Journey.objects.get(id=before), again=True)
    earlier = Journey.objects.get(id=journey_id)
    if earlier.state == Journey.State.OPEN:
        raise Refused("journey_open")
    scheme = scheme or earlier.scheme
    there = Journey.objects.filter(person_id__in=hers(her.id), scheme=scheme, state=Journey.State.OPEN).first()
    if there is not None:
        note(again=True)
        return _begun(there, again=True)
    kept = Aim(country=earlier.country_id or "", agency=earlier.agency if scheme == earlier.scheme else "")
    return _begin(her, scheme, (aim or kept).tidy(), on, earlier, sent)


def _begun(journey: Journey, *, again: bool = False) -> Begun:
    note(subject=journey.person_id, journey=str(journey.id))
    return Begun(journey.id, journey.person_id, journey.version, again)


def _begin(her: Person, scheme: str, aim: Aim, on: dt.date | None, earlier: Journey | None, sent: Form) -> Begun:
    actor = current()
    day = late_entry(on, None)
    if actor.kind != "job" and day < (earliest := latest_start(timezone.localdate())):
        raise Refused("day_too_long_ago", earliest=earliest)
    course = course_of(scheme, day)
    if course is None:
        raise Refused("scheme_unknown")
    if kinds_of(actor).isdisjoint(course.scheme.started_by):
        raise Refused("not_yours_to_start", course.scheme.basis, by=list(course.scheme.started_by))
    _check_age(her, course.scheme, day)
    aim = checked_aim(aim, course.scheme, actor)
    journey = Journey(
        person_id=her.id, scheme=scheme, started_on=day, started_by=actor.address, started_by_name=actor.name, started_office=actor.office,
        country_id=aim.country or None, agency=aim.agency, employer=aim.employer, job_order=aim.job_order, earlier=earlier,
        changed_at=timezone.now(), changed_by=actor.address, changed_by_name=actor.name, changed_what="start_journey",
    )  # fmt: skip
    journey.save(force_insert=True)
    if aim.agency:
        show_to(her, {f"party:{aim.agency}": "journey"})
    settle(Held(journey, her, course, [], her))
    sent.keep(her.id, journey.id, "started")
    note(scheme=scheme)
    return _begun(journey)


def _check_age(her: Person, scheme: Scheme, day: dt.date) -> None:
    """Refuse who is too young or too old by the law of the scheme; of a birth date known in part, her latest possible birthday counts."""
    if her.died_on is not None:
        raise Refused("person_died")
    if her.birth_date is None:
        raise Refused("birth_unknown", scheme.basis)
    latest = her.birth_date
    if her.birth_precision != "day":
        month = 12 if her.birth_precision == "year" else latest.month
        latest = dt.date(latest.year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    age = years_between(latest, day)
    if age < scheme.age_min:
        basis = next((g.basis for g in law().gate_of(scheme.id, day) if g.test == "age_min"), scheme.basis)
        raise Refused("under_age", basis, least=scheme.age_min)
    if scheme.age_max and age > scheme.age_max:
        raise Refused("over_age", scheme.basis, most=scheme.age_max)


def checked_aim(aim: Aim, scheme: Scheme, actor: Actor) -> Aim:
    """Give the aim with an agency's own key filled in; refuse what is unknown or has no place in the scheme."""
    own = sorted(code.removeprefix("party:") for code in actor.reach if code.startswith("party:"))
    if aim.country and not country_known(aim.country):
        raise Refused("unknown_country")
    if aim.country and scheme.countries and aim.country not in scheme.countries:
        raise Refused("country_not_in_scheme", scheme.basis, countries=list(scheme.countries))
    country = aim.country or (scheme.countries[0] if len(scheme.countries) == 1 else "")
    agency = aim.agency or (own[0] if len(own) == 1 and scheme.placing == "p3mi" else "")
    if agency and scheme.placing != "p3mi":
        raise Refused("no_agency_here", scheme.basis)
    if own and agency not in own:
        raise Refused("not_your_agency")
    if (agency and not agency_name(agency)) or (aim.employer and party_by_key(aim.employer) is None):
        raise Refused("unknown_party")
    return Aim(country, agency, aim.employer, aim.job_order)
