"""The drill: a backup comes back whole in an empty database with its files, keys and seals, and nothing else opens it."""

import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from selaras.config import backup
from selaras.config.backup import bring_back, write_backup
from selaras.engines.sealing import Sealer
from selaras.ground.act import as_job
from selaras.ground.actions.offices import open_office
from selaras.ground.keeping import keep, path_of, read_back
from selaras.ground.keyring import read_ring, ring, write_ring
from selaras.ground.models import KeptFile, LedgerLine
from selaras.ground.queries.ledger import verify_ledger
from selaras.ground.scope import acting
from selaras.people.models import Person
from selaras.reconcile.actions.deliveries import cancel_delivery, hand_in
from tests import database
from tests.cast import actor
from tests.ground.test_ledger import seal
from tests.reconcile.intake import AGREEMENT, sign, text, worker

pytestmark = pytest.mark.usefixtures("committed")
PHRASE = "a passphrase for the drill"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """Turn this process to an empty database with empty folders and no keys, and back afterwards."""
    home = settings.DATABASES["default"]["NAME"]
    before = {n: getattr(settings, n) for n in ("SELARAS_FILES", "SELARAS_SEALS", "SELARAS_KEYS")}
    name = f"selaras_restored_{os.getpid()}"
    base = settings.DATABASES["owner"]

    def owner() -> psycopg.Connection:
        return psycopg.connect(dbname="postgres", user=base["USER"], password=base["PASSWORD"], host=base["HOST"], autocommit=True)

    with owner() as db:
        db.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    yield_to = tmp_path / "elsewhere"

    def move() -> None:
        database.use(name)
        settings.SELARAS_FILES, settings.SELARAS_SEALS = str(yield_to / "files"), str(yield_to / "seals")
        settings.SELARAS_KEYS = str(yield_to / "keys" / "ring.json")

    try:
        yield move  # type: ignore[misc]
    finally:
        database.use(home)
        for key, value in before.items():
            setattr(settings, key, value)
        with owner() as db:
            # Not by force: the last sessions there are another role's, and about to end. This waits for them.
            db.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def named(name: str) -> KeptFile:
    """The kept file of this name; names rest sealed, so the database cannot look."""
    return next(kept for kept in KeptFile.objects.all() if kept.name == name)


def fill() -> None:
    with acting(actor("reviewer")):
        keep([b"x" * 700_000, b"end"], "kiriman.csv")
        Person.objects.create(name="Warsinah", mother="Kasminah", source="test", reach=["nation"])
    with acting(actor("admin")):
        open_office(key="uji-cadangan", kind="desk", name="Uji")
    seal(2)


def test_a_backup_comes_back_whole(tmp_path: Path, elsewhere):
    fill()
    archive = tmp_path / "selaras.backup"
    assert write_backup(archive, PHRASE) > 1_000_000
    assert archive.stat().st_mode & 0o077 == 0
    raw = archive.read_bytes()
    assert b"Warsinah" not in raw and b"kiriman" not in raw
    elsewhere()
    bring_back(archive, PHRASE, replace=False)
    with acting(actor("reviewer")):
        kept = named("kiriman.csv")
        assert b"".join(read_back(kept)) == b"x" * 700_000 + b"end"
        assert Person.objects.get(name="Warsinah").mother == "Kasminah"
    database.guard()
    with acting(actor("auditor")):
        proof = verify_ledger()
        assert proof.whole and proof.sealed >= 1
    with acting(actor("admin")):
        open_office(key="uji-baru", kind="desk", name="Uji")
    assert seal(1) >= 1
    with as_job("seal", reads_ledger=True):
        assert LedgerLine.objects.get(verb="ground.open_office", generation=2)
    with acting(actor("auditor")):
        assert verify_ledger().whole, "the old windows and the new generation hold side by side"
    with pytest.raises(click.ClickException, match="not empty"):
        bring_back(archive, PHRASE, replace=False)


