"""Offices, the reach that each holds, the officers, and who is posted where in which role."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from uuid6 import uuid7

from selaras.ground.models.places import Area, Country


class Office(models.Model):
    """An office of the state or of a party: ministry, mission, BP3MI, one-stop desk, village, agency, lender."""

    unscoped = "offices are public"

    class Kind(models.TextChoices):
        MINISTRY = "ministry"
        MISSION = "mission"
        BP3MI = "bp3mi"
        PROVINCE = "province"
        REGENCY = "regency"
        DESK = "desk"
        VILLAGE = "village"
        AGENCY = "agency"
        LENDER = "lender"
        AUDIT = "audit"
        STEERING = "steering"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT)
    unsure = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class OfficeReach(models.Model):
    """One code that an office's officers see, with the days and the reason."""

    unscoped = "sign-in comes before the actor"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="reaches")
    code = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["office", "code"], condition=models.Q(until__isnull=True), name="one_open_reach_per_code"
            ),
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(code__contains=","), name="reach_code_is_one_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Officers(BaseUserManager["Officer"]):
    """Finds officers by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Officer":
        """Find the officer who signs in with this address."""
        return self.get(email__iexact=username)


class Officer(AbstractBaseUser):
    """A person who signs in to the office door."""

    unscoped = "accounts: sign-in comes before the actor"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    locale = models.CharField(max_length=5, default="id")
    needs_second_factor = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)
    # Each session carries the number under which it began: a higher one here ends them all at once.
    sessions = models.PositiveIntegerField(default=0)

    objects = Officers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The library compares this with the session at every request, for each of its secrets.
        key_salt = f"selaras.ground.models.Officer.sessions.{self.sessions}"
        return salted_hmac(key_salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class Posting(models.Model):
    """An officer in a role at an office, from one day to another."""

    unscoped = "sign-in comes before the actor"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="postings")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["officer", "office", "role"],
                condition=models.Q(until__isnull=True),
                name="one_open_posting_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}"
