"""Writes the basis of a rule as people read it, on every page in the same way."""

from django.utils.translation import get_language

from selaras.law.load import law


def cite(basis: str) -> str:
    """Say a basis in words, such as "article 57, Law 18/2017"; what is no row of the law's sources stays as it was written."""
    known = {source.id for source in law().sources}
    return law().cite(basis, get_language() or "id") if basis.partition(":")[0] in known else basis
