"""Opens one number; each opening is a ledger line with its reason."""

from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import NotThere, Refused, ask, note
from selaras.people.models import Identifier

REASONS = (
    "identity",
    "paper",
    "case",
    "request",
)  # check who she is, fill in a paper, work on a case, she asked for it


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """One number in full."""

    person_id: UUID
    id: UUID
    kind: str
    value: str

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def reveal_number(identifier_id: UUID, reason: str) -> OpenNumber:
    """Open one number of a person within reach, for a stated reason."""
    if reason not in REASONS:
        raise Refused("reason_missing")
    row = Identifier.objects.filter(id=identifier_id).first()
    if row is None:
        raise NotThere("not there")
    note(kind=row.kind, reason=reason)
    return OpenNumber(row.person_id, row.id, row.kind, row.value)
