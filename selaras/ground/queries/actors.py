"""Who an officer is when she signs in: her postings in force today, and the actor that one of them makes."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from selaras.ground.models.offices import Officer
from selaras.ground.scope import Actor

READS_LEDGER = frozenset({"auditor"})


@dataclass(frozen=True, slots=True)
class Post:
    """One posting in force: a role at an office, with the reach of that office."""

    role: str
    office_id: UUID
    office: str
    reach: frozenset[str]

    @property
    def key(self) -> str:
        """Give the short name by which a session remembers this posting."""
        return f"{self.role}@{self.office_id}"


def posts_of(officer_id: UUID) -> list[Post]:
    """List an officer's postings in force, through the one function that may read them before anybody acts."""
    with connection.cursor() as cursor:
        # Our own day, not the database's: it may keep another time zone.
        cursor.execute(
            "select role, code, office_id, office from selaras_actor_of(%s, %s)", (officer_id, timezone.localdate())
        )
        rows = cursor.fetchall()
    found: dict[tuple[str, UUID], tuple[str, set[str]]] = {}
    for role, code, office_id, office in rows:
        codes = found.setdefault((role, office_id), (office, set()))[1]
        if code:
            codes.add(code)
    return [Post(role, office_id, office, frozenset(codes)) for (role, office_id), (office, codes) in found.items()]


def actor_of(officer: Officer, post: Post) -> Actor:
    """Give the actor that an officer is in one posting: never the sum of several."""
    return Actor(
        "officer",
        str(officer.pk),
        officer.name,
        frozenset({post.role}),
        post.reach,
        post.office_id,
        post.office,
        reads_ledger=post.role in READS_LEDGER,
        locale=officer.locale,
    )
