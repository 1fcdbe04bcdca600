"""Names the public door for Django."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The public door."""

    name = "selaras.doors.public"
    label = "door_public"
