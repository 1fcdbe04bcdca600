"""The nouns of lawful demand."""

from selaras.market.models.agencies import DepositMove, Licence, PartnerAgreement
from selaras.market.models.countries import ChannelAgency, StatusChange
from selaras.market.models.orders import JobOrder, RecruitmentPermit, TakenPlace
from selaras.market.models.recruiting import Recruiting

__all__ = [
    "ChannelAgency", "DepositMove", "JobOrder", "Licence", "PartnerAgreement", "Recruiting", "RecruitmentPermit", "StatusChange",
    "TakenPlace",
]  # fmt: skip
