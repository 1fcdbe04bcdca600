"""Verbs of placement: the only writers of this room."""
