"""Writes the basis of a rule as people read it, on every page in the same way."""

from functools import lru_cache

from django.utils.translation import get_language

from selaras.law.load import law


def cite(basis: str) -> str:
    """Say a basis in words, such as "article 57, Law 18/2017"; what is no row of the law's sources stays as it was written."""
    return _cited(basis, get_language() or "id")


@lru_cache(maxsize=4096)
def _cited(basis: str, language: str) -> str:
    known = {source.id for source in law().sources}
    return law().cite(basis, language) if basis.partition(":")[0] in known else basis
