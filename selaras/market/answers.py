"""What a question of the market answers: met or not, a reason code, its basis, and what the sentence needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from selaras.ground.act import Refused

MET, NOT_MET, NOT_YET = "met", "not_met", "not_yet"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `not_yet` says that nobody has established it, and an unsure one is shown but decides nothing alone."""

    value: str
    code: str
    basis: str
    params: Mapping[str, Any] = field(default_factory=dict)
    unsure: bool = False

    @property
    def met(self) -> bool:
        """Say whether it holds."""
        return self.value == MET


def need(answer: Answer) -> Answer:
    """Go on when an answer is met; refuse with its code and basis otherwise."""
    if not answer.met:
        raise Refused(answer.code, answer.basis, **answer.params)
    return answer
