"""Names the market room for Django."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """The market room."""

    name = "selaras.market"
    label = "market"
