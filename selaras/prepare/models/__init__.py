"""The nouns of stage one."""

from selaras.prepare.models.movements import Movement
from selaras.prepare.models.outreach import Attendance, Outreach
from selaras.prepare.models.signals import Signal

__all__ = ["Attendance", "Movement", "Outreach", "Signal"]
