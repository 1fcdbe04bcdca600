"""Reads a basis such as "UU18:13b" and says it in words, in either language of the rows."""

import re
from dataclasses import dataclass

from selaras.law.shapes.base import Source

ARTICLE = re.compile(r"^(?P<article>\d+[A-Z]?)(?P<paragraph>(?:\(\d+\))?)(?P<letters>[a-z]*)$")


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in one instrument; without an article it is the instrument as a whole."""

    source: str
    article: str = ""
    paragraph: str = ""
    letters: str = ""


def cited(basis: str) -> Citation:
    """Take a basis apart; what is no article, such as the name of a procedure, names the instrument alone."""
    source, _, place = basis.partition(":")
    found = ARTICLE.match(place)
    if not found:
        return Citation(source)
    return Citation(source, found["article"], found["paragraph"].strip("()"), found["letters"])


def in_words(basis: str, source: Source, language: str) -> str:
    """Say a basis in words: "pasal 13 huruf b UU 18/2017", or "article 13 letter b, Law 18/2017"."""
    place, english = cited(basis), language.startswith("en")
    name = (source.short_en or source.title_en) if english else (source.short or source.title)
    if not place.article:
        return name
    words = ["article" if english else "pasal", place.article]
    if place.paragraph:
        words += ["paragraph", place.paragraph] if english else ["ayat", f"({place.paragraph})"]
    if place.letters:
        one, many, and_ = ("letter", "letters", "and") if english else ("huruf", "huruf", "dan")
        words += [one if len(place.letters) == 1 else many, f" {and_} ".join(place.letters)]
    return f"{' '.join(words)}{',' if english else ''} {name}"
