"""Hashes a batch of lines into one root, so that any changed, missing or reordered line shows.

Leaves and nodes are hashed with different first bytes (RFC 6962), so that a node can never pass for a leaf.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def leaf_hash(line: Mapping[str, Any]) -> bytes:
    """Hash one line: its fields as JSON with sorted keys and no spaces, values as text, numbers, lists or maps."""
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Give the root of 32-byte leaf hashes; the root of nothing is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]
