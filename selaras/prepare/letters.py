"""The two letters that a village gives or acknowledges (article 13 letters a and b), and the schemes that ask for them."""

import datetime as dt
from functools import lru_cache

from selaras.law.load import law
from selaras.people.course import course_of

LETTERS = ("marital_letter", "permission_letter")


@lru_cache(maxsize=64)
def asking(kind: str, day: dt.date) -> tuple[str, ...]:
    """List the schemes of a day in which a step asks for a kind of letter."""
    return tuple(s.id for s in law().schemes_on(day) if kind in _asked(s.id, day))


def _asked(scheme: str, day: dt.date) -> set[str]:
    course = course_of(scheme, day)
    return set() if course is None else {kind for step in course.steps for kind in step.evidence}
