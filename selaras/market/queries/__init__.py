"""Questions about lawful demand: the only readers of this room."""
