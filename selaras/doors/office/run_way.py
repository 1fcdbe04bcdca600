"""How a run was linked: everything anew and why, or only what a delivery changed."""

from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WHY: dict[str, str | Promise] = {
    "none": gettext_lazy("There was no earlier linkage on this machine to add to."),
    "small": gettext_lazy("The registers are small: linking all rows anew takes little time, and says more."),
    "busy": gettext_lazy("Another process held the kept linkage."),
    "engine": gettext_lazy("It ran on another engine, which keeps nothing to add to."),
    "damaged": gettext_lazy("A file of the kept linkage was missing or damaged."),
    "key": gettext_lazy("The key was changed, or the kept linkage was altered by somebody else."),
    "version": gettext_lazy("The kept linkage was made by another version of the engine."),
    "drifted": gettext_lazy("The kept linkage was not that of the newest run: a run had ended halfway, or another copy was restored."),
    "changed": gettext_lazy("Agreements, registers or their words have changed since the last full linkage."),
    "sample": gettext_lazy("A sample was read since the last full linkage; from it the model learns."),
    "old": gettext_lazy("The model was more than four weeks old."),
    "much": gettext_lazy("More than a fifth of all rows had changed."),
    "registers": gettext_lazy("A register came that the model does not know."),
    "room": gettext_lazy("The kept linkage has no room for more rows."),
}


def way_of(counts: dict[str, Any]) -> dict[str, Any] | None:
    """Give what the page says of it; None for a run that wrote nothing of it down."""
    way = counts.get("way")
    if not way:
        return None
    taken, groups = way.get("taken", {}), way.get("groups", {})
    lines = [
        (_("New rows"), taken.get("new")),
        (_("Changed rows"), taken.get("updated")),
        (_("Withdrawn rows"), taken.get("withdrawn")),
        (_("Rows looked at again"), groups.get("rows")),
        (_("Persons they make"), groups.get("persons")),
        (_("Persons composed anew"), way.get("persons")),
    ]
    return {
        "delivery": way["kind"] == "delivery",
        "why": WHY.get(way["why"], ""),
        "model": way["model"],
        "full_at": parse_datetime(way["full_at"]),
        "full_run": UUID(way["full_run"]),
        "lines": [(label, n) for label, n in lines if n is not None],
    }
