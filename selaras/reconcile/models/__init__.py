"""The nouns of reconciliation: sources, deliveries, records, rejects, runs, pairs, judgements, links."""

from selaras.reconcile.models.delivery import Delivery, Mapping, Reject, Source, StagedRow
from selaras.reconcile.models.linking import Judgement, Link, Pair, Run, StagedLink, StagedPair
from selaras.reconcile.models.record import Record

__all__ = [
    "Delivery", "Judgement", "Link", "Mapping", "Pair", "Record", "Reject", "Run", "Source", "StagedLink", "StagedPair",
    "StagedRow",
]  # fmt: skip
