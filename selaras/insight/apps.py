"""Names the insight room for Django."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The insight room."""

    name = "selaras.insight"
    label = "insight"
