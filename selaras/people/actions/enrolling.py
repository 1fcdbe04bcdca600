"""Opens a person's own way in, with proof before an officer: she is there, her paper is seen, her telephone answers on the spot."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.ground import notices
from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.models import Office
from selaras.ground.scope import current
from selaras.people.actions.correcting import locked
from selaras.people.actions.phones import (
    begins,
    check_code,
    end_passkeys,
    in_force,
    make_code,
    put_phone,
    refuse_unfit,
    spelt,
    still_taken,
)
from selaras.people.actions.writing import lock
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Account, Card, OfficePhone, PhoneCode, SignInPhone
from selaras.people.queries.surviving import hers

PAPERS = ("ktp", "passport", "splp", "seafarer_book")
"""The papers that prove who stands before the desk."""
CLOSING = ("lost", "asked", "misuse")
"""Why an officer stops an account: the telephone is lost, she asked for it, somebody else uses it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code is on its way to a telephone; the answer says under which id it is checked."""

    person_id: UUID
    code_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How a proof ended: `opened`, `waits` (a new telephone beside the old one), `again` (it stood already) or `wrong`."""

    person_id: UUID
    outcome: str
    phone_id: UUID | None = None

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def accounts_of(person_id: UUID) -> list[Account]:
    """Give a person's open accounts, locked, the oldest first: several where records were merged that each had one."""
    rows = Account.objects.select_for_update(of=("self",)).filter(person_id__in=hers(person_id), ended_at__isnull=True)
    return list(rows.order_by("made_at", "id"))


@act
def ask_enrolment(*, person_id: UUID, phone: str, paper: str, kind: str = "worker", country: str = "") -> Asked:
    """Send a code to the telephone that a person holds in her hand before the officer, whose paper he has seen."""
    faults = [] if paper in PAPERS else [Fault("paper", "paper_missing")]
    faults += [] if kind in Account.Kind.values else [Fault("kind", "unknown_kind")]
    if faults:
        raise Unfit(faults)
    person = locked(person_id)
    if person.died_on is not None:
        raise Refused("person_died")
    value, index = spelt(phone, country)
    refuse_unfit(index, hers(person.id))
    row, code = make_code("enrol", value, index, current().address, person_id=person.id, kind=kind, paper=paper)
    notices.put("desk_code", value, language="id", lasts=row.until - timezone.now(), code=code)
    note(paper=paper)
    return Asked(person.id, row.id)


@act
def enrol_worker(*, code_id: UUID, code: str) -> Enrolled:
    """Open the account, or name a new telephone for it, when the code that was sent is said at the desk.

    Twice is once: the same telephone again changes nothing. Of two desks that enrol one telephone at the same time the second is
    refused. A wrong code is an answer and no refusal, so that its try is counted.
    """
    waiting = PhoneCode.objects.filter(id=code_id, purpose="enrol", asked_by=current().address).first()
    if waiting is None or waiting.person_id is None:
        raise NotThere("not there")
    lock([waiting.index])
    person = locked(waiting.person_id)
    row, opens = check_code(code_id, code, "enrol")
    if row is None:
        raise NotThere("not there")
    accounts = accounts_of(person.id)
    account = accounts[0] if accounts else None
    if row.used_at is not None and not opens:  # the button was pressed twice
        there = still_taken(row.index).filter(account__in=accounts).first()
        return Enrolled(person.id, "again" if there else "wrong", there.id if there else None)
    if not opens:
        note(code="wrong")
        return Enrolled(person.id, "wrong")
    refuse_unfit(row.index, hers(person.id))
    note(paper=row.paper)
    if account is None:
        account = Account.objects.create(person_id=person.id, kind=row.kind, made_by=current().address)
    elif row.kind == Account.Kind.WORKER and account.kind != row.kind:
        account.kind = row.kind
        account.save(update_fields=["kind"])
    there = still_taken(row.index).filter(account__in=accounts, until__isnull=True).first()
    if there is not None:
        return Enrolled(person.id, "again", there.id)
    since = begins(account, hers(person.id))
    first = since <= timezone.now()
    made = put_phone(account, row.value, row.index, "enrolled" if first else "recovered", current().address, since)
    if first:
        notices.put("enrolled", row.value, language=account.locale)
    note(outcome="opened" if first else "waits")
    return Enrolled(person.id, "opened" if first else "waits", made.id)


