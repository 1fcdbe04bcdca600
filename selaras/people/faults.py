"""What can be wrong with a form about a person: one code per fault, never the value itself."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from selaras.ground.act import Refused


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field: a code with parameters that a screen turns into a sentence."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class Unfit(Refused):
    """A form that cannot be taken as it is, with every fault of it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("unfit", count=len(faults))
        self.faults = tuple(faults)


class Overtaken(Refused):
    """A correction of a record that somebody else has changed meanwhile, with what stands there now."""

    def __init__(self, version: int, now: dict[str, Any]) -> None:
        super().__init__("changed_meanwhile", version=version)
        self.version = version
        self.now = now
