"""Loaded before Django: gives the tests a copy of their own, with its own keys, folders and database server."""

import os
from pathlib import Path

from selaras.config.embedded import Embedded

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("SELARAS_TEST_VAR") or ROOT / "var" / "test")

os.environ.update(SELARAS_MODE="test", SELARAS_VAR=str(VAR), SELARAS_POOL="no", SELARAS_LOG_LEVEL="ERROR")
if not os.environ.get("SELARAS_TEST_DATABASE_OWNER_URL"):
    _urls = Embedded(VAR / "pg").ensure()
    os.environ.update(
        DATABASE_URL=_urls.app, DATABASE_LEDGER_URL=_urls.ledger, DATABASE_OWNER_URL=_urls.owner, SELARAS_EMBEDDED="yes"
    )
else:
    for _name in ("DATABASE_URL", "DATABASE_LEDGER_URL", "DATABASE_OWNER_URL"):
        os.environ[_name] = os.environ[f"SELARAS_TEST_{_name}"]
