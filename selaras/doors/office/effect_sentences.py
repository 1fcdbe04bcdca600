"""Says in one plain sentence what the judgement of a pair changes: the count of a country, and the rows that hang on it."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from selaras.doors.office.people import words


def effect_sentence(changes: Mapping[str, Any]) -> str:
    """Tell the changes that a run noted with a pair; empty for a pair of which none was noted."""
    if not changes:
        return ""
    fewer, more = changes["rows"]
    return _count(changes) + " " + _rows(changes["joined"], fewer, more)


def _count(changes: Mapping[str, Any]) -> str:
    if not changes["counted"]:
        return _("No country's count depends on it.")
    place = {"country": words.country(changes["country"]) if changes["country"] else _("an unknown country")}
    if changes["joined"]:
        return _("They stand as one person now. If they are two, one person more is counted, in %(country)s.") % place
    return _("They stand as two persons now. If they are one, one person fewer is counted, in %(country)s.") % place


def _rows(joined: bool, fewer: int, more: int) -> str:
    shown = {"fewer": number_format(fewer, force_grouping=True), "more": number_format(more, force_grouping=True)}
    if joined:
        return ngettext("%(fewer)s row would part from %(more)s.", "%(fewer)s rows would part from %(more)s.", fewer) % shown
    return ngettext("%(fewer)s row would come to %(more)s.", "%(fewer)s rows would come to %(more)s.", fewer) % shown
