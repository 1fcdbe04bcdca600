"""What people's verdicts changed in a run: persons, links and the count before and after, and the weights that moved most."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COMPARISONS: dict[str, str | Promise] = {
    "nik": gettext_lazy("NIK"),
    "name": gettext_lazy("Name"),
    "rarity": gettext_lazy("Rarity of the name"),
    "birth": gettext_lazy("Birth date"),
    "passport": gettext_lazy("Passport"),
    "sex": gettext_lazy("Sex"),
    "birth_place": gettext_lazy("Birth place"),
    "home": gettext_lazy("Home regency"),
    "village": gettext_lazy("Village"),
    "mother": gettext_lazy("Mother's name"),
    "phone": gettext_lazy("Telephone"),
    "country": gettext_lazy("Country"),
    "kin": gettext_lazy("Kin"),
}
_SEEN = 0.005  # nats: less would be shown as nothing


def taught(counts: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what the page of a run shows of it; None for a run without verdicts."""
    told = counts.get("taught")
    if not told:
        return None
    (before, *low_high), (after, *low_high_after) = told["count"]
    moved = [(COMPARISONS.get(name, name), change) for name, change in told["weights"].items() if change >= _SEEN]
    return {
        "verdicts": told["verdicts"],
        "drawn": told["drawn"],
        "rows": [
            {"label": _("Persons"), "before": told["persons"][0], "after": told["persons"][1]},
            {"label": _("Links"), "before": told["links"][0], "after": told["links"][1]},
            {"label": _("Persons with a last known country, expected"), "before": before, "after": after},
            {"label": _("Width of its 95 % interval"), "before": _width(low_high), "after": _width(low_high_after)},
        ],
        "weights": sorted(moved, key=lambda one: -one[1]),
    }


def _width(low_high: list[float]) -> float:
    return low_high[1] - low_high[0]
