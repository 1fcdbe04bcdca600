"""What those who keep the system running must see: how much waits in the queue, and how much of the ledger is not sealed yet."""

from django.db.models import Count, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from selaras.ground.models import LedgerLine, Seal
from selaras.ground.scope import Actor, acting

WATCH = Actor("job", "watch", "watch", reads_ledger=True)
"""Counts lines and sees no person: it has no role and no reach."""


def jobs_by_queue() -> dict[tuple[str, str], int]:
    """Count the jobs by queue and state; those that succeeded are not kept."""
    rows = ProcrastinateJob.objects.values_list("queue_name", "status").annotate(n=Count("id"))
    return {(queue, status): n for queue, status, n in rows}


def unsealed_lines() -> int:
    """Count the ledger lines that no seal holds yet."""
    with acting(WATCH):
        last = Seal.objects.order_by("-number").values("generation", "to_xid").first()
        rows = LedgerLine.objects.all()
        if last is not None:
            beyond = Q(generation=last["generation"], xid__gte=last["to_xid"]) | Q(generation__gt=last["generation"])
            rows = rows.filter(beyond)
        return rows.count()
