"""The questions of insight."""
