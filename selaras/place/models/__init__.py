"""The nouns of placement."""

from selaras.place.models.abroad import Report
from selaras.place.models.contracts import Document, Finding
from selaras.place.models.costs import Cost
from selaras.place.models.gate import Appeal, Condition, Decision
from selaras.place.models.passes import Pass, PassList

__all__ = ["Appeal", "Condition", "Cost", "Decision", "Document", "Finding", "Pass", "PassList", "Report"]
