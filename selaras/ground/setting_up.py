"""Brings a database to this version: migrations, the cache table, both locks, the tree of places and offices."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from selaras.ground import locks
from selaras.ground.actions.places import load_places
from selaras.ground.actions.tree import open_tree

LOCK = 7_305_000


def prepare_database(say: Callable[[str], None], *, using: str = "owner", tree: bool = True) -> None:
    """Migrate as the owner, then apply privileges and policies, then load the tree; safe to run again and twice at once."""
    owner = connections[using]
    with owner.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
    try:
        say("tables")
        call_command("migrate", database=using, verbosity=0, interactive=False)
        call_command("createcachetable", database=using, verbosity=0)
        say("locks")
        with transaction.atomic(using=using):
            locks.apply(owner, app=settings.DATABASES["default"]["USER"], ledger=settings.DATABASES["ledger"]["USER"])
        if tree:
            say("places")
            load_places(using)
            say("offices")
            open_tree(using)
    finally:
        with owner.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", (LOCK,))
