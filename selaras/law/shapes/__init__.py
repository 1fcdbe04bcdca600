"""The typed shapes that the law tables load into."""

from selaras.law.shapes.base import Row, Source
from selaras.law.shapes.book import Law
from selaras.law.shapes.journey import Evidence, Feed, GateRow, Scheme, Step
from selaras.law.shapes.money import CostItem, CostJob, CostRule, Credit, Premium
from selaras.law.shapes.office import Clock, Indicator, Limit, Role, Sharing
from selaras.law.shapes.words import Cause, Information, Right, Signal, Term

__all__ = [
    "Cause",
    "Clock",
    "CostItem",
    "CostJob",
    "CostRule",
    "Credit",
    "Evidence",
    "Feed",
    "GateRow",
    "Indicator",
    "Information",
    "Law",
    "Limit",
    "Premium",
    "Right",
    "Role",
    "Row",
    "Scheme",
    "Sharing",
    "Signal",
    "Source",
    "Step",
    "Term",
]
