"""Answers a form once: the same form sent again by the same officer gets the answer that it got before."""

from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import note
from selaras.ground.fixed import Question, insert
from selaras.ground.keyring import ring
from selaras.ground.scope import current
from selaras.people.models import Receipt

_kept = Question(lambda key: Receipt.objects.filter(id=key).values_list("row_id"))


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one officer; without a key of its own it is never known again."""

    key: UUID | None

    def answered(self) -> UUID | None:
        """Give the row of the answer that this form got before. Ask it behind the lock on the person, else two may both hear no."""
        found = _kept.first(self.key) if self.key else None
        if found is None:
            return None
        note(again=True)
        row: UUID = found[0]
        return row

    def keep(self, person_id: UUID, row_id: UUID, outcome: str) -> None:
        """Keep what was answered."""
        if self.key:
            insert([Receipt(id=self.key, person_id=person_id, row_id=row_id, outcome=outcome)])


def form(*what: str | UUID) -> Form:
    """Give the form that the acting officer sent: a verb, what it is about, and last the form's own key (none: it is known never again).

    What it is about belongs to it: a page may give one key to all of its buttons.
    """
    once = what[-1]
    return Form(ring().index_of("receipt", "\0".join([current().address, *map(str, what)])) if once else None)
