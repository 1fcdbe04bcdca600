"""Pages of a list that the database has cut already: the one way in which a list of this door is paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from selaras.doors.guard import OfficeRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class Paginator:
    """How many there are in all, and on how many pages."""

    count: int
    num_pages: int


class Pages:
    """One page of a list, with the words of Django's own page, so that the same templates show it."""

    def __init__(self, number: int, size: int, total: int, rows: Sequence[Any]) -> None:
        shown = len(rows)
        self.number, self.object_list = number, rows
        total = max(total, (number - 1) * size + shown) if shown else total
        self.paginator = Paginator(total, max(1, -(-total // size)))
        self.start_index = (number - 1) * size + 1 if shown else 0
        self.end_index = (number - 1) * size + shown if shown else 0
        self.has_previous, self.has_next = number > 1, number < self.paginator.num_pages
        # from far beyond the last page one comes back to the last
        self.previous_page_number, self.next_page_number = min(number - 1, self.paginator.num_pages), number + 1


def at_page(request: OfficeRequest) -> int:
    """Give the number of the page that is asked for."""
    number = request.GET.get("page", "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
