"""Looks after the folder of kept files: removes what no row names."""

import datetime as dt

from django.utils import timezone

from selaras.ground.act import act, note
from selaras.ground.keeping import strays
from selaras.law.load import law


@act
def remove_strays() -> int:
    """Remove the files that a request left when it was rolled back or killed; give how many."""
    days = law().clock("keep_orphan", timezone.localdate()).days or 0
    count = 0
    for path in strays(dt.timedelta(days=days).total_seconds()):
        path.unlink(missing_ok=True)
        count += 1
    note(count=count)
    return count
