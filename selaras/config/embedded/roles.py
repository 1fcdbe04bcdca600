"""The database roles: who owns, who works, who only appends."""

from collections.abc import Mapping

DATABASE = "selaras"
ROOT, OWNER, APP, LEDGER = "selaras_root", "selaras_owner", "selaras_app", "selaras_ledger"

_BOUND = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION NOINHERIT"


def statements(passwords: Mapping[str, str], *, embedded: bool) -> list[str]:
    """Return the SQL, one statement a line, that makes the roles and the database on a fresh server.

    `passwords` maps role to password as an SQL literal. The embedded owner may create databases, because the tests
    clone a template; on a shared server it may not.
    """
    lines = [f"ALTER ROLE {ROOT} PASSWORD {passwords[ROOT]};"] if embedded else []
    for role in (OWNER, APP, LEDGER):
        makes_databases = "CREATEDB" if embedded and role == OWNER else "NOCREATEDB"
        lines.append(f"CREATE ROLE {role} {_BOUND} {makes_databases} PASSWORD {passwords[role]};")
    lines += [
        f"CREATE DATABASE {DATABASE} OWNER {OWNER};",
        # PUBLIC could otherwise connect to, and leave temporary tables in, every database of the server.
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP};",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {LEDGER};",
    ]
    if embedded:
        lines += [
            "REVOKE ALL ON DATABASE postgres FROM PUBLIC;",
            f"GRANT CONNECT ON DATABASE postgres TO {OWNER};",  # test databases are created from there
        ]
    return lines
