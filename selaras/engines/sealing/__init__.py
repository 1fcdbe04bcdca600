"""Seals values, files and batches: AES-256-GCM, keyed indexes, Merkle roots, signatures."""

from selaras.engines.sealing.merkle import leaf_hash, merkle_root
from selaras.engines.sealing.streams import open_stream, seal_stream
from selaras.engines.sealing.values import SealBroken, index_of, key_id_of, open_value, seal_value

__all__ = [
    "SealBroken",
    "index_of",
    "key_id_of",
    "leaf_hash",
    "merkle_root",
    "open_stream",
    "open_value",
    "seal_stream",
    "seal_value",
]
