"""Verbs on the migrant worker's card: issue, renew, replace; suspend, lift, revoke; and the lists that say which cards no longer hold."""

import datetime as dt
import hashlib
import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.engines.deadlines import add_months
from selaras.engines.passes.card import Card, sign_card, take_apart
from selaras.engines.passes.credential import E_KPMI, Bound, issue
from selaras.engines.passes.keys import CARD, CREDENTIAL
from selaras.engines.passes.status import SIZE
from selaras.engines.reason import Unfit
from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Step
from selaras.people.actions.answering import Form, form
from selaras.people.actions.stepping import REASON, Held, check_hers, hold, settle, write_down
from selaras.people.actions.stepping import change as change_journey
from selaras.people.actions.steps import give_back
from selaras.people.models import Journey, JourneyStep
from selaras.people.queries.parties import party_by_key
from selaras.place.models import Document, Pass, PassList, Report
from selaras.place.publishing import FULL, list_to_issue_from, name_of, remake
from selaras.place.reporting import in_force, is_change
from selaras.place.signing import card_keys, issuer, list_address

STEP = "card"
BASIS, CONTRACT_BASIS = "PERMEN34_25:14", "UU18:17"
VALID, REREGISTER = "card_valid", "card_reregister"
State = Pass.State
STANDS = (State.IN_FORCE, State.SUSPENDED)
WORDS = 500
TRIES = 64
SUSPENSIONS = ("lost", "stolen", "checking", "complaint")
REVOCATIONS = ("misuse", "wrong_person", "issued_wrongly", "not_leaving", "died", "returned")
REPLACEMENTS = ("lost", "damaged", "key_changed", "corrected")
LOOKED_INTO = ("checking", "complaint")
"""Suspensions that wait for an answer: whoever puts another card in the place of such a one says what came of it."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The answer about a card: its number and state, its last day, and whether the same was answered before."""

    pass_id: UUID
    journey_id: UUID
    person_id: UUID
    number: str
    state: str
    until: dt.date
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def issue_pass(*, journey_id: UUID, once: str = "") -> Issued:
    """Issue the card when the journey has come to its step; that step is done with it. One card stands for a journey.

    Refused: journey_over, not_your_step, no_card_step, pass_stands, pass_not_yet, pass_country_missing, contract_over, person_died.
    """
    sent = form("issue_pass", journey_id, once)
    held = _open(journey_id)
    if before := sent.answered():
        return _answer(Pass.objects.get(id=before), again=True)
    rule = _step(held)
    check_hers(rule)
    if there := _standing(held):
        raise Refused("pass_stands", rule.basis, number=there.number, who=there.by_name, at=there.at)
    row = held.now(rule.id)
    if row is None and rule.id not in held.passed:
        raise Refused("pass_not_yet", rule.basis, steps=[s.id for s in held.course.before(rule) if s.id not in held.passed])
    made = _make(held, None)
    if row is not None:
        write_down(row, JourneyStep.State.DONE, made.issued)
        settle(held)
        change_journey(held, "issue_pass", rule.id)
    return _kept(sent, made, "issued")


@act
def renew_pass(*, pass_id: UUID, once: str = "") -> Issued:
    """Register again: a new card in the place of one that ended or soon ends, while the journey goes on.

    Refused: journey_over, not_the_last_pass, pass_suspended, pass_revoked, contract_over, person_died.
    """
    old, held, sent, before = _of("renew_pass", pass_id, once)
    if before:
        return before
    if old.state in (State.SUSPENDED, State.REVOKED):
        raise Refused(f"pass_{old.state}", BASIS, number=old.number)
    today = timezone.localdate()
    limit = reregister_by(old.until)
    note(after_the_year=limit is not None and today > limit)
    return _kept(sent, _succeed(held, old, State.EXPIRED if old.until < today else State.REPLACED, "renewed", ""), "renewed")


@act
def replace_pass(*, pass_id: UUID, reason: str, words: str = "", once: str = "") -> Issued:
    """Put a new card in the place of one that was lost or damaged, says something wrong, or was signed with a key that is withdrawn."""
    old, held, sent, before = _of("replace_pass", pass_id, once)
    if before:
        return before
    if reason not in REPLACEMENTS:
        raise Refused("unknown_reason")
    if old.state not in STANDS or old.until < timezone.localdate():
        raise Refused("pass_over", BASIS, number=old.number)
    if old.state == State.SUSPENDED and old.reason in LOOKED_INTO and len(words.split()) < 2:
        raise Refused("no_reason")
    return _kept(sent, _succeed(held, old, State.REPLACED, reason, words, old.until), "replaced")


@act
def suspend_pass(*, pass_id: UUID, reason: str, words: str = "", once: str = "") -> Issued:
    """Suspend a card: from now on verifiers are told that it does not hold, until it is lifted. The worker may do it herself."""
    return _change("suspend_pass", pass_id, once, (State.IN_FORCE,), State.SUSPENDED, reason, SUSPENSIONS, words)


