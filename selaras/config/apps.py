"""Names the configuration for Django, so that no way of setting Django up goes round the checks of a production start."""

from django.apps import AppConfig

from selaras.config.checks import refuse, unsafe_settings


class Configuration(AppConfig):
    """The configuration of this copy."""

    name = "selaras.config"
    label = "config"

    def ready(self) -> None:
        """Refuse settings that are unsafe in production, whichever program set Django up."""
        refuse(unsafe_settings())
