"""The questions of the people room."""
