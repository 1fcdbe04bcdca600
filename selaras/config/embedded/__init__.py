"""An own PostgreSQL 18 without installing anything: made on first use, found again later, closed to everybody else."""

from selaras.config.embedded.cluster import Embedded, Status, Urls, urls
from selaras.config.embedded.trouble import DatabaseTrouble

__all__ = ["DatabaseTrouble", "Embedded", "Status", "Urls", "urls"]
