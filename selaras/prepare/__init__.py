"""Stage one: a candidate who knows, can and may."""