@act
def lift_pass(*, pass_id: UUID, words: str, once: str = "") -> Issued:
    """Let a suspended card hold again; who suspended it and why stays in the ledger."""
    if len(words.split()) < 2:
        raise Refused("no_reason")
    return _change("lift_pass", pass_id, once, (State.SUSPENDED,), State.IN_FORCE, "lifted", ("lifted",), words)


@act
def revoke_pass(*, pass_id: UUID, reason: str, words: str, once: str = "") -> Issued:
    """Take a card back for good; who has not gone further since stands before the step again and may get a new one."""
    if len(words.split()) < 2:
        raise Refused("no_reason")
    return _change("revoke_pass", pass_id, once, (*STANDS, State.EXPIRED), State.REVOKED, reason, REVOCATIONS, words)


@act
def publish_lists() -> int:
    """Sign every list anew, mark the cards whose last day is over, and begin a list when the last is half full. Give how many lists."""
    Pass.objects.filter(state=State.IN_FORCE, until__lt=timezone.localdate()).update(state=State.EXPIRED)
    turns = list(PassList.objects.order_by("turn").values_list("turn", flat=True))
    if turns and Pass.objects.filter(status_list_id=turns[-1]).count() >= FULL:
        turns.append(turns[-1] + 1)
        PassList.objects.create(turn=turns[-1], name=name_of(turns[-1]))
    for turn in turns:
        remake(turn)
    note(count=len(turns))
    return len(turns)


def reregister_by(until: dt.date) -> dt.date | None:
    """Give the last day on which the holder of a card that ended may register again, by the law of that day; None where none says it."""
    clock = next((c for c in law().clocks if c.id == REREGISTER and c.holds_on(until)), None)
    return add_months(until, 12 * clock.years) if clock is not None and clock.years else None


def _open(journey_id: UUID) -> Held:
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    return held


def _step(held: Held) -> Step:
    rule = held.course.step(STEP)
    if rule is None:
        raise Refused("no_card_step", held.course.scheme.basis)
    return rule


def _standing(held: Held) -> Pass | None:
    """Give the card that stands; one whose last day is over stands no more."""
    found: Pass | None = Pass.objects.filter(journey_id=held.journey.id, state__in=STANDS).first()
    if found is not None and found.state == State.IN_FORCE and found.until < timezone.localdate():
        found.state = State.EXPIRED
        found.save(update_fields=["state"])
        return None
    return found


