"""Who looks after which officers: every office for the administration, else one's own office and those below it."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import Office, Officer, Posting
from selaras.ground.scope import Actor
from selaras.law.load import law

# A regency's labour office looks after the villages and desks of its area; every other head after the own office only.
BELOW: dict[str, tuple[str, ...]] = {Office.Kind.REGENCY: (Office.Kind.VILLAGE, Office.Kind.DESK)}


def gives(actor: Actor) -> tuple[str, ...]:
    """List the roles that an actor may give to others."""
    today = timezone.localdate()
    rows = (law().role(name, today) for name in sorted(actor.roles))
    return tuple(dict.fromkeys(role for row in rows if row is not None for role in row.gives))


def everywhere(actor: Actor) -> bool:
    """Say whether an actor looks after the officers of every office."""
    today = timezone.localdate()
    return any(row is not None and row.everywhere for row in (law().role(name, today) for name in actor.roles))


def offices_of(actor: Actor, prefix: str = "") -> Q:
    """Give the condition that holds for the offices whose officers an actor looks after; `prefix` leads to the office."""
    if everywhere(actor):
        return Q()
    own = Office.objects.filter(pk=actor.office_id).first() if actor.office_id else None
    if own is None:
        return Q(pk__in=[])
    condition = Q(**{f"{prefix}pk": own.pk})
    if own.area_id and own.kind in BELOW:
        below: dict[str, Any] = {f"{prefix}kind__in": BELOW[own.kind], f"{prefix}area__code__startswith": own.area_id}
        condition |= Q(**below)
    return condition


def officer_to_change(actor: Actor, officer: Officer) -> bool:
    """Say whether an actor may change this officer's account: all her postings are in these offices, in roles that the actor may give."""
    if f"officer:{officer.pk}" == actor.address:
        return False
    if everywhere(actor):
        return True
    hers = Posting.objects.filter(officer=officer)
    still = hers.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    elsewhere = still.exclude(offices_of(actor, "office__")) | still.exclude(role__in=gives(actor))
    return hers.filter(offices_of(actor, "office__")).exists() and not elsewhere.exists()


def held(actor: Actor, officer_id: Any) -> Officer:
    """Give an officer whose account the actor may change, locked until this transaction ends; nobody changes her own."""
    officer = Officer.objects.select_for_update().filter(pk=officer_id).first()
    if officer is None:
        raise NotThere("not there")
    if f"officer:{officer.pk}" == actor.address:
        raise Refused("not_oneself")
    if not officer_to_change(actor, officer):
        raise NotThere("not there")
    return officer


def may_be_posted(actor: Actor, office: Office, role: str) -> None:
    """Refuse a posting that is not the actor's to give: the role, the kind of office, the office."""
    row = law().role(role, timezone.localdate())
    if row is None or not row.at:
        raise Refused("unknown_role", role=role)
    if role not in gives(actor):
        raise Refused("not_yours_to_give", role=role)
    if not Office.objects.filter(offices_of(actor), pk=office.pk).exists():
        raise NotThere("not there")
    if office.kind not in row.at:
        raise Refused("role_not_here", role=role)
