"""Turns database addresses into Django's settings: the app's role, the insert-only ledger role and, for migrations, the owner."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from selaras.config.environment import SettingFault

MOST_VALUES = 65_535  # that the protocol carries beside a statement


class Bound(psycopg.Cursor[Any]):
    """Sends values beside the statement, as prepared plans need it; those of a statement with too many go inside its text."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> "Bound":
        """Run one statement."""
        if params is not None and len(params) > MOST_VALUES:
            query, params = psycopg.ClientCursor(self.connection).mogrify(query, params).encode(), None
        return super().execute(query, params, **how)


def of_url(url: str, *, pool: bool) -> dict[str, Any]:
    """Give Django's settings for one PostgreSQL address; a socket folder may stand in `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingFault("a database address begins with postgresql://; Selaras runs on PostgreSQL only")
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {"application_name": "selaras", "options": "-c statement_timeout=120000"}
    # A statement that was run three times keeps its plan in the connection: planning costs the database more than a look-up does.
    options |= {"server_side_binding": True, "prepare_threshold": 3, "cursor_factory": Bound}
    for key in ("sslmode", "sslrootcert", "connect_timeout", "require_auth"):
        if key in query:
            options[key] = query[key]
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TEST": {"MIRROR": None},
    }
