"""Names the place room for Django."""

from django.apps import AppConfig


class PlaceConfig(AppConfig):
    """The place room."""

    name = "selaras.place"
    label = "place"
