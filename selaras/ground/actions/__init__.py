"""The verbs of the ground: open offices, post officers, seal the ledger, turn keys."""
