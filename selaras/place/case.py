"""Puts together what is known of a journey for the gate: her papers, her steps, and what the market answers on the day."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selaras.engines.checklist import MET, NOT_MET, NOT_YET
from selaras.ground.fixed import Question, filled
from selaras.law.load import law
from selaras.law.shapes import Evidence, GateRow
from selaras.market.answers import Answer
from selaras.market.queries.agencies import party_licensed
from selaras.market.queries.countries import changes_of, country_open, jobs_apart
from selaras.market.queries.orders import OrderLine, job_order, order_stands, sip2mi_of
from selaras.market.statuses import Change
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.people.queries.papers import PaperLine, lines_of
from selaras.people.queries.parties import PartyLine, parties_by_key
from selaras.place.judging import PROVED, WORST, Case, Judgement, Paper, Told, judge
from selaras.place.models import Condition, Document

_facts = Question(lambda ids, kinds: Fact.objects.filter(person_id__in=ids, kind__in=kinds, superseded_by__isnull=True).order_by("id"))
_said = Question(lambda journey: Condition.objects.filter(journey_id=journey).order_by("at", "id").values_list("name", "holds"))
_passed = Question(
    lambda journey: JourneyStep.objects.filter(journey_id=journey, state__in=("done", "skipped"))
    .order_by("turn")
    .values_list("step", "state", "done_on")
)
_job_of = Question(lambda journey: Document.objects.filter(journey_id=journey, kind="contract", current=True).order_by().values_list("job"))
REGISTER, ORIENTATION = "register", "opp"
OWN_CONDITIONS = ("visa_required", "seafarer_id_required")
"""Conditions that no register tells: an officer says whether they hold."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A journey as the gate looked at it: the judgement, and the line of each paper that it names."""

    judgement: Judgement
    papers: Mapping[str, PaperLine]
    rules: Mapping[str, Evidence]
    case: Case
    hers: list[UUID]
    passed: frozenset[str]
    """The steps of the journey that are done or skipped."""


Step = tuple[str, str, dt.date | None]


def look(journey: Journey, person: Person, hers: list[UUID], day: dt.date, steps: Sequence[Step] | None = None) -> Looked:
    """Judge a journey within reach on a day, by the law of the journey's own first day; `hers` are all ids of the person.

    `steps` are those of the journey that were passed (step, state, day; the latest turn last), where they were read behind its lock.
    """
    rows = law().gate_of(journey.scheme, journey.started_on)
    kinds = {kind for row in rows if (kind := row.evidence or PROVED.get(row.test, ""))}
    rules = {kind: rule for kind in kinds if (rule := law().evidence_of(kind, journey.started_on)) is not None}
    papers = {str(line.id): line for line in _papers(journey, hers, kinds)}
    passed = _passed.rows(journey.id) if steps is None else steps
    done = {step: on for step, state, on in passed if state == JourneyStep.State.DONE and on is not None}
    case = _case(journey, person, day, rows, rules, papers, done)
    return Looked(judge(rows, rules, case), papers, rules, case, hers, frozenset(step for step, _, _ in passed))


def _papers(journey: Journey, hers: list[UUID], kinds: Iterable[str]) -> tuple[PaperLine, ...]:
    asked = sorted(kinds)
    rows = _facts.objects(filled(hers), asked) if asked else []
    return lines_of([f for f in rows if f.journey_id in (None, journey.id)], journey.started_on)


