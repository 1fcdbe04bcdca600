"""Names the prepare room for Django."""

from django.apps import AppConfig


class PrepareConfig(AppConfig):
    """The prepare room."""

    name = "selaras.prepare"
    label = "prepare"
