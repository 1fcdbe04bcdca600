"""Where she is, as her journey tells it: her arrival opens a stay, her return ends it; by whichever verb the step was done."""

import datetime as dt

from django.utils import timezone

from selaras.ground.act import handed_to
from selaras.ground.scope import current
from selaras.people.actions.adding import add_presence, unsay_presence
from selaras.people.actions.stepping import Held
from selaras.people.models import Presence
from selaras.people.telling import Stay
from selaras.place.models import Report

ARRIVE, RETURN, LEFT = "arrive", "return", "depart"
KINDS = {ARRIVE: Report.Kind.ARRIVAL, RETURN: Report.Kind.RETURN}
AT_SEA = frozenset({"crew_merchant", "crew_fishing"})


def keep_stay(held: Held, what: str, step: str) -> None:
    """Bring where she is in line with the step that was done just now; a report has said it already, with a day and place of its own."""
    if what != "do_step" or step not in KINDS or step not in held.passed:
        return
    if Report.objects.filter(journey_id=held.journey.id, kind=KINDS[step], ended_at__isnull=True).exists():
        return
    day = held.passed_on().get(step) or timezone.localdate()
    if step == ARRIVE:
        open_stay(held, held.journey.country_id or "", "", day)
    else:
        end_stay(held, day)


def open_stay(held: Held, country: str, district: str, day: dt.date) -> None:
    """Write that she is in a country from a day on; what says so already is not doubled."""
    if not country:
        return
    there = Presence.objects.filter(person_id=held.her.id, country_id=country, kind=Presence.Kind.REPORT, since=day, until__isnull=True)
    if not there.exists():
        _add(held, Stay(country, district, _capacity(held), Presence.Kind.REPORT, day))


def end_stay(held: Held, day: dt.date) -> None:
    """Write that she is home from a day on."""
    if not Presence.objects.filter(person_id=held.her.id, kind=Presence.Kind.RETURN, since=day).exists():
        country = held.journey.country_id
        last = Presence.objects.filter(person_id=held.her.id, since__lte=day).order_by("-since", "-id").first()
        country = last.country_id if last is not None else country
        if country:
            _add(held, Stay(country, "", _capacity(held), Presence.Kind.RETURN, day, day))


def unsay_stay(held: Held, row: Report) -> None:
    """Take back what a report had said of where she is."""
    unsay_presence(held.her.id, Presence.Kind.REPORT if row.kind == Report.Kind.ARRIVAL else Presence.Kind.RETURN, row.on)


def _capacity(held: Held) -> str:
    return Presence.Capacity.CREW if held.course.scheme.id in AT_SEA else Presence.Capacity.WORKER


def _add(held: Held, stay: Stay) -> None:
    source = "worker" if current().kind == "worker" else "officer"
    with handed_to("stays"):  # who tells of herself holds no verb on the register of stays
        add_presence(person_id=held.her.id, stay=stay, source=source)
