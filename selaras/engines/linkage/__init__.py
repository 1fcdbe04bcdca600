"""Many registers, one person: standardise, block, score with reasons, resolve and count, without any truth."""

from selaras.engines.linkage.names import KEY_VERSION, name_keys, name_similarity, search_keys, standardise_name

__all__ = ["KEY_VERSION", "name_keys", "name_similarity", "search_keys", "standardise_name"]
