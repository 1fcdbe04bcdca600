"""The right to run: one run at a time, for as long as its connection lives."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from selaras.ground.act import Refused

LOCK = 7_305_002
MOVING = 7_305_005
"""Held by whoever moves records between persons: a verdict for a moment, a run while it switches over."""
_PATIENCE = 3.0  # seconds: a run that was just killed still holds the lock until the server has noticed


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the linkage for as long as this connection lives; refuse when another run holds it."""
    if connection.in_atomic_block:
        raise RuntimeError("a run makes its own transactions: call it outside of acting()")
    try:
        _take()
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s) from pg_locks where pid = pg_backend_pid() and objid = %s", (LOCK, LOCK))
                cursor.execute("reset client_connection_check_interval")
                cursor.execute("reset statement_timeout")


def _take() -> None:
    with connection.cursor() as cursor:
        # A server that is busy for a killed run looks every second whether anybody still listens.
        cursor.execute("set client_connection_check_interval = 1000")
        # Statements over a whole register take longer than a page may.
        cursor.execute("set statement_timeout = 0")
        until = time.monotonic() + _PATIENCE
        while True:
            cursor.execute("select pg_try_advisory_lock(%s)", (LOCK,))
            if cursor.fetchone()[0]:
                return
            if time.monotonic() > until:
                raise Refused("run_going")
            time.sleep(0.1)


def held_by_me() -> bool:
    """Say whether this connection still holds the lock: a connection that broke in between has lost it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            " and objid = %s and granted)",
            (LOCK,),
        )
        return bool(cursor.fetchone()[0])


def move_alone(patience: float = 5.0) -> None:
    """Take the lock of moving records until this transaction ends; refuse when a run holds it for longer than one waits."""
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select pg_try_advisory_xact_lock(%s)", (MOVING,))
            if cursor.fetchone()[0]:
                return
            if time.monotonic() > until:
                raise Refused("run_switching")
            time.sleep(0.05)
