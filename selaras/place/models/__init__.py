"""The nouns of placement."""

from selaras.place.models.abroad import Report
from selaras.place.models.contracts import Document, Finding
from selaras.place.models.costs import Cost
from selaras.place.models.gate import Appeal, Condition, Decision

__all__ = ["Appeal", "Condition", "Cost", "Decision", "Document", "Finding", "Report"]