def _waiting(way_id: UUID) -> SignInPhone | Card:
    """Give a telephone or card that waits, locked; refuse one that does not."""
    phone = SignInPhone.objects.select_for_update(of=("self",)).filter(id=way_id).select_related("account").first()
    card = None if phone else Card.objects.select_for_update(of=("self",)).filter(id=way_id).select_related("account").first()
    found: SignInPhone | Card | None = phone or card
    if found is None:
        raise NotThere("not there")
    over = found.until if isinstance(found, SignInPhone) else found.ended_at
    if over is not None or found.since <= timezone.now():
        raise Refused("way_waits_no_more")
    return found


@act
def second_way(*, way_id: UUID) -> Enrolled:
    """Let a telephone or card that an officer gave open at once: another officer has seen the person and her paper, too.

    A woman abroad without her old telephone may need her page today: two officers who both stand for her take the place of the wait.
    """
    row = _waiting(way_id)
    by = row.by if isinstance(row, SignInPhone) else row.made_by
    if isinstance(row, SignInPhone) and row.how != "recovered":
        raise Refused("way_waits_no_more")  # she named it herself: nobody stands in for her wait
    if by == current().address:
        raise Refused("not_the_same_officer")
    now = timezone.now()
    row.since, row.seconded_by = now, current().address
    if isinstance(row, SignInPhone):
        for old in SignInPhone.objects.select_for_update(of=("self",)).filter(in_force(now), account=row.account).exclude(id=row.id):
            old.until = now
            old.save(update_fields=["until"])
            notices.put("phone_replaced", old.value, language=row.account.locale)
    else:
        Card.objects.filter(account=row.account, ended_at__gt=now).update(ended_at=now)
    end_passkeys(row.account)
    row.save(update_fields=["since", "seconded_by"])
    return Enrolled(row.account.person_id, "opened", row.id)


@act
def stop_way(*, way_id: UUID) -> Enrolled:
    """Stop a telephone or card that waits; what opened before goes on. She does it herself, or an officer for her."""
    row, now = _waiting(way_id), timezone.now()
    if isinstance(row, SignInPhone):
        SignInPhone.objects.filter(in_force(now), account=row.account, until=row.since).update(until=None)
        row.until = now
        row.save(update_fields=["until"])
    else:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        Card.objects.filter(account=row.account, ended_at=row.since).update(ended_at=None)
    return Enrolled(row.account.person_id, "stopped", row.id)


@act
def close_account(*, person_id: UUID, reason: str) -> Enrolled:
    """Stop every way in at once: telephones, cards, passkeys, sessions, of each account of hers. With proof at a desk it is opened anew."""
    if reason not in CLOSING:
        raise Refused("unknown_reason")
    person = locked(person_id)
    accounts = accounts_of(person.id)
    if not accounts:
        raise Refused("no_account")
    for account in accounts:
        _close(account)
    note(reason=reason)
    return Enrolled(person.id, "closed")


def _close(account: Account) -> None:
    now = timezone.now()
    for phone in SignInPhone.objects.filter(in_force(now), account=account):
        notices.put("closed", phone.value, language=account.locale)
    SignInPhone.objects.filter(account=account, since__gt=now).update(until=now)
    SignInPhone.objects.filter(in_force(now), account=account).update(until=now)
    Card.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now), account=account).update(ended_at=now)
    end_passkeys(account)
    account.ended_at = now
    account.save(update_fields=["ended_at"])


@act
def add_office_phone(*, office_id: UUID, phone: str) -> OfficePhone:
    """Enter a telephone of an office, such as an agency's: from then on nobody is enrolled with it."""
    _, index = spelt(phone)
    office = Office.objects.filter(id=office_id).first()
    if office is None:
        raise NotThere("not there")
    row, made = OfficePhone.objects.get_or_create(office=office, index=index)
    note(office=str(office.pk), again=not made)
    return row