def test_only_the_passphrase_opens_a_backup_and_an_altered_or_cut_one_is_refused(tmp_path: Path, elsewhere):
    fill()
    archive = tmp_path / "selaras.backup"
    write_backup(archive, PHRASE)
    whole = archive.read_bytes()
    elsewhere()
    with pytest.raises(click.ClickException, match="passphrase"):
        bring_back(archive, "another passphrase", replace=False)
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(click.ClickException, match="altered or cut|could not be brought back"):
        bring_back(tmp_path / "cut", PHRASE, replace=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'public'")
        assert cursor.fetchone() == (0,), "a restore that fails leaves no half database"
    altered = bytearray(whole)
    altered[len(altered) // 3] ^= 1
    (tmp_path / "altered").write_bytes(altered)
    with pytest.raises(click.ClickException, match="altered or cut|could not be brought back"):
        bring_back(tmp_path / "altered", PHRASE, replace=True)


def test_the_data_key_turns_without_losing_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from selaras.ground.actions.resealing import reseal_values
    from selaras.ground.keyring import add_data_key

    path = tmp_path / "ring.json"
    path.write_bytes(Path(settings.SELARAS_KEYS).read_bytes())
    path.chmod(0o600)
    monkeypatch.setattr(settings, "SELARAS_KEYS", str(path))
    fill()
    sign()
    with acting(actor("data")):
        stopped = hand_in(source="siskop2mi", agreement=AGREEMENT, parts=[text([worker()])], name="batal.csv", queue=False)
        cancel_delivery(delivery_id=stopped.pk)
    old = ring().current
    fresh = add_data_key(path)
    assert ring().current == fresh != old
    with acting(actor("reviewer")):
        assert Person.objects.get(name="Warsinah").mother == "Kasminah", "the old key still opens"
    done = 0
    while True:
        with as_job("keys"):
            step = reseal_values(limit=1)
        if not step:
            break
        done += step
    assert done == 5, "four values (a mother, what was found of a file, two names of files) and one file; that of a delivery that was stopped is gone"
    raw = json.loads(path.read_text())
    del raw["data"][str(old)]
    write_ring(path, raw)
    assert set(read_ring(path).data) == {fresh} == set(ring().data), "a process that runs sees a turned key at once"
    with acting(actor("reviewer")):
        assert Person.objects.get(name="Warsinah").mother == "Kasminah", "the old key is not needed any more"
        assert b"".join(read_back(named("kiriman.csv"))).endswith(b"end")


def test_an_archive_that_is_cut_or_does_not_restore_loses_nothing_of_what_is_there(tmp_path: Path, elsewhere):
    fill()
    archive = tmp_path / "selaras.backup"
    write_backup(archive, PHRASE)
    whole = archive.read_bytes()
    elsewhere()
    bring_back(archive, PHRASE, replace=False)
    ring_before = Path(settings.SELARAS_KEYS).read_bytes()

    def stands() -> bool:
        with acting(actor("reviewer")):
            kept = named("kiriman.csv")
            return b"".join(read_back(kept)).endswith(b"end") and Person.objects.get(name="Warsinah").mother == "Kasminah"

    for name, body in (
        ("cut at the end", whole[:-1]), ("cut in the middle", whole[: len(whole) // 2]),
        ("altered at the end", whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]),
    ):  # fmt: skip
        (tmp_path / "bad").write_bytes(body)
        with pytest.raises(click.ClickException, match="nothing was changed"):
            bring_back(tmp_path / "bad", PHRASE, replace=True)
        assert stands(), name
    # sound as an archive, but PostgreSQL refuses it: another product's dump, a newer version
    not_ours(tmp_path / "strange")
    with pytest.raises(click.ClickException, match="could not be brought back"):
        bring_back(tmp_path / "strange", PHRASE, replace=True)
    assert stands() and Path(settings.SELARAS_KEYS).read_bytes() == ring_before, "keys are put in place after the database only"
    with connections["owner"].cursor() as cursor:
        cursor.execute("select nspname from pg_namespace where nspname like 'selaras%'")
        assert cursor.fetchall() == []
    bring_back(archive, PHRASE, replace=True)
    assert stands()
    database.guard()


def not_ours(path: Path) -> None:
    salt = os.urandom(16)
    with path.open("wb") as out:
        out.write(backup.MAGIC + salt)
        sealer = Sealer(out, key_id=1, key=backup._key(PHRASE, salt))
        with tarfile.open(fileobj=sealer, mode="w|") as archive:
            backup._add(archive, "database/000000", b"PGDMP, but nothing that PostgreSQL knows" * 100)
            backup._add(archive, "keys/ring.json", b"{}")
        sealer.close()


def test_a_file_that_goes_while_the_backup_is_written_does_not_spoil_it(tmp_path: Path, elsewhere, monkeypatch: pytest.MonkeyPatch):
    fill()
    with acting(actor("reviewer")):
        gone = path_of(keep([b"stopped"], "batal.csv").id)
    real = tarfile.TarFile.add

    def add(self: tarfile.TarFile, name: Path, *more: object, **options: object) -> None:
        gone.unlink(missing_ok=True)  # between the look at the folder and the reading of the file
        real(self, name, *more, **options)

    monkeypatch.setattr(tarfile.TarFile, "add", add)
    archive = tmp_path / "selaras.backup"
    assert write_backup(archive, PHRASE) > 1_000_000
    assert not gone.exists()
    elsewhere()
    bring_back(archive, PHRASE, replace=False)
    with acting(actor("reviewer")):
        assert b"".join(read_back(named("kiriman.csv"))).endswith(b"end")
