"""The nouns of the ground: places, offices, officers, the ledger, kept files."""

from selaras.ground.models.files import KeptFile
from selaras.ground.models.ledger import LedgerLine, LedgerSubject, Seal
from selaras.ground.models.notices import Notice
from selaras.ground.models.offices import Office, Officer, OfficeReach, Posting
from selaras.ground.models.places import AbroadDistrict, Area, Country
from selaras.ground.models.taken import TakenForm

__all__ = [
    "AbroadDistrict",
    "Area",
    "Country",
    "KeptFile",
    "LedgerLine",
    "LedgerSubject",
    "Notice",
    "Office",
    "OfficeReach",
    "Officer",
    "Posting",
    "Seal",
    "TakenForm",
]
