"""Questions about the last day of what was handed over."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from selaras.law.load import law
from selaras.reconcile.models import Delivery

CLOCK = "keep_delivery"
# what nobody has read yet waits for its reader, however long
WAITS = (Delivery.State.RECEIVED, Delivery.State.READING)


def kept_until(delivery: Delivery) -> date | None:
    """The last day on which its file and the rows set aside are kept; None as long as it waits to be read.

    The clock is that of the day on which the delivery came: a later, longer term does not reach back.
    """
    if delivery.state in WAITS:
        return None
    began = delivery.taken_in_at or delivery.handed_in_at
    return timezone.localdate(began) + timedelta(days=_days(timezone.localdate(delivery.handed_in_at)))


def past_their_day(limit: int = 500) -> list[UUID]:
    """The deliveries whose last day is over and that still hold something, the eldest first."""
    shortest = min((clock.days or 0 for clock in law().clocks if clock.id == CLOCK), default=0)
    came_before = timezone.now() - timedelta(days=shortest)
    rows = Delivery.objects.filter(wiped_at__isnull=True).exclude(state__in=WAITS)
    rows = rows.annotate(began=Coalesce(F("taken_in_at"), F("handed_in_at"))).filter(began__lt=came_before).order_by("began", "id")
    today = timezone.localdate()
    return [row.pk for row in rows[:limit] if (until := kept_until(row)) is not None and until < today]


def _days(day: date) -> int:
    """The clock of a day; before its first row, that of the first row: nothing is kept for ever."""
    rows = sorted((clock for clock in law().clocks if clock.id == CLOCK), key=lambda clock: clock.since)
    held = [clock for clock in rows if clock.holds_on(day)] or rows[:1]
    return held[0].days or 0
