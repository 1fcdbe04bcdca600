"""Takes back what was written down wrongly: who, when and why stands beside it, and nothing of what stood there is lost."""

from typing import Any

from django.utils import timezone

from selaras.ground.act import Refused, note
from selaras.ground.scope import current

BACK = ("taken_back_at", "taken_back_by", "taken_back_by_name", "taken_back_words")


def take_back(row: Any, words: str) -> None:
    """Mark a row as taken back, once."""
    if row.taken_back_at is not None:
        raise Refused("line_taken_back", who=row.taken_back_by_name)
    actor = current()
    row.taken_back_at, row.taken_back_by, row.taken_back_by_name, row.taken_back_words = timezone.now(), actor.address, actor.name, words
    row.save(update_fields=list(BACK))


def keep_earlier(row: Any, why: str, /, **stood: Any) -> None:
    """Add what a row said, and why it is taken back, to what it said earlier; the caller clears and saves the row."""
    told = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in stood.items()}
    actor = current()
    taken = {"taken_back_by": actor.name, "taken_back_on": timezone.localdate().isoformat(), "why": why}
    row.earlier = [*(row.earlier or ()), told | taken]
    note(earlier=len(row.earlier))
