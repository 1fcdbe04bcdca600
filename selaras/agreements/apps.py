"""Names the agreements room for Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The agreements room."""

    name = "selaras.agreements"
    label = "agreements"
