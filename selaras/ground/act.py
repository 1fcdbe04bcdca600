"""Verbs and sensitive questions: permission, one transaction, reach, one ledger line."""

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ParamSpec, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground import ledger, limits
from selaras.ground.scope import Actor, acting, current
from selaras.law.load import law

P = ParamSpec("P")
R = TypeVar("R")


class Refused(PermissionDenied):
    """A verb that may not happen, with a reason code that a screen turns into a sentence."""

    def __init__(self, reason: str, basis: str = "", **params: Any) -> None:
        super().__init__(reason)
        self.code = reason
        self.basis = basis
        self.params = params


class NotThere(Http404):
    """The one answer for what does not exist and for what is not within reach."""


@runtime_checkable
class HasSubject(Protocol):
    """A row that can say which person it is about."""

    @property
    def subject_id(self) -> UUID: ...


@runtime_checkable
class HasReach(Protocol):
    """A row that can say for itself whether it lies within a reach, without another query."""

    def within(self, reach: frozenset[str]) -> bool: ...


@dataclass(slots=True)
class Entry:
    """What a verb adds to its own ledger line while it runs."""

    subject: UUID | None = None
    subjects: list[UUID] = field(default_factory=list)
    count: int = 0
    content: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    line: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """One registered verb or sensitive question."""

    address: str
    reads: bool
    hands_over: bool
    call: Callable[..., Any]


VERBS: dict[str, Verb] = {}
# The job that acts within a verb, for one verb of its own: both stand or fall with the savepoint of the verb around them.
_within: ContextVar[Actor | None] = ContextVar("selaras_within", default=None)
_entry: ContextVar[Entry | None] = ContextVar("selaras_entry", default=None)


def note(
    *, subject: UUID | None = None, subjects: list[UUID] | None = None, count: int = 0, content: str = "", **detail: Any
) -> None:
    """Add to the ledger line of the running verb: ids, counts and codes only, never a personal number or a name."""
    entry = _entry.get()
    if entry is None:
        raise RuntimeError("note() belongs inside a verb")
    entry.subject = subject or entry.subject
    entry.subjects.extend(subjects or ())
    entry.count = count or entry.count
    entry.content = content or entry.content
    entry.detail.update(detail)


def line_id() -> UUID:
    """Give the id that the running verb's ledger line will have, for a bulk verb that writes its subjects in SQL."""
    entry = _entry.get()
    if entry is None:
        raise RuntimeError("line_id() belongs inside a verb")
    entry.line = entry.line or uuid7()
    return entry.line


def may(actor: Actor, address: str) -> bool:
    """Say whether one of the actor's roles, in force today, holds this address."""
    return address in held_by(actor)


def held_by(actor: Actor) -> frozenset[str]:
    """Give every address that the actor's roles, in force today, hold: for a page that asks about many."""
    return _held(actor.roles, timezone.localdate())


@lru_cache(maxsize=1024)
def _held(names: frozenset[str], day: dt.date) -> frozenset[str]:
    """Give every address that roles hold by the law of a day."""
    roles = (law().role(name, day) for name in names)
    return frozenset(address for role in roles if role is not None for address in role.may)


def _check_within(result: Any, actor: Actor) -> None:
    if isinstance(result, HasReach) and not result.within(actor.reach):
        raise NotThere("not there")


def _run(verb: Verb, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    actor = current()
    if not may(actor, verb.address):
        ledger.write_apart(actor, verb.address, "refused", detail={"code": "not_your_role"})
        raise Refused("not_your_role", verb=verb.address)
    entry = Entry()
    token = _entry.set(entry)
    try:
        # One savepoint for a verb, so that a caller who answers its refusal keeps nothing of it. A question writes nothing but
        # its line, which is the last thing it does.
        with nullcontext() if verb.reads else acting(actor, savepoint=_within.get() is not actor):
            if over := limits.exceeded(actor, verb.address):
                raise Refused("too_often", over.basis, most=over.per_hour)
            result = verb.call(*args, **kwargs)
            if isinstance(result, HasSubject) and entry.subject is None:
                entry.subject = result.subject_id
            if not verb.hands_over and not actor.national:
                _check_within(result, actor)
            ledger.write(
                actor,
                verb.address,
                "read" if verb.reads else "done",
                subject=entry.subject,
                subjects=entry.subjects,
                count=entry.count,
                content=entry.content,
                detail=entry.detail,
                line_id=entry.line,
            )
            return result
    except Refused as refusal:
        ledger.write_apart(actor, verb.address, "refused", subject=entry.subject, detail={"code": refusal.code})
        raise
    except Http404:
        ledger.write_apart(actor, verb.address, "not_there", subject=entry.subject, detail=entry.detail)
        raise
    finally:
        _entry.reset(token)


def _register(call: Callable[P, R], *, reads: bool, hands_over: bool) -> Callable[P, R]:
    room = call.__module__.split(".")[1]
    verb = Verb(f"{room}.{call.__name__}", reads, hands_over, call)
    if verb.address in VERBS:
        raise RuntimeError(f"two verbs share the address {verb.address}")
    VERBS[verb.address] = verb

    @functools.wraps(call)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        result: R = _run(verb, args, kwargs)
        return result

    wrapped.address = verb.address  # type: ignore[attr-defined]
    return wrapped


def act(call: Callable[P, R]) -> Callable[P, R]:
    """Make a function a verb: its address is its permission; one transaction; result within reach; one ledger line."""
    return _register(call, reads=False, hands_over=False)


def hand_over(call: Callable[P, R]) -> Callable[P, R]:
    """Make a function a verb that hands work to another office, so its result may lie outside the actor's reach."""
    return _register(call, reads=False, hands_over=True)


def ask(call: Callable[P, R]) -> Callable[P, R]:
    """Make a function a sensitive question: permission, reach, and a ledger line that says it was read."""
    return _register(call, reads=True, hands_over=False)


@contextmanager
def as_job(name: str, *, reads_ledger: bool = False) -> Iterator[Actor]:
    """Act as a named job with national reach; its role table (`job_<name>`) ties its hands."""
    with acting(job(name, reads_ledger=reads_ledger)) as actor:
        yield actor


@contextmanager
def handed_to(name: str) -> Iterator[Actor]:
    """Hand one step of the running verb to a named job: an error in it is an error of the verb, and takes back both."""
    if _entry.get() is None:
        raise RuntimeError("handed_to() belongs inside a verb")
    with acting(job(name), savepoint=False) as actor:
        token = _within.set(actor)
        try:
            yield actor
        finally:
            _within.reset(token)


def job(name: str, *, reads_ledger: bool = False) -> Actor:
    """Give the actor of a named job."""
    return Actor("job", name, name, frozenset({f"job_{name}"}), frozenset({"nation"}), reads_ledger=reads_ledger)
