"""Questions about officers: who is posted where, whose account is switched off, who has no second step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.ground.looking_after import everywhere, gives, officer_to_change, offices_of
from selaras.ground.models import Office, Officer, Posting
from selaras.ground.scope import Actor, current
from selaras.law.load import law

STATES = ("on", "off", "no_step", "unposted")
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One posting; `over` when its last day is gone, `coming` before its first."""

    id: UUID
    office_id: UUID
    office_key: str
    office: str
    role: str
    since: date
    until: date | None
    over: bool
    coming: bool
    changeable: bool


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """One officer as a list shows her."""

    id: UUID
    name: str
    email: str
    active: bool
    second_step: bool
    needs_second_step: bool
    has_password: bool
    last_login: datetime | None
    locale: str
    postings: tuple[PostingLine, ...]
    changeable: bool = False
    oneself: bool = False


@dataclass(frozen=True, slots=True)
class Officers:
    """A part of a list of officers, and how many there are."""

    lines: tuple[OfficerLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office to which somebody may be posted."""

    id: UUID
    key: str
    kind: str
    name: str


def _seen(actor: Actor) -> QuerySet[Officer]:
    """The officers whom an actor looks after: those who are or were posted in these offices."""
    rows = Officer.objects.all()
    if everywhere(actor):
        return rows
    there = Posting.objects.filter(offices_of(actor, "office__"), officer=OuterRef("pk"))
    return rows.filter(Exists(there))


def _in_force(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


@ask
def see_officers(text: str = "", office: UUID | None = None, state: str = "", start: int = 0, limit: int = 50) -> Officers:
    """List officers by name or address, office and state, in the order of their names."""
    actor, today = current(), timezone.localdate()
    rows = _seen(actor)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
    hers = Posting.objects.filter(_in_force(today), officer=OuterRef("pk"))
    if office is not None:
        rows = rows.filter(Exists(hers.filter(office=office)))
    if state in ("on", "off"):
        rows = rows.filter(is_active=state == "on")
    if state == "no_step":
        rows = rows.filter(~Exists(Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=STEPS)))
    if state == "unposted":
        rows = rows.filter(~Exists(hers))
    found = list(rows.order_by("name", "pk")[start : start + limit])
    note(count=len(found))
    return Officers(tuple(_lines(found, actor)), rows.count())


@ask
def see_officer(officer_id: UUID) -> OfficerLine:
    """Open one officer's account: her postings, past ones, too, and what of it the actor may change."""
    actor = current()
    officer = _seen(actor).filter(pk=officer_id).first()
    note(officer=str(officer_id))
    if officer is None:
        raise NotThere("not there")
    (line,) = _lines([officer], actor, past=True, changeable=officer_to_change(actor, officer))
    return line


def _lines(officers: list[Officer], actor: Actor, *, past: bool = False, changeable: bool = False) -> Iterable[OfficerLine]:
    today = timezone.localdate()
    ids = [o.pk for o in officers]
    postings = Posting.objects.filter(officer_id__in=ids).select_related("office").order_by("since", "pk")
    if not past:
        postings = postings.filter(Q(until__isnull=True) | Q(until__gte=today))
    mine = set(postings.filter(offices_of(actor, "office__")).values_list("pk", flat=True))
    steps = set(Authenticator.objects.filter(user_id__in=ids, type__in=STEPS).values_list("user_id", flat=True))
    hers: dict[UUID, list[PostingLine]] = {}
    for p in postings:
        over = p.until is not None and p.until < today
        oneself = actor.address == f"officer:{p.officer_id}"
        line = PostingLine(
            p.pk, p.office_id, p.office.key, p.office.name, p.role, p.since, p.until, over, p.since > today,
            not over and p.pk in mine and not oneself,
        )  # fmt: skip
        hers.setdefault(p.officer_id, []).append(line)
    for o in officers:
        yield OfficerLine(
            o.pk, o.name, o.email, o.is_active, o.pk in steps, o.needs_second_factor, o.has_usable_password(), o.last_login,
            o.locale, tuple(hers.get(o.pk, ())), changeable, actor.address == f"officer:{o.pk}",
        )  # fmt: skip


def officer_seen(officer_id: UUID) -> Officer:
    """Give an officer whom the actor looks after, for a verb that takes one; else she is not there."""
    officer = _seen(current()).filter(pk=officer_id).first()
    if officer is None:
        raise NotThere("not there")
    return officer


def office_looked_after(office_id: UUID) -> OfficeChoice | None:
    """Give an office whose officers the actor looks after."""
    row = Office.objects.filter(offices_of(current()), pk=office_id).first()
    return OfficeChoice(row.pk, row.key, row.kind, row.name) if row else None


def offices_named(text: str, limit: int = 7) -> list[Office]:
    """Find the offices whose officers the actor looks after by key or name; one that is named exactly stands alone."""
    rows = Office.objects.filter(offices_of(current())).order_by("kind", "name")
    exact = list(rows.filter(Q(key=text.strip()) | Q(name__iexact=text.strip()))[:limit])
    return exact or list(rows.filter(name__icontains=text.strip())[:limit])


def own_office() -> Office | None:
    """Give the office of the actor, when its officers are hers to look after."""
    actor = current()
    if actor.office_id is None or not gives(actor):
        return None
    return Office.objects.filter(offices_of(actor), pk=actor.office_id).first()


def roles_to_give() -> list[str]:
    """List the roles that the actor may give, as they are in force today."""
    today = timezone.localdate()
    return [role for role in gives(current()) if law().role(role, today) is not None]
