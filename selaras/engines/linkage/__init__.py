"""Many registers, one person: standardise, block, score with reasons, resolve and count, without any truth."""

from selaras.engines.linkage.counting import headcount
from selaras.engines.linkage.countries import country_iso3
from selaras.engines.linkage.dates import standardise_date
from selaras.engines.linkage.files import UnreadableFile, link_files
from selaras.engines.linkage.layouts import UnknownLayout
from selaras.engines.linkage.linking import Linkage, link
from selaras.engines.linkage.names import KEY_VERSION, name_keys, name_similarity, search_keys, standardise_name
from selaras.engines.linkage.numbers import standardise_nik, standardise_passport, standardise_phone, standardise_sex
from selaras.engines.linkage.places import standardise_place
from selaras.engines.linkage.reasons import REASON_CODES, Reason, reasons
from selaras.engines.linkage.registers import Register, register

__all__ = [
    "KEY_VERSION", "REASON_CODES", "Linkage", "Reason", "Register", "UnknownLayout", "UnreadableFile",
    "country_iso3", "headcount", "link", "link_files", "name_keys", "name_similarity", "reasons", "register",
    "search_keys", "standardise_date", "standardise_name", "standardise_nik", "standardise_passport",
    "standardise_phone", "standardise_place", "standardise_sex",
]  # fmt: skip
