"""Takes back what was written down wrongly: one button, one page and the same words for each."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from selaras.doors.office.market.changing import Change
from selaras.doors.office.market.forms import Why


def taking_back(verb: str, heading: str | Promise, do: Callable[..., Any], about: str | Promise = "") -> Change:
    """Make the page of a verb that takes something back for a reason."""
    stays = gettext_lazy("It stays to be read, with your reason.")
    return Change(verb, Why, heading, about or stays, gettext_lazy("Take it back"), gettext_lazy("Taken back."), do)
