"""The nouns of the register of persons."""

from selaras.people.models.disputes import Dispute, Ruling
from selaras.people.models.history import Event, Grant, Receipt
from selaras.people.models.numbers import Identifier
from selaras.people.models.parties import Party, Standing
from selaras.people.models.person import Kin, NameForm, Person, PersonKey
from selaras.people.models.presence import Presence

__all__ = [
    "Dispute", "Event", "Grant", "Identifier", "Kin", "NameForm", "Party", "Person", "PersonKey", "Presence", "Receipt", "Ruling", "Standing",
]  # fmt: skip
