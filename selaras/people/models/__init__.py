"""The nouns of the register of persons."""

from selaras.people.models.accounts import Account, Card, CardCode, OfficePhone, Passkey, PhoneCode, SignInPhone
from selaras.people.models.disputes import Dispute, Ruling
from selaras.people.models.facts import Fact
from selaras.people.models.family import FamilyAccess
from selaras.people.models.history import Event, Grant, Receipt
from selaras.people.models.journeys import Journey, JourneyStep, SideEntry
from selaras.people.models.numbers import Identifier
from selaras.people.models.parties import Party, Standing
from selaras.people.models.person import Kin, NameForm, Person, PersonKey
from selaras.people.models.presence import Presence

__all__ = [
    "Account",
    "Card",
    "CardCode",
    "Dispute",
    "Event",
    "Fact",
    "FamilyAccess",
    "Grant",
    "Identifier",
    "Journey",
    "JourneyStep",
    "Kin",
    "NameForm",
    "OfficePhone",
    "Party",
    "Passkey",
    "Person",
    "PersonKey",
    "PhoneCode",
    "Presence",
    "Receipt",
    "Ruling",
    "SideEntry",
    "SignInPhone",
    "Standing",
]
