"""Verbs on agreements: sign one with its clauses, end one."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from selaras.agreements.models import Agreement, Clause
from selaras.ground.act import NotThere, Refused, act, note
from selaras.law.load import law

KINDS = frozenset({"mou", "pks", "g_to_g", "perda"})


@act
def sign_agreement(
    *,
    number: str,
    kind: str,
    title: str,
    parties: str,
    since: date,
    until: date | None = None,
    clauses: Iterable[tuple[str, str, str]] = (),
) -> Agreement:
    """Enter a signed agreement; each clause is its number, the row of law/sharing.toml it relies on, and its text."""
    if kind not in KINDS:
        raise Refused("unknown_agreement_kind", kind=kind)
    if until is not None and until < since:
        raise Refused("agreement_ends_before_it_begins")
    number = number.strip()
    if Agreement.objects.filter(number__iexact=number).exists():
        raise Refused("agreement_exists", number=number)
    agreement = Agreement.objects.create(
        number=number, kind=kind, title=title, parties=parties, since=since, until=until
    )
    known = {row.id for row in law().sharing}
    for place, sharing, text in clauses:
        if sharing not in known:
            raise Refused("unknown_sharing", sharing=sharing)
        Clause.objects.create(agreement=agreement, number=place, sharing=sharing, text=text)
    note(agreement=number, kind=kind)
    return agreement


@act
def end_agreement(*, number: str, why: str, on: date | None = None) -> Agreement:
    """End an agreement: from the next day nothing flows under it; what has flowed stays."""
    agreement = Agreement.objects.select_for_update().filter(number__iexact=number.strip()).first()
    if agreement is None:
        raise NotThere("not there")
    if agreement.ended_on is not None:
        raise Refused("agreement_ended_already", number=agreement.number)
    agreement.ended_on = on or timezone.localdate()
    agreement.ended_why = why
    agreement.save(update_fields=["ended_on", "ended_why"])
    note(agreement=agreement.number, ended_on=agreement.ended_on.isoformat())
    return agreement
