"""Names the ground room for Django."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """The ground room."""

    name = "selaras.ground"
    label = "ground"
