"""From the place that a register writes to the official area code."""

import re

import polars as pl

from selaras.ground.models import Area

_CITY = re.compile(r"^(KOTA|KODYA|KOTAMADYA|KOTA ADM\w*\.?)\s+", re.IGNORECASE)
_KIND = re.compile(
    r"^(KABUPATEN|KAB|KOTA|KODYA|KOTAMADYA|ADMINISTRASI|ADM|DESA|DS|KELURAHAN|KEL|KEPULAUAN(?= SERIBU))\.?\s+",
    re.IGNORECASE,
)
_NOT_LETTER = re.compile(r"[^A-Z]")


def plain(name: str) -> str:
    """Write a place without its kind, its province, spaces and signs: KAB. INDRAMAYU, JAWA BARAT is INDRAMAYU."""
    text = name.split(",")[0].strip()
    while match := _KIND.match(text):
        text = text[match.end() :]
    return _NOT_LETTER.sub("", text.upper())


class Homes:
    """The official regencies, cities and villages by the names that registers write."""

    def __init__(self) -> None:
        self.regencies: dict[str, str] = {}
        self.cities: dict[str, str] = {}
        for name, code in Area.objects.filter(level=2).values_list("name", "code"):
            # A city and the regency around it often share a name: the word KOTA decides, and without it the regency,
            # because that is where most who leave come from.
            (self.cities if int(code[2:4]) > 70 else self.regencies)[plain(name)] = code

    def regency(self, text: str) -> str | None:
        """Give the code of a regency or city as written, or None."""
        name = plain(text)
        if _CITY.match(text.strip()):
            return self.cities.get(name) or self.regencies.get(name)
        return self.regencies.get(name) or self.cities.get(name)

    def regency_codes(self, texts: pl.Series) -> pl.Series:
        """Read a column of regencies, each spelling once."""
        distinct = texts.drop_nulls().unique()
        codes = pl.Series([self.regency(text) for text in distinct], dtype=pl.String)
        return texts.replace_strict(distinct, codes, default=None, return_dtype=pl.String)

    def village_codes(self, regencies: pl.Series, villages: pl.Series) -> pl.Series:
        """Give the village's code where its regency has just one of that name; else None."""
        asked = pl.DataFrame({"regency": regencies, "said": villages})
        distinct = asked.drop_nulls().unique()
        if distinct.is_empty():
            return pl.Series([None] * len(asked), dtype=pl.String)
        distinct = distinct.with_columns(
            name=pl.Series([plain(text) for text in distinct["said"]], dtype=pl.String)
        )
        wanted = distinct["regency"].unique().to_list()
        known: dict[tuple[str, str], str | None] = {}
        villages = Area.objects.filter(level=4, parent__parent_id__in=wanted)
        for name, code in villages.values_list("name", "code"):
            key = (code[:4], plain(name))
            known[key] = None if key in known else code
        found = [known.get(key) for key in distinct.select("regency", "name").iter_rows()]
        distinct = distinct.with_columns(code=pl.Series(found, dtype=pl.String))
        return asked.join(distinct, on=["regency", "said"], how="left", maintain_order="left")["code"]