def _case(
    journey: Journey, person: Person, day: dt.date, rows: tuple[GateRow, ...], rules: Mapping[str, Evidence],
    lines: Mapping[str, PaperLine], passed: Mapping[str, dt.date],
) -> Case:  # fmt: skip
    scheme = law().scheme(journey.scheme, journey.started_on)
    papers = tuple(
        Paper(key, p.kind, p.of_journey, p.issued_on, p.valid_until, p.value, p.verdict) for key, p in lines.items()
    )
    parties = parties_by_key((journey.employer, journey.agency))
    employer, agency = parties.get(journey.employer), parties.get(journey.agency)
    order = job_order(journey.job_order) if journey.job_order else None
    conditions: dict[str, bool] = dict(_said.rows(journey.id))
    said = [one.individual for one in (employer, order) if one is not None]
    if said:
        conditions["employer_individual"] = any(said)
    used_on = {
        kind: day_done
        for step in law().steps_of(journey.scheme, journey.started_on)
        for kind in (*step.evidence, *step.asked)
        if (day_done := passed.get(step.id)) is not None and kind in rules
    }
    asked: set[str] = {row.test for row in rows if row.test}
    changes = changes_of(journey.country_id) if journey.country_id and asked & {"country_open", "job_open"} else []
    known = Known(journey, day, passed, employer, agency, order, changes)
    told: dict[str, Told] = {test: answer for test in asked if (answer := _answer(test, known)) is not None}
    least = scheme.age_min if scheme else 0
    return Case(day, least, person.birth_date, person.birth_precision, papers, used_on, conditions, told)


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up once for all tests of a journey on a day."""

    journey: Journey
    day: dt.date
    passed: Mapping[str, dt.date]
    employer: PartyLine | None
    agency: PartyLine | None
    order: OrderLine | None
    changes: list[Change]
    """Of the status of its country."""


def _answer(test: str, known: Known) -> Told | None:
    journey, order, day = known.journey, known.order, known.day
    country = journey.country_id or ""
    match test:
        case "agency_licensed":
            return _told(party_licensed(known.agency, day)) if journey.agency else Told(NOT_MET, "agency_missing")
        case "sip2mi_active":
            number = journey.job_order
            return _told(sip2mi_of(journey.agency, number, order, day)) if number else Told(NOT_MET, "job_order_missing")
        case "job_order_current":
            return order_told(journey, order, day)
        case "partner_named":
            return _partner(order)
        case "employer_legal_entity":
            return _legal_entity(known.employer)
        case "country_open":
            if not country:
                return Told(NOT_YET, "country_missing")
            return _told(country_open(country, "", day, journey.agency, known.changes))
        case "job_open":
            return _jobs(known)
        case "registered":
            return _step(known.passed, REGISTER, "registered", "not_registered")
        case "opp_done":
            return _step(known.passed, ORIENTATION, "opp_attended", "opp_missing")
    return None


def _told(answer: Answer) -> Told:
    return Told(answer.value, answer.code, answer.basis, answer.params, answer.unsure)


def order_told(journey: Journey, order: OrderLine | None, day: dt.date) -> Told:
    """Say whether the job order of a journey is real, runs on a day, and is that of its agency, country and employer."""
    if not journey.job_order:
        return Told(NOT_MET, "job_order_missing")
    if order is None:
        return Told(NOT_MET, "order.unknown")
    if order.agency != journey.agency:
        return Told(NOT_MET, "order.other_agency", params={"number": order.number})
    if journey.country_id and order.country != journey.country_id:
        return Told(NOT_MET, "order.other_country", params={"number": order.number, "country": order.country})
    if journey.employer and order.employer != journey.employer:
        house = {"household": [order.country, order.employer]} if order.individual else {}  # named in the language of who reads
        return Told(NOT_MET, "order.other_employer", params={"number": order.number, "employer": order.employer_name, **house})
    return _told(order_stands(order, day))


def _partner(order: OrderLine | None) -> Told:
    if order is None:
        return Told(NOT_YET, "job_order_missing")
    return Told(MET, "partner_named", params={"partner": order.partner_name}) if order.partner else Told(NOT_MET, "partner_missing")


def _legal_entity(employer: PartyLine | None) -> Told:
    if employer is None:
        return Told(NOT_YET, "employer_unknown")
    return Told(NOT_MET, "employer_individual") if employer.individual else Told(MET, "employer_entity", params={"employer": employer.name})


def _jobs(known: Known) -> Told:
    """Ask for the job of the contract and, where an agency places, for that of its order: each must be open."""
    journey, order = known.journey, known.order
    ordered = order.job if order and order.agency == journey.agency else ""
    jobs = list(dict.fromkeys(job for job in (ordered, _contract_job(journey)) if job)) or [""]
    answers = [_job(job, known) for job in jobs]
    return min(answers, key=lambda told: WORST.index(told.value))


def _job(job: str, known: Known) -> Told:
    """Ask for the job; of a journey that names none, the country as a whole speaks unless some job in it stands apart."""
    country = known.journey.country_id or ""
    if not country:
        return Told(NOT_YET, "country_missing")
    if not job and jobs_apart(country, known.day, known.changes):
        return Told(NOT_YET, "job_unknown", params={"country": country})
    return _told(country_open(country, job, known.day, known.journey.agency, known.changes))


def _contract_job(journey: Journey) -> str:
    told = _job_of.first(journey.id)
    return told[0] if told else ""


def _step(passed: Mapping[str, dt.date], step: str, done: str, missing: str) -> Told:
    return Told(MET, done, params={"on": passed[step].isoformat()}) if step in passed else Told(NOT_MET, missing)

