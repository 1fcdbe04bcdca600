"""Places of birth and origin in one spelling, so that KAB. NGAWI, JAWA TIMUR and Ngawi agree."""

import re

import polars as pl

from selaras.engines.linkage.spelling import fold_letters

PROVINCES = frozenset(
    {
        "ACEH", "NANGGROE ACEH DARUSSALAM", "SUMATERA UTARA", "SUMATERA BARAT", "RIAU", "JAMBI", "SUMATERA SELATAN",
        "BENGKULU", "LAMPUNG", "KEPULAUAN BANGKA BELITUNG", "BANGKA BELITUNG", "KEPULAUAN RIAU", "DKI JAKARTA",
        "JAWA BARAT", "JAWA TENGAH", "DI YOGYAKARTA", "DAERAH ISTIMEWA YOGYAKARTA", "JAWA TIMUR", "BANTEN", "BALI",
        "NUSA TENGGARA BARAT", "NUSA TENGGARA TIMUR", "NTB", "NTT", "JABAR", "JATENG", "JATIM", "KALIMANTAN BARAT",
        "KALIMANTAN TENGAH", "KALIMANTAN SELATAN", "KALIMANTAN TIMUR", "KALIMANTAN UTARA", "SULAWESI UTARA",
        "SULAWESI TENGAH", "SULAWESI SELATAN", "SULAWESI TENGGARA", "GORONTALO", "SULAWESI BARAT", "MALUKU",
        "MALUKU UTARA", "PAPUA", "PAPUA BARAT", "PAPUA SELATAN", "PAPUA TENGAH", "PAPUA PEGUNUNGAN",
        "PAPUA BARAT DAYA", "INDONESIA", "JAWA", "SUMATERA", "KALIMANTAN", "SULAWESI",
    }
)  # fmt: skip
_KINDS = "KAB|KABUPATEN|KOTA|KODYA|KOTAMADYA|KEC|KECAMATAN|DESA|DS|KEL|KELURAHAN|DUSUN|DSN"
_KIND = re.compile(rf"^(?:{_KINDS}) +(?=\w)")
_NOTHING = frozenset({"", "X", "XX", "XXX", "TIDAK ADA", "NULL", "NONE", "NA", "NIHIL"})


def standardise_place(text: str | None) -> str | None:
    """A place without its kind and without the province after a comma; None when nothing usable is said."""
    if not text:
        return None
    parts = [fold_letters(part) for part in text.split(",")]
    named = [part for part in parts if part] or [""]
    place = named[0]
    while match := _KIND.match(place):
        place = place[match.end() :]
    return None if place in _NOTHING else place


def plain_places(values: pl.Series) -> pl.Series:
    """Which texts `standardise_place` would leave as they are: words in capitals that begin with no kind of place."""
    plain = values.str.contains("^[A-Z]+( [A-Z]+)*$") & ~values.str.contains(f"^(?:{_KINDS}) ")
    return plain & ~values.is_in(sorted(_NOTHING))
