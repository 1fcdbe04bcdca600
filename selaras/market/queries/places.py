"""Questions about the places of job orders: which one a journey holds."""

from dataclasses import dataclass
from uuid import UUID

from selaras.ground.fixed import Question
from selaras.market.models import TakenPlace

_held = Question(
    lambda holder: TakenPlace.objects.filter(holder=holder, given_back_at__isnull=True).order_by().values_list("order__number", "once")
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that is taken and not given back: of which job order, under which key."""

    number: str
    once: str


def place_of(holder: UUID) -> Seat | None:
    """Give the place that a journey holds; none when it holds none."""
    row = _held.first(holder)
    return None if row is None else Seat(*row)


def places_had(holder: UUID) -> int:
    """Say how many places a journey has held so far, the one that it holds included: each has a key of its own."""
    return int(TakenPlace.objects.filter(holder=holder).count())
