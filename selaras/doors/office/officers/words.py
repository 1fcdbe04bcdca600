"""The words of the pages of officers: states, reasons."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: dict[str, str | Promise] = {
    "on": _("may sign in"),
    "off": _("switched off"),
    "no_step": _("no second step set up"),
    "unposted": _("without a posting today"),
}
REASONS: dict[str, str | Promise] = {
    "left": _("left the office"),
    "leave": _("is on leave"),
    "misuse": _("misuse is suspected"),
    "device": _("lost or changed the telephone or passkey"),
    "back": _("is back"),
    "asked": _("asked for it and was recognised"),
}
