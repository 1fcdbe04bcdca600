"""Linkage without raw numbers: rows as keyed hashes, made by whoever holds the register, linked by who does not hold the key."""
