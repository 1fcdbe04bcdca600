"""What the newest run found to be mended: faults by office, and numbers that many persons' rows give; sealed at rest."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selaras.ground.act import NotThere, Refused, ask, note
from selaras.people.models import Identifier
from selaras.people.numbers import index_of, masked
from selaras.people.queries.numbers import REASONS
from selaras.reconcile.models import Run

BEARERS = 50
"""Persons whom the page of one number names; the ledger names all of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows of one register and one place with one kind of fault; `of` is how many rows that place has in all."""

    source: str
    code: str
    place: str
    rows: int
    of: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A number, hidden but for its end, that the rows of several persons give; `at` is its place in the report."""

    at: int
    kind: str
    shown: str
    rows: int
    persons: int
    sources: dict[str, int]
    sound: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be mended; a run that is not the newest one keeps nothing of it."""

    kept: bool
    faults: tuple[Fault, ...] = ()
    left_out: int = 0
    shared: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenShared:
    """One shared number in full, and persons who bear it now."""

    run_id: UUID
    kind: str
    value: str
    persons: tuple[UUID, ...]
    more: int


def findings_of(found: dict[str, Any]) -> Findings:
    """Read what a run keeps, numbers hidden."""
    if not found:
        return Findings(kept=False)
    return Findings(
        True,
        tuple(Fault(f["source"], f["code"], f["place"], f["rows"], f["of"], tuple(f["examples"])) for f in found["faults"]),
        found["left_out"],
        tuple(
            Shared(at, s["kind"], masked(s["number"]), s["rows"], s["persons"], s["sources"], s["sound"])
            for at, s in enumerate(found["shared"])
        ),
    )


def _kept(run_id: UUID) -> dict[str, Any]:
    found = Run.objects.filter(pk=run_id, state=Run.State.DONE).values_list("findings", flat=True).first()
    if found is None:
        raise NotThere("not there")
    if not found:
        raise Refused("findings_gone")
    return dict(found)


@ask
def download_faults(run_id: UUID) -> tuple[Fault, ...]:
    """Give all faults that the newest run counted, to be mended at their source."""
    found = findings_of(_kept(run_id)).faults
    note(count=len(found), run=str(run_id))
    return found


@ask
def open_shared_number(run_id: UUID, at: int, reason: str) -> OpenShared:
    """Open one number that many share, for a stated reason; a line about every person who bears it."""
    if reason not in REASONS:
        raise Refused("reason_missing")
    shared = _kept(run_id)["shared"]
    if not 0 <= at < len(shared):
        raise NotThere("not there")
    kind, value = shared[at]["kind"], shared[at]["number"]
    bearing = Identifier.objects.filter(index=index_of(kind, value), person__merged_into__isnull=True)
    persons = list(dict.fromkeys(bearing.order_by("person_id").values_list("person_id", flat=True)))
    note(subjects=persons, count=len(persons), run=str(run_id), kind=kind, reason=reason)
    return OpenShared(run_id, kind, value, tuple(persons[:BEARERS]), max(0, len(persons) - BEARERS))