def _of(verb: str, pass_id: UUID, once: str) -> tuple[Pass, Held, Form, Issued | None]:
    """Give a card within reach that is to be followed by another, its journey locked, and the answer that this form got before."""
    sent = form(verb, pass_id, once)
    journey_id = Pass.objects.filter(id=pass_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    held = _open(journey_id)
    if before := sent.answered():
        row = Pass.objects.get(id=before)
        return row, held, sent, _answer(row, again=True)
    old = Pass.objects.get(id=pass_id)
    if later := Pass.objects.filter(journey_id=journey_id).order_by("-at", "-id").exclude(id=old.id).filter(at__gt=old.at).first():
        raise Refused("not_the_last_pass", BASIS, number=later.number, who=later.by_name, at=later.at)
    return old, held, sent, None


def _succeed(held: Held, old: Pass, state: str, reason: str, words: str, until: dt.date | None = None) -> Pass:
    _mark(old, state, reason, words)
    made = _make(held, old, until)
    if state == State.REPLACED:
        _publish(old.status_list_id)
    return made


def _change(
    verb: str, pass_id: UUID, once: str, before: tuple[str, ...], state: str, reason: str, reasons: tuple[str, ...], words: str
) -> Issued:
    """Bring a card from one state into another, and sign its list anew in the same transaction."""
    sent = form(verb, pass_id, once)
    journey_id = Pass.objects.filter(id=pass_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    held = hold(journey_id)
    row = Pass.objects.get(id=pass_id)
    note(subject=held.person.id, journey=str(journey_id), number=row.number)
    if sent.answered():
        return _answer(row, again=True)
    if reason not in reasons:
        raise Refused("unknown_reason")
    if row.state == state:
        raise Refused("pass_so_already", BASIS, number=row.number, who=row.changed_by_name or row.by_name, at=row.changed_at or row.at)
    if row.state not in before:
        raise Refused("pass_over", BASIS, number=row.number)
    _mark(row, state, reason, words)
    if state == State.REVOKED and not Pass.objects.filter(journey_id=journey_id, at__gt=row.at).exists():
        _back_to_the_step(held, words)  # what a newer card stands for is not undone with an older one
    _publish(row.status_list_id)
    return _kept(sent, row, state)


def _back_to_the_step(held: Held, words: str) -> None:
    """Open the step again, unless somebody has gone further or the journey is over: then a new card is issued at need."""
    rule = held.course.step(STEP)
    if rule is None or held.journey.state != Journey.State.OPEN:
        return
    if (row := held.last(rule.id)) is None or any(step.id in held.passed for step in held.course.followers(rule)):
        return
    give_back(held, row, " ".join(words.split())[:REASON])
    settle(held)
    change_journey(held, "revoke_pass", rule.id)


def take_back(held: Held, reason: str, unless_for: str | None = None) -> None:
    """Revoke the card that stands because its journey is another one now; `unless_for` is the country for which it may stay."""
    row = _standing(held)
    if row is None or (unless_for is not None and take_apart(row.token).card().country == unless_for):
        return
    _mark(row, State.REVOKED, reason, "")
    _back_to_the_step(held, "")
    _publish(row.status_list_id)


def _mark(row: Pass, state: str, reason: str, words: str) -> None:
    actor = current()
    row.state, row.reason, row.words = state, reason, " ".join(words.split())[:WORDS]
    row.changed_by, row.changed_by_name, row.changed_office, row.changed_at = actor.address, actor.name, actor.office, timezone.now()
    row.save(update_fields=["state", "reason", "words", "changed_by", "changed_by_name", "changed_office", "changed_at"])


def _publish(turn: int) -> None:
    with handed_to("cards"):  # a list tells of cards beyond this officer's sight
        remake(turn)


def _make(held: Held, earlier: Pass | None, until: dt.date | None = None) -> Pass:
    """Sign a new card and write it down at a free place of the list."""
    if held.her.died_on is not None:
        raise Refused("person_died")
    if not held.journey.country_id:
        raise Refused("pass_country_missing", BASIS)
    today, actor = timezone.localdate(), current()
    until = until or _last_day(held, today)
    among = list_to_issue_from()
    row = Pass(
        journey=held.journey, person=held.person, status_list=among, issued=today, since=today, until=until, earlier=earlier,
        by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now(),
    )  # fmt: skip
    row.number = _number(row.id)
    for _ in range(TRIES):
        row.place = secrets.randbelow(SIZE)
        sign_pass(row, held, among)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as fault:
            if "one_card_a_place" not in str(fault):
                raise
        else:
            break
    else:
        raise LookupError(f"no free place in the list {among.name}")
    if not among.signed:
        _publish(among.turn)
    note(number=row.number, key=row.kid, until=until.isoformat())
    return row


def _number(row_id: UUID) -> str:
    """Give a card's number: short enough to be read out, and telling nothing."""
    text = b32encode(hashlib.sha256(b"card" + row_id.bytes).digest()).decode()[:12]
    return "EK-" + "-".join(text[i : i + 4] for i in (0, 4, 8))


def _last_day(held: Held, today: dt.date) -> dt.date:
    """Give the last day: that of the contract, and no later than the law's longest."""
    contract = Document.objects.filter(journey_id=held.journey.id, kind=Document.Kind.CONTRACT, current=True).first()
    ends = contract.until if contract else None
    if ends is not None and ends < today:
        raise Refused("contract_over", CONTRACT_BASIS, until=ends)
    longest = add_months(today, 12 * (law().clock(VALID, today).years or 0))
    return min(longest, ends) if ends else longest


def sign_pass(row: Pass, held: Held, among: PassList) -> None:
    """Sign a card for its place: the paper, and the credential with every statement that is known."""
    her, journey, keys = held.her, held.journey, card_keys()
    name = " ".join(her.name.split())
    year = her.birth_date.year if her.birth_date else None
    said: dict[str, Any] = {
        "number": row.number, "name": name, "birth_year": year, "country": journey.country_id, "until": row.until.isoformat(),
        "birth_date": her.birth_date.isoformat() if her.birth_date and her.birth_precision == "day" else None,
        "scheme": journey.scheme, "agency": _party(journey.agency), "employer": _employer(journey),
    }  # fmt: skip
    zone = timezone.get_current_timezone()
    first, last = dt.datetime.combine(row.since, dt.time(), zone), dt.datetime.combine(row.until, dt.time(23, 59, 59), zone)
    bound = Bound(issuer(), E_KPMI, dt.datetime.combine(row.issued, dt.time(), dt.UTC), first, last, list_address(among.name), row.place)
    try:
        key = keys.signer(CARD, row.issued)
        card = Card(row.number, name, year, journey.country_id or "", row.issued, row.since, row.until, among.name, row.place)
        row.kid, row.token = key.kid, sign_card(card, key)
        shown = {field: value for field, value in said.items() if value}
        row.credential = issue(shown, bound, None, keys.signer(CREDENTIAL, row.issued))
    except Unfit as fault:
        if fault.reason.code.startswith("key"):
            raise Refused("pass_no_key", BASIS) from None
        raise Refused("pass_cannot_say", BASIS, what=str(fault.reason.params.get("field", fault.reason.code))) from None


def _party(key: str) -> str:
    found = party_by_key(key) if key else None
    return found.name if found else ""


def _kept(sent: Form, row: Pass, outcome: str) -> Issued:
    sent.keep(row.person_id, row.id, outcome)
    return _answer(row)


def _answer(row: Pass, *, again: bool = False) -> Issued:
    note(subject=row.person_id, card=str(row.id), state=row.state, again=again)
    return Issued(row.id, row.journey_id, row.person_id, row.number, row.state, row.until, again)


def _employer(journey: Journey) -> str:
    """Give the employer with whom she left; after a change, and of a household, nothing."""
    party = party_by_key(journey.employer) if journey.employer else None
    changed = any(is_change(row) for row in in_force(journey.id, Report.Kind.EMPLOYER))
    return "" if changed or party is None or party.individual else party.name
