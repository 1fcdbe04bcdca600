"""Verbs of lawful demand: the only writers of this room."""
