"""The verbs of the reconcile room."""
