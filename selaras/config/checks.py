"""Checks that stop a production start which would be unsafe, each with an id and what to do."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from selaras.ground.keyring import KeyFault, read_ring


def production(app_configs: list[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse embedded defaults, demo sign-in, demo keys, open hosts and plain connections in production."""
    if settings.SELARAS_MODE not in {"demo", "test", "production"}:
        return [
            Error(
                "SELARAS_MODE is none of demo, test, production", hint="Set SELARAS_MODE=production.", id="selaras.E000"
            )
        ]
    if settings.SELARAS_MODE != "production":
        return []
    found: list[CheckMessage] = []
    if settings.SELARAS_EMBEDDED or "not-started" in settings.DATABASES["default"]["NAME"]:
        found.append(
            Error(
                "production runs on a PostgreSQL server of its own, not on the embedded one",
                hint="Set DATABASE_URL and DATABASE_LEDGER_URL.",
                id="selaras.E001",
            )
        )
    if settings.SELARAS_DEMO_SIGN_IN:
        found.append(Error("the demo sign-in is on", hint="Unset SELARAS_DEMO_SIGN_IN.", id="selaras.E002"))
    try:
        keys = read_ring(Path(settings.SELARAS_KEYS))
        if keys.made_for != "production":
            found.append(
                Error(
                    f"the key ring was made for {keys.made_for}",
                    hint="Make one with `selaras keys new` and set SELARAS_KEYS.",
                    id="selaras.E003",
                )
            )
    except KeyFault as fault:
        found.append(Error(str(fault), id="selaras.E003"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "no host name, or any host name, is allowed",
                hint="Set SELARAS_HOSTS to the names that people type.",
                id="selaras.E004",
            )
        )
    app, ledger = settings.DATABASES["default"], settings.DATABASES["ledger"]
    if app["USER"] == ledger["USER"]:
        found.append(
            Error(
                "the app and the ledger use one database role",
                hint="Give DATABASE_LEDGER_URL the insert-only role.",
                id="selaras.E005",
            )
        )
    if "owner" in settings.DATABASES and settings.DATABASES["owner"]["USER"] == app["USER"]:
        found.append(
            Error(
                "the app connects as the owner of the tables", hint="Give DATABASE_URL the app role.", id="selaras.E006"
            )
        )
    if not str(settings.SELARAS_PUBLIC_URL).startswith("https://"):
        found.append(
            Error("the public address is not https", hint="Set SELARAS_PUBLIC_URL=https://…", id="selaras.E007")
        )
    return found
