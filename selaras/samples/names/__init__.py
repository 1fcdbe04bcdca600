"""Names as Indonesians carry them: by people, by sex, by birth cohort; drawn from word lists of our own."""

from selaras.samples.names.lists import Customs, load_customs
from selaras.samples.names.maker import NONE, SLOTS, fathers, full_names, render

__all__ = ["NONE", "SLOTS", "Customs", "fathers", "full_names", "load_customs", "render"]
