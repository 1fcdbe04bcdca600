"""The questions of the reconcile room."""
