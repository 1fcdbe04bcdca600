"""Questions about placement: the only readers of this room."""
