"""The nouns of placement."""

from selaras.place.models.gate import Appeal, Condition, Decision

__all__ = ["Appeal", "Condition", "Decision"]
