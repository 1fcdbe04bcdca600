"""Which registers came, when last, and up to which day they tell; a register that never came says so."""

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from selaras.reconcile.models import Delivery, Record
from selaras.reconcile.sources import registers


def sources_at(day: date) -> list[dict[str, Any]]:
    """List every register: key, names, owner, rows that stand, last delivery, latest event up to a day, rhythm in days."""
    rows = {
        r["source_id"]: r
        for r in Record.objects.filter(withdrawn_at__isnull=True)
        .values("source_id")
        .annotate(rows=Count("pk"), latest=Max("event_date", filter=Q(event_date__lte=day)))
        .order_by()
    }
    came = dict(
        Delivery.objects.filter(state=Delivery.State.TAKEN_IN)
        .values("source_id")
        .annotate(at=Max("taken_in_at"))
        .order_by()
        .values_list("source_id", "at")
    )
    found = []
    for key, register in registers().items():
        mine = rows.get(key, {"rows": 0, "latest": None})
        at, latest = came.get(key), mine["latest"]
        found.append(
            {
                "key": key,
                "name": register.name,
                "name_en": register.name_en,
                "owner": register.owner,
                "rows": mine["rows"],
                "delivered_at": at.isoformat() if at else None,
                "latest_event": latest.isoformat() if latest else None,
                "every_days": register.every_days,
            }
        )
    return found
