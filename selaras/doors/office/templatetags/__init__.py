"""Template tags and filters of the doors."""
