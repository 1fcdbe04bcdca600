"""Takes a form that may be delivered twice once: in the transaction of the verb, under the key that the device gave it."""

from uuid import UUID

from selaras.ground.models import TakenForm
from selaras.ground.scope import current


def take(key: UUID, path: str) -> str | None:
    """Take a form; give where its answer led when it was taken before, none when this is the first delivery.

    A second delivery that comes while the first is under way waits here for its end: the unique key makes it wait.
    """
    mine = TakenForm(actor=current().address, key=key, path=path[:300])
    TakenForm.objects.bulk_create([mine], ignore_conflicts=True)
    stands = TakenForm.objects.get(key=key)
    return None if stands.id == mine.id else str(stands.led_to)


def settle(key: UUID, led_to: str) -> None:
    """Write down where the answer led, to be given again."""
    TakenForm.objects.filter(key=key).update(led_to=led_to[:300])


def release(key: UUID) -> None:
    """Forget a delivery by which nothing was done: the form comes again under its key when it was corrected."""
    TakenForm.objects.filter(key=key).delete()
