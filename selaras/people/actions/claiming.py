"""The named job that looks through the whole register whether somebody else bears the number of a paper."""

from uuid import UUID

from selaras.ground.act import act, note
from selaras.people.actions.writing import event
from selaras.people.doubts import PAPER, open_between
from selaras.people.models import Fact, Identifier
from selaras.people.queries.surviving import all_of, surviving


@act
def claim_number(*, person_id: UUID, kind: str, index: UUID, officer: str) -> bool:
    """Say whether the number of a paper stands with somebody else; if so, put the two records before the reviewers.

    The event hangs on the other record, as for every number that stands with two, so the officer who wrote the paper down learns nothing
    of it. The caller holds the lock on the number.
    """
    hers = set(all_of(person_id))
    papers = Fact.objects.filter(index=index, superseded_by__isnull=True).exclude(verdict=Fact.Verdict.REFUSED)
    numbers = Identifier.objects.filter(index=index).exclude(doubt="other")
    others = {*papers.values_list("person_id", flat=True), *numbers.values_list("person_id", flat=True)}
    standing = {surviving(other) for other in others - hers}
    for other in sorted(standing):
        if not open_between(other, person_id):
            after = {"person": str(person_id)}
            event(other, "conflict", officer, reason=f"{PAPER}{kind}", after=after).save(force_insert=True)
    note(kind=kind, count=len(standing))
    return bool(standing)

