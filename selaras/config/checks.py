"""Checks that stop a production start which would be unsafe, each with an id and what to do."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks
from django.core.checks.messages import ERROR
from django.db import OperationalError, connections
from django.utils import timezone

from selaras.config.environment import SettingFault
from selaras.ground.keyring import KeyFault, read_ring
from selaras.place.signing import made_for, read_card_keys

log = logging.getLogger(__name__)

# What a role of the server must not be: each lifts row-level security or the ledger's append-only rule.
ROLE = """
select r.rolname, r.rolsuper, r.rolbypassrls,
       exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'public' and pg_has_role(r.oid, c.relowner, 'member'))
from pg_roles r where r.rolname = current_user
"""


def _fault(number: int, says: str, hint: str = "") -> Error:
    return Error(says, hint=hint or None, id=f"selaras.E{number:03}")


def unsafe_settings() -> list[CheckMessage]:
    """Find embedded defaults, demo sign-in, demo keys, open hosts, shared roles and plain connections in production."""
    if settings.SELARAS_MODE not in {"demo", "test", "production"}:
        return [_fault(0, "SELARAS_MODE is none of demo, test, production", "Set SELARAS_MODE=production.")]
    if settings.SELARAS_MODE != "production":
        return []
    found: list[CheckMessage] = []
    app, ledger = settings.DATABASES["default"], settings.DATABASES["ledger"]
    if settings.SELARAS_EMBEDDED or "not-started" in {app["NAME"], ledger["NAME"]}:
        found.append(
            _fault(
                1,
                "production runs on a PostgreSQL server of its own, not on the embedded one",
                "Set DATABASE_URL and DATABASE_LEDGER_URL.",
            )
        )
    if settings.SELARAS_DEMO_SIGN_IN:
        found.append(_fault(2, "the demo sign-in is on", "Unset SELARAS_DEMO_SIGN_IN."))
    try:
        keys = read_ring(Path(settings.SELARAS_KEYS))
        if keys.made_for != "production":
            found.append(
                _fault(
                    3,
                    f"the key ring was made for {keys.made_for}",
                    "Make one with `selaras keys new` and set SELARAS_KEYS.",
                )
            )
    except KeyFault as fault:
        found.append(_fault(3, str(fault)))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            _fault(4, "no host name, or any host name, is allowed", "Set SELARAS_HOSTS to the names that people type.")
        )
    if app["USER"] == ledger["USER"]:
        found.append(
            _fault(
                5,
                "the app and the ledger use one database role",
                "Give DATABASE_LEDGER_URL the insert-only role.",
            )
        )
    if "owner" in settings.DATABASES and settings.DATABASES["owner"]["USER"] in {app["USER"], ledger["USER"]}:
        found.append(_fault(6, "the app connects as the owner of the tables", "Give DATABASE_URL the app role."))
    if not str(settings.SELARAS_PUBLIC_URL).startswith("https://"):
        found.append(_fault(7, "the public address is not https", "Set SELARAS_PUBLIC_URL=https://…"))
    if not settings.SELARAS_HOURLY_LIMITS:
        found.append(_fault(8, "the hourly limits of officers are off", "Unset SELARAS_HOURLY_LIMITS."))
    found += _unsafe_card_keys(Path(settings.SELARAS_CARD_KEYS))
    return found


def _unsafe_card_keys(path: Path) -> list[CheckMessage]:
    """Find card keys that are missing, open to others, made for the demo, or of which one has no key for today."""
    try:
        read_card_keys(path, timezone.localdate())
        made = made_for(path)
    except KeyFault as fault:
        return [_fault(9, str(fault))]
    if made in ("", "production"):
        return []
    return [_fault(9, f"the keys that sign cards were made for {made}", "Make them with `selaras pass new-keys` and set SELARAS_CARD_KEYS.")]


def unsafe_roles() -> list[CheckMessage]:
    """Ask the database whether a role that the server connects with is stronger than it may be, in production."""
    if settings.SELARAS_MODE != "production":
        return []
    found: list[CheckMessage] = []
    for alias in ("default", "ledger"):
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(ROLE)
                name, superuser, bypasses, owns = cursor.fetchone()
        except OperationalError:
            # The pages say so themselves, and a server that waits for its database must not end because of it.
            log.warning("the database does not answer: its roles were not checked")
            continue
        if superuser or bypasses or owns:
            why = "is a superuser" if superuser else "bypasses row-level security" if bypasses else "owns tables"
            found.append(_fault(8, f"the database role {name} {why}", "Make the roles with `selaras db roles`."))
    return found


def refuse(faults: Sequence[CheckMessage]) -> None:
    """Stop with one sentence that names each fault."""
    if faults:
        raise SettingFault(
            "refusing to start:\n" + "\n".join(f"  {m.id}: {m.msg}{'. ' + m.hint if m.hint else ''}" for m in faults)
        )


def refuse_unsafe_start() -> None:
    """Stop a start with a fault that Django finds, or with database roles that are too strong."""
    refuse([m for m in run_checks() if m.level >= ERROR] + unsafe_roles())
