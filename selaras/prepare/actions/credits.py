"""Verbs on the placement credit: ask a lender, who answers from an office of its own; withdraw a request."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.scope import current
from selaras.people.actions.answering import form
from selaras.people.actions.stepping import Held, check_reason, hold, papers_of, show_to
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Journey, Party, Person
from selaras.prepare.credit import answer_due, schedule_of, terms_on
from selaras.prepare.lifetime import check_alive
from selaras.prepare.models import CreditRequest
from selaras.prepare.taking_back import keep_earlier

State = CreditRequest.State
STEP, BASIS = "credit", "PERMEN18_25:14"


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer about a request: where it stands, and whether it stood there before."""

    person_id: UUID
    request_id: UUID
    state: str
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def ask_credit(
    *, journey_id: UUID, lender: str, amount: int, months: int, instalments: int | None = None, tax_number: bool = False, once: str = ""
) -> Asked:
    """Ask a lender for a credit: the law's papers are there, and the last payment falls before the contract ends."""
    sent = form("ask_credit", journey_id, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if before := sent.answered():
        return _asked(CreditRequest.objects.get(id=before), again=True)
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    if held.course.step(STEP) is None:
        raise Refused("credit_not_in_scheme", BASIS)
    there = CreditRequest.objects.filter(journey_id=journey_id, state__in=(State.ASKED, State.GRANTED)).first()
    if there is not None:
        raise Refused("credit_there", BASIS, who=there.by_name, on=there.asked_on.isoformat())
    today = timezone.localdate()
    check_alive(held.her, today)
    party = Party.objects.filter(key=lender, kind=Party.Kind.LENDER).first()
    faults = _faults(held, amount, today, tax_number=tax_number)
    if party is None:
        faults.append(Fault("lender", "no_lender"))
    if faults:
        raise Unfit(faults)
    plan = schedule_of(amount, months, instalments, today)
    actor = current()
    row = CreditRequest(
        journey=held.journey, person=held.person, lender=party, amount=amount, months=months, instalments=len(plan.instalments),
        tax_number=tax_number, asked_on=today, due=answer_due(today) or today, by=actor.address, by_name=actor.name, office=actor.office,
        at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    show_to(held.person, {f"party:{lender}": "credit"})  # of her it sees this request, and nothing else
    sent.keep(held.person.id, row.id, "asked")
    return _asked(row)


def _faults(held: Held, amount: int, today: dt.date, *, tax_number: bool) -> list[Fault]:
    terms, papers = terms_on(today), papers_of(held)
    there = {paper.kind for paper in papers if not paper.refused}
    faults = [Fault("papers", "credit_paper_missing", {"paper": kind}) for kind in terms.evidence if kind not in there]
    if terms.tax_number_above and amount > terms.tax_number_above and not tax_number:
        faults.append(Fault("tax_number", "tax_number_missing", {"above": terms.tax_number_above}))
    return faults


@act
def answer_credit(*, request_id: UUID, granted: bool, on: dt.date, words: str = "") -> Asked:
    """Answer a request that was made of one's own house, with the day; a no says why. The first answer stands, the second is told of it."""
    words = " ".join(words.split())[:300] if granted else check_reason(words)
    row = _held(request_id)
    state = State.GRANTED if granted else State.REFUSED
    if (row.state, row.answered_on) == (state, on):
        return _asked(row, again=True)
    if row.state != State.ASKED:
        raise Refused("credit_answered", who=row.answered_by_name)
    if on > timezone.localdate():
        raise Unfit([Fault("on", "day_to_come")])
    if on < row.asked_on:
        raise Unfit([Fault("on", "before_asking")])
    return _end(row, state, on, words)


@act
def take_back_credit_answer(*, request_id: UUID, words: str) -> Asked:
    """Take back the answer of one's own house, with the reason: the request waits again, and what was answered stays to be read."""
    words = check_reason(words)
    row = _held(request_id)
    if row.state not in (State.GRANTED, State.REFUSED):
        raise Refused("nothing_to_take_back")
    # a lender does not see what another one was asked: whether the journey has a newer request is looked up for it
    with handed_to("take_back"):
        newer = CreditRequest.objects.filter(journey_id=row.journey_id, state__in=(State.ASKED, State.GRANTED)).exclude(id=row.id).exists()
    if newer:
        raise Refused("credit_asked_anew", BASIS)
    keep_earlier(row, words, state=row.state, words=row.words, by=row.answered_by_name, on=row.answered_on)
    row.state, row.answered_on, row.answered_by_name, row.words = State.ASKED, None, "", ""
    row.save(update_fields=["state", "answered_on", "answered_by_name", "words", "earlier"])
    return _asked(row)


@act
def withdraw_credit(*, request_id: UUID, words: str) -> Asked:
    """Withdraw a request that was not answered, with the reason."""
    words = check_reason(words)
    row = _held(request_id)
    if row.state == State.WITHDRAWN:
        return _asked(row, again=True)
    if row.state != State.ASKED:
        raise Refused("credit_answered", who=row.answered_by_name)
    return _end(row, State.WITHDRAWN, timezone.localdate(), words)


def _held(request_id: UUID) -> CreditRequest:
    person_id = CreditRequest.objects.filter(id=request_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise NotThere("not there")
    # behind the same lock as whoever asks; a lender sees no journey to hold
    Person.objects.select_for_update(of=("self",)).get(id=person_id)
    found: CreditRequest = CreditRequest.objects.get(id=request_id)
    return found


def _end(row: CreditRequest, state: str, on: dt.date, words: str) -> Asked:
    row.state, row.answered_on, row.answered_by_name, row.words = state, on, current().name, words
    row.save(update_fields=["state", "answered_on", "answered_by_name", "words"])
    return _asked(row)


def _asked(row: CreditRequest, *, again: bool = False) -> Asked:
    note(subject=row.person_id, credit=str(row.id), state=row.state, again=again)
    return Asked(row.person_id, row.id, row.state, again)
