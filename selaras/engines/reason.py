"""Why an engine says what it says: a code with parameters; the sentence, in any language, is made in the doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code, and what a sentence needs to be exact."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Unfit(ValueError):
    """A value that cannot be calculated with, and why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.reason = Reason(code, params)
