"""The nouns of reconciliation: sources, deliveries, records, rejects, runs, pairs, judgements, links."""

from selaras.reconcile.models.delivery import Delivery, Mapping, Reject, Source, StagedRow
from selaras.reconcile.models.linking import Judgement, Link, Pair, Run, StagedLink, StagedPair
from selaras.reconcile.models.record import Record
from selaras.reconcile.models.sample import DrawnPair, Sample

__all__ = [
    "Delivery", "DrawnPair", "Judgement", "Link", "Mapping", "Pair", "Record", "Reject", "Run", "Sample", "Source", "StagedLink",
    "StagedPair", "StagedRow",
]  # fmt: skip
