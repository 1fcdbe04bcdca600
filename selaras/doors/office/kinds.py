"""The words for kinds of offices."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFICE_KINDS: dict[str, str | Promise] = {
    "ministry": _("Ministry"),
    "steering": _("Coordinating ministry"),
    "audit": _("Audit"),
    "mission": _("Mission abroad"),
    "bp3mi": _("BP3MI regional office"),
    "province": _("Province labour office"),
    "regency": _("Regency or city labour office"),
    "desk": _("One-stop desk (LTSA/MWRC)"),
    "village": _("Village"),
    "agency": _("Placement agency (P3MI)"),
    "lender": _("Lender"),
}
