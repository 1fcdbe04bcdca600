"""Wipes deliveries whose last day is past: the file, what stood in rows set aside, the header. Counts, lines and reasons stay."""

from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, act, note
from selaras.ground.keeping import forget
from selaras.reconcile.actions.deliveries import give_up
from selaras.reconcile.models import Delivery, Reject
from selaras.reconcile.queries.retention import kept_until

# headings and the shapes of cells: in a file without a header they are somebody's row
SHOWN = ("header", "sample", "proposals", "columns", "faults")


@act
def wipe_delivery(*, delivery_id: UUID) -> bool:
    """Wipe one delivery past its day; say whether there was anything to do. One that waits for its columns is given up."""
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotThere("not there")
    until = kept_until(delivery)
    note(delivery=str(delivery.pk))
    if until is None or until >= timezone.localdate() or delivery.wiped_at is not None:
        return False
    if delivery.state == Delivery.State.UNMAPPED:
        give_up(delivery, "delivery.past_its_day")
    # Before the transaction ends: should it fail, the next night finds the file gone and says so then. The other way round a file
    # could stay of which the register says that it is gone.
    gone = forget(delivery.file_id)
    rejects = Reject.objects.filter(delivery=delivery).update(value=None, raw=None)
    delivery.form = {key: value for key, value in delivery.form.items() if key not in SHOWN}
    delivery.wiped_at = timezone.now()
    delivery.save(update_fields=["form", "wiped_at"])
    note(count=rejects, content=delivery.sha256, file=gone, until=until.isoformat())
    return True
