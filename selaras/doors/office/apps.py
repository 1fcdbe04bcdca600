"""Names the office door for Django."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The office door."""

    name = "selaras.doors.office"
    label = "door_office"
