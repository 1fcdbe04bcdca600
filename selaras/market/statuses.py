"""What holds for a country and a job on a day, worked out from changes that have a first day only: no database, no clock."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UNLISTED = "unlisted"
STRICTNESS = {"open": 0, "restricted": 1, "stopped": 2, "banned": 3}


@dataclass(frozen=True, slots=True)
class Change:
    """From this day a country is so for a job, a group of jobs or (empty) every job; `none` takes back what was said before."""

    job: str
    channel: str
    since: dt.date
    basis: str = ""
    note: str = ""
    note_en: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What holds on a day: the channel, the change that decides it (none: nothing was ever said), and the last day known."""

    channel: str
    decided_by: Change | None
    since: dt.date | None
    until: dt.date | None

    @property
    def unsure(self) -> bool:
        """Say whether the deciding row is marked unsure."""
        return self.decided_by is not None and self.decided_by.unsure


def _said(changes: Iterable[Change], name: str, day: dt.date) -> Change | None:
    """Give what is said under one name on a day: the latest change that has begun."""
    begun = [c for c in changes if c.job == name and c.since <= day]
    latest = max(begun, key=lambda c: c.since, default=None)
    return None if latest is None or latest.channel == "none" else latest


def _decides(changes: Sequence[Change], names: Sequence[str], day: dt.date) -> Change | None:
    said = [c for name in names if (c := _said(changes, name, day)) is not None]
    # The strictest holds: what closes a country closes each job in it. Among equals the most particular says why.
    return max(said, key=lambda c: (STRICTNESS[c.channel], names.index(c.job)), default=None)


def spans(changes: Sequence[Change], names: Sequence[str]) -> list[Status]:
    """Give what holds from the beginning of time to its end, one span after another: the next begins the day after the last ends.

    `names` are what covers the job, from the general to the particular. The first span has no first day, the last no last day.
    """
    days = sorted({c.since for c in changes if c.job in names})
    points: list[tuple[dt.date | None, Change | None]] = [(None, None)]
    for day in days:
        decided = _decides(changes, names, day)
        if decided != points[-1][1]:
            points.append((day, decided))
    out = []
    for (since, decided), following in zip(points, [*points[1:], None], strict=True):
        until = following[0] - dt.timedelta(days=1) if following is not None and following[0] is not None else None
        out.append(Status(decided.channel if decided else UNLISTED, decided, since, until))
    return out


def on(changes: Sequence[Change], names: Sequence[str], day: dt.date) -> Status:
    """Give what holds on one day."""
    return next(s for s in spans(changes, names) if (s.since is None or s.since <= day) and (s.until is None or day <= s.until))
