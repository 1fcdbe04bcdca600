"""The nouns of stage one."""

from selaras.prepare.models.credits import CreditRequest
from selaras.prepare.models.movements import Movement
from selaras.prepare.models.outreach import Attendance, Outreach
from selaras.prepare.models.signals import Signal
from selaras.prepare.models.training import Course, Enrolment

__all__ = ["Attendance", "Course", "CreditRequest", "Enrolment", "Movement", "Outreach", "Signal"]
