"""Puts steps behind what must come before them, and names a circle where there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from selaras.law.shapes.journey import Step


class Circle(ValueError):
    """Steps that wait for one another."""


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Give the steps in an order that can be walked; of two that may come next the earlier in the table does.

    What a step would wait for but the scheme does not have, or may leave out, is taken out of its `after`.
    """
    here = {s.id for s in steps if not s.optional}
    waiting = [replace(s, after=tuple(a for a in s.after if a in here)) for s in steps]
    done: set[str] = set()
    out: list[Step] = []
    while waiting:
        ready = next((s for s in waiting if done.issuperset(s.after)), None)
        if ready is None:
            raise Circle(" → ".join(_circle({s.id: s for s in waiting})))
        waiting.remove(ready)
        done.add(ready.id)
        out.append(ready)
    return tuple(out)


def _circle(waiting: Mapping[str, Step]) -> list[str]:
    """Walk back from a step that waits until one comes again."""
    walked = [next(iter(waiting))]
    while True:
        before = next(a for a in waiting[walked[-1]].after if a in waiting)
        if before in walked:
            return [*walked[walked.index(before) :], before][::-1]
        walked.append(before)
