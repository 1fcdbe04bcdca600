"""Turning the data key: whatever the ring has sealed is turned, and nothing that uses the ring can be forgotten."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections

from selaras.doors.office import sessions, signin
from selaras.ground.act import as_job
from selaras.ground.actions import resealing
from selaras.ground.actions.resealing import HOLDERS, reseal_values, sealed_columns
from selaras.ground.keeping import keep, read_back
from selaras.ground.keyring import add_data_key, ring, write_ring
from selaras.ground.models import KeptFile
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.models import Person
from selaras.reconcile.actions.intake_staging import begin
from selaras.reconcile.models import StagedRow
from tests.cast import BY_KEY, actor
from tests.early import ROOT
from tests.reconcile.intake import deliver, text, worker

# Who seals with the ring, and by which holder what it sealed is turned.
SEALS = {
    "selaras/ground/fields.py": "values",
    "selaras/people/actions/batches.py": "values",
    "selaras/reconcile/actions/intake_rows.py": "values",
    "selaras/ground/keeping.py": "files",
    "selaras/doors/office/sessions.py": "sessions",
    "selaras/doors/office/signin.py": "second steps",
}


def users() -> Iterator[str]:
    for path in sorted((ROOT / "selaras").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("selaras/engines/") or name in ("selaras/ground/keyring.py", "selaras/ground/actions/resealing.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            told = node.func if isinstance(node, ast.Call) else None
            called = getattr(told, "attr", getattr(told, "id", ""))
            if called in {"seal_text", "seal_value", "seal_stream"}:
                yield name
                break


def test_whoever_seals_with_the_ring_is_turned():
    assert set(users()) == set(SEALS), "say in SEALS who turns what this module seals, and turn it in HOLDERS"
    assert set(SEALS.values()) == set(HOLDERS)
    assert (resealing.SESSIONS, resealing.SECOND_STEPS) == (sessions.PLACE, signin.PLACE)


def test_every_binary_column_is_sealed_or_known_for_something_else(committed):
    others = {
        "ground_seal.lines", "ground_seal.root", "ground_seal.previous", "ground_seal.signature",
        "reconcile_record.content", "reconcile_stagedrow.content",
    }  # fmt: skip
    with connections["owner"].cursor() as owner:
        owner.execute("select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and data_type = 'bytea'")
        binary = {row[0] for row in owner.fetchall()}
    turned = {f"{model._meta.db_table}.{column}" for model, column, _ in sealed_columns()}
    assert binary - others == turned


def named(name: str) -> KeptFile:
    """The kept file of this name; names rest sealed, so the database cannot look."""
    return next(kept for kept in KeptFile.objects.all() if kept.name == name)


def fill() -> dict[str, Any]:
    """One of each thing that the ring seals."""
    officer = officer_by_email(BY_KEY["admin"].email)
    with acting(actor("reviewer")):
        keep([b"a paper"], "surat.pdf")
        Person.objects.create(name="Warsinah", mother="Kasminah", source="test", reach=["nation"])
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    codes = RecoveryCodes.activate(officer)
    session = SessionStore()
    session["second_step"] = "half way"
    session.create()
    delivery = deliver(text([worker(1)]))
    begun = begin(delivery.pk, actor("data"))
    assert begun is not None
    with as_job("intake"):
        StagedRow.objects.create(
            delivery_id=delivery.pk, attempt=begun[1], record_id=delivery.pk, row_id="S1", line=2, content=b"x",
            values=ring().seal_text("{}", "reconcile_record.values"),
        )  # fmt: skip
        StagedRow.objects.create(
            delivery_id=delivery.pk, attempt=begun[1], record_id=delivery.pk, row_id="S2", line=3, content=b"", values=b""
        )
    return {"secret": secret, "codes": codes.get_unused_codes(), "session": session.session_key, "officer": officer}


def test_a_turned_key_leaves_nothing_under_the_old_one(committed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "ring.json"
    path.write_bytes(Path(settings.SELARAS_KEYS).read_bytes())
    path.chmod(0o600)
    monkeypatch.setattr(settings, "SELARAS_KEYS", str(path))
    made = fill()
    try:
        old, fresh = ring().current, add_data_key(path)
        Session.objects.create(session_key="strange", session_data="not ours", expire_date="2030-01-01T00:00Z")
        steps = 0
        while True:
            with as_job("keys"):
                if not reseal_values(limit=1):
                    break
            steps += 1
            assert steps < 50
        raw = json.loads(path.read_text())
        del raw["data"][str(old)]
        write_ring(path, raw)
        assert set(ring().data) == {fresh}
        with acting(actor("reviewer")):
            assert Person.objects.get(name="Warsinah").mother == "Kasminah"
            assert b"".join(read_back(named("surat.pdf"))) == b"a paper"
        with as_job("intake"):
            staged = StagedRow.objects.get(row_id="S1")
            assert ring().open_text(staged.values, "reconcile_record.values") == "{}"
        assert SessionStore(made["session"])["second_step"] == "half way"
        totp = Authenticator.objects.get(user=made["officer"], type="totp")
        assert signin.MFAAdapter().decrypt(totp.data["secret"]) == made["secret"]
        codes = Authenticator.objects.get(user=made["officer"], type="recovery_codes").wrap()
        assert codes.get_unused_codes() == made["codes"]
        assert Session.objects.get(session_key="strange").session_data == "not ours"
    finally:
        Authenticator.objects.all().delete()
        Session.objects.all().delete()
