"""The nation with everything that happened to it, as one value that the writers read."""

from dataclasses import dataclass

import numpy as np

from selaras.samples.journeys import Placements
from selaras.samples.registers import Nation
from selaras.samples.shares import Shares
from selaras.samples.stays import Reports, Stays


@dataclass(slots=True, eq=False)
class World:
    """The nation with what happened to it; `number` is the person's public number, which tells nothing."""

    nation: Nation
    shares: Shares
    placed: Placements
    job: np.ndarray
    scheme: np.ndarray
    agency: np.ndarray
    reports: Reports
    stays: Stays
    number: np.ndarray
