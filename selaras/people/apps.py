"""Names the people room for Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "selaras.people"
    label = "people"
