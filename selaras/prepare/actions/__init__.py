"""Verbs of stage one: the only writers of this room."""
