"""Names the reconcile room for Django."""

from django.apps import AppConfig


class ReconcileConfig(AppConfig):
    """The reconcile room."""

    name = "selaras.reconcile"
    label = "reconcile"
