"""Seals values, files and batches: AES-256-GCM, keyed indexes, Merkle roots, signatures."""

from selaras.engines.sealing.merkle import leaf_hash, merkle_root
from selaras.engines.sealing.streams import STREAM_HEAD, Sealer, key_id_of_stream, open_stream, seal_stream
from selaras.engines.sealing.values import SealBroken, index_of, key_id_of, open_value, seal_value

__all__ = [
    "STREAM_HEAD", "SealBroken", "Sealer", "index_of", "key_id_of", "key_id_of_stream", "leaf_hash", "merkle_root", "open_stream",
    "open_value", "seal_stream", "seal_value",
]  # fmt: skip
