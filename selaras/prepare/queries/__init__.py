"""Questions about stage one: the only readers of this room."""
