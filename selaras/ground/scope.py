"""The actor, how far she sees, and the first lock: managers that refuse to answer when nobody is acting."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import connections, models, transaction

NATION = "nation"
"""The explicit token of national reach. Every scoped row carries it; an empty reach never means 'all'."""


PARTY = "party:"
"""How the code of a party begins: an agency, a lender, a training body."""


class NoActor(RuntimeError):
    """A scoped table was asked while nobody was acting."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: an officer, a worker, a family member, a partner key or a named job."""

    kind: str
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    reach: frozenset[str] = frozenset()
    office_id: UUID | None = None
    office: str = ""
    reads_ledger: bool = False
    locale: str = field(default="id", compare=False)

    @property
    def address(self) -> str:
        """Give the actor's address in the ledger, such as officer:0190…"""
        return f"{self.kind}:{self.id}"

    @property
    def national(self) -> bool:
        """Say whether the whole country is within reach."""
        return NATION in self.reach


_current: ContextVar[Actor | None] = ContextVar("selaras_actor", default=None)

SETTINGS = ("selaras.reach", "selaras.actor", "selaras.ledger", "selaras.subject")


def current() -> Actor:
    """Give the actor; raise when nobody is acting."""
    actor = _current.get()
    if actor is None:
        raise NoActor("nobody is acting: wrap this in `with acting(actor):`")
    return actor


def someone_acting() -> bool:
    """Say whether anybody is acting."""
    return _current.get() is not None


def _tell_database(actor: Actor | None, using: str) -> None:
    values = ("", "", "", "")
    if actor is not None:
        for code in actor.reach:
            if "," in code:
                raise ValueError("a reach code holds no comma")
        values = (",".join(sorted(actor.reach)), actor.address, "on" if actor.reads_ledger else "", "")
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select set_config('selaras.reach', %s, true), set_config('selaras.actor', %s, true),"
            " set_config('selaras.ledger', %s, true), set_config('selaras.subject', %s, true)",
            values,
        )


@contextmanager
def acting(actor: Actor, using: str = "default", *, savepoint: bool = True) -> Iterator[Actor]:
    """Open a transaction in which this actor's reach holds, in Python and in the database.

    The settings are local to the transaction, so a pooled connection carries nothing to its next user.
    Nested use (a named job inside an officer's request) gives the outer reach back at the end. Without a savepoint of its own an
    error leaves only the way back to the one before, which brings the outer settings back, too.
    """
    before = _current.get()
    if before is actor:
        with transaction.atomic(using=using, savepoint=savepoint):
            yield actor
        return
    token = _current.set(actor)
    try:
        with transaction.atomic(using=using, savepoint=savepoint):
            _tell_database(actor, using)
            yield actor
            # Only on the way out without an error: a rollback to the savepoint brings the outer settings back by itself.
            if before is not None:
                _tell_database(before, using)
    finally:
        _current.reset(token)


@contextmanager
def opening(subject: UUID, using: str = "default") -> Iterator[None]:
    """Let the ledger lines about one subject be read; call it only after the subject was found within reach."""
    current()
    with connections[using].cursor() as cursor:
        cursor.execute("select set_config('selaras.subject', %s, true)", (str(subject),))
    try:
        yield
    finally:
        if not connections[using].needs_rollback:
            with connections[using].cursor() as cursor:
                cursor.execute("select set_config('selaras.subject', '', true)")


def own_parties(reach: Collection[str]) -> list[str]:
    """Give the keys of the parties for which somebody acts who sees nothing else; none for everybody else."""
    own = sorted(code.removeprefix(PARTY) for code in reach if code.startswith(PARTY))
    return own if len(own) == len(reach) else []


Row = TypeVar("Row", bound=models.Model)


class ScopedManager(models.Manager[Row]):
    """A manager that asks the current actor's reach before any row leaves the table.

    `path` leads from the table to the reach column that guards it: `reach` for a table of its own, `person__reach`
    for a child of a person. The same path makes the row-level policy (see locks.py), so a table declares it once.
    """

    path: ClassVar[str] = "reach"
    party: ClassVar[str] = ""
    """Leads to the key of the party that a row names: who acts for parties alone sees the rows that name them, and no other of a person.

    Such a manager says `reads_reach`, too: its statement differs by what the codes are, and a Question makes one for each reach.
    """

    def get_queryset(self) -> models.QuerySet[Row]:
        """Give the rows within reach."""
        actor = current()
        rows = super().get_queryset()
        if actor.national:
            return rows
        rows = rows.filter(**{f"{self.path}__overlap": sorted(actor.reach)})
        own = own_parties(actor.reach) if self.party else []
        return rows.filter(**{f"{self.party}__in": own}) if own else rows


class ScopedModel(models.Model):
    """A table whose rows are seen only within reach; subclasses name their manager `objects`."""

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"


def scoped_models() -> list[type[ScopedModel]]:
    """List every table behind the two locks."""
    found: list[type[ScopedModel]] = []
    queue: list[type[ScopedModel]] = list(ScopedModel.__subclasses__())
    while queue:
        model = queue.pop()
        queue.extend(model.__subclasses__())
        if not model._meta.abstract:
            found.append(model)
    return sorted(found, key=lambda m: m._meta.db_table)
