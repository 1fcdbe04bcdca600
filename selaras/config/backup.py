"""Backup and restore: database, kept files, seals, key ring and card keys in one archive, sealed under a passphrase.

The archive is a tar stream, sealed in chunks; the key comes from the passphrase by scrypt, whose salt stands before it. Nothing is
written to disk in the clear, and a backup that was cut off does not open.
"""

import io
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import click
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connections, transaction

from selaras.config.embedded import account, binaries
from selaras.engines.sealing import SealBroken, Sealer, open_stream
from selaras.ground.setting_up import prepare_database

MAGIC = b"SLRSBAK1"
CARD_KEYS = "keys/cards.json"
PART = 8 * 1024 * 1024
BEFORE = "selaras_before_restore"  # the schema that holds what was there until what is brought back stands


class BackupFault(click.ClickException):
    """A backup that cannot be made or brought back, with what to do next."""


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _passphrase(file: Path | None) -> str:
    phrase = file.read_text(encoding="utf-8").strip() if file else os.environ.get("SELARAS_BACKUP_PASSPHRASE", "")
    if len(phrase) < 12:
        raise BackupFault(
            "give a passphrase of at least 12 characters: --passphrase-file FILE or SELARAS_BACKUP_PASSPHRASE"
        )
    return phrase


def _tool(name: str) -> Path:
    found = binaries.programs(account.choose(None)) / name
    return found if found.exists() else Path(shutil.which(name) or name)


def _owner() -> tuple[list[str], dict[str, str]]:
    """Give the arguments and the environment by which PostgreSQL's own programs reach the database as the owner."""
    base = settings.DATABASES["owner"]
    arguments = ["--host", base["HOST"], "--username", base["USER"], "--dbname", base["NAME"]]
    if base["PORT"]:
        arguments += ["--port", base["PORT"]]
    return arguments, {"PGPASSWORD": base["PASSWORD"], "PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _add(archive: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(body)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(body))


def _dump(archive: tarfile.TarFile) -> None:
    arguments, environment = _owner()
    command = [str(_tool("pg_dump")), *arguments, "--format=custom", "--no-owner", "--compress=3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as dumping:  # noqa: S603
        out = cast(IO[bytes], dumping.stdout)
        number = 0
        while part := out.read(PART):
            _add(archive, f"database/{number:06d}", part)
            number += 1
        trouble = cast(IO[bytes], dumping.stderr).read().decode(errors="replace")
    if dumping.returncode:
        raise BackupFault(
            f"the database could not be written: {trouble.strip().splitlines()[-1] if trouble.strip() else 'no reason given'}"
        )


def write_backup(path: Path, passphrase: str) -> int:
    """Write one archive, whole or not at all; give its size in bytes."""
    part = path.with_name(f"{path.name}.part")
    salt = os.urandom(16)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(MAGIC + salt)
            sealer = Sealer(out, key_id=1, key=_key(passphrase, salt))
            with tarfile.open(fileobj=cast(Any, sealer), mode="w|") as archive:
                # Keys and files after the database: what the database names is then surely in the archive.
                _dump(archive)
                _add(archive, "keys/ring.json", Path(settings.SELARAS_KEYS).read_bytes())
                with suppress(FileNotFoundError):  # a copy that has issued no card yet
                    _add(archive, CARD_KEYS, Path(settings.SELARAS_CARD_KEYS).read_bytes())
                for kind, folder in (("files", settings.SELARAS_FILES), ("seals", settings.SELARAS_SEALS)):
                    for file in sorted(Path(folder).rglob("*")):
                        if file.is_file() and file.suffix != ".part":
                            with suppress(FileNotFoundError):  # one that was wiped or stopped since we looked
                                archive.add(file, f"{kind}/{file.relative_to(folder)}")
            sealer.close()
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    except OSError as fault:
        raise BackupFault(
            f"{path} could not be written ({fault.strerror}): choose a folder with room and try again"
        ) from fault
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


class _Plain(io.RawIOBase):
    """Lets tarfile read the plain chunks of a sealed stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            self._rest = next(self._chunks, b"")
            if not self._rest:
                return 0
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _check_room(replace: bool) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'public'")
        full = bool(cursor.fetchone()[0])
    connections["owner"].close()
    if full and not replace:
        raise BackupFault(
            "the database is not empty: restore into an empty one, or say --replace to lose what is there"
        )


@contextmanager
def _set_aside() -> Iterator[None]:
    """Keep what is in the database beside what is brought back, and lose it only when that stands; else put it back."""
    _as_owner(f"drop schema if exists {BEFORE} cascade", f"alter schema public rename to {BEFORE}", "create schema public")
    try:
        yield
    except BaseException:
        _as_owner("drop schema public cascade", f"alter schema {BEFORE} rename to public")
        raise
    _as_owner(f"drop schema {BEFORE} cascade")


def _as_owner(*statements: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connections["owner"].close()


def _read_to_the_end(path: Path, head: int, key: bytes) -> None:
    """Refuse an archive that is altered, cut or without a database before anything is touched."""
    kinds = set()
    with path.open("rb") as source:
        source.seek(head)
        chunks = open_stream(cast(BinaryIO, source), keys={1: key})
        try:
            first = next(chunks)
        except SealBroken as fault:
            raise BackupFault("the passphrase is not the one of this backup, or the backup was altered") from fault
        try:
            with _archive(first, chunks) as archive:
                kinds = {member.name.partition("/")[0] for member in archive}
            for _ in chunks:  # tarfile stops at its own end; the seal over the last chunk says that nothing is missing
                pass
        except (SealBroken, tarfile.TarError, EOFError) as fault:
            raise BackupFault("the backup was altered or cut: nothing was changed; use another copy") from fault
    if not {"database", "keys"} <= kinds:
        raise BackupFault("the backup holds no database or no keys: nothing was changed; use another copy")


def _archive(first: bytes, chunks: Iterator[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=cast(Any, io.BufferedReader(_Plain(_chain(first, chunks)))), mode="r|")


def _restoring(archive: tarfile.TarFile) -> None:
    arguments, environment = _owner()
    command = [str(_tool("pg_restore")), *arguments, "--no-owner", "--exit-on-error", "--single-transaction"]
    restoring = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)  # noqa: S603
    into = cast(IO[bytes], restoring.stdin)
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.append(cast(IO[bytes], restoring.stderr).read()))
    listener.start()
    places = {
        "files": Path(settings.SELARAS_FILES),
        "seals": Path(settings.SELARAS_SEALS),
    }
    try:
        for member in archive:
            kind, _, name = member.name.partition("/")
            body = archive.extractfile(member)
            if body is None or ".." in Path(name).parts:
                continue
            if kind == "database":
                shutil.copyfileobj(body, into, PART)
            else:
                # keys and files only once the database stands: else the old ones would be gone for nothing
                into.close()
                if restoring.wait():
                    break
                own = {"keys/ring.json": settings.SELARAS_KEYS, CARD_KEYS: settings.SELARAS_CARD_KEYS}
                _place(body, Path(own[member.name]) if member.name in own else places[kind] / name)
        into.close()
    except BrokenPipeError:
        pass  # pg_restore said why on its way out: it is read below
    except BaseException:
        restoring.kill()  # its one transaction is rolled back: no half database
        raise
    finally:
        restoring.wait()
        listener.join()
    if restoring.returncode:
        lines = b"".join(said).decode(errors="replace").strip().splitlines()
        raise BackupFault(f"the database could not be brought back: {lines[-1] if lines else 'no reason given'}")


def _place(body: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        shutil.copyfileobj(body, out)


def bring_back(path: Path, passphrase: str, *, replace: bool) -> None:
    """Bring a backup back into an empty database, then migrate to this version and start a new generation of the ledger."""
    with path.open("rb") as source:
        head = source.read(len(MAGIC) + 16)
        if head[: len(MAGIC)] != MAGIC:
            raise BackupFault(f"{path} is not a backup of Selaras")
        key = _key(passphrase, head[len(MAGIC) :])
        _read_to_the_end(path, len(head), key)
        _check_room(replace)
        chunks = open_stream(cast(BinaryIO, source), keys={1: key})
        try:
            with _set_aside(), _archive(next(chunks), chunks) as archive:
                _restoring(archive)
        except (SealBroken, tarfile.TarError, EOFError) as fault:
            raise BackupFault("the backup was altered while it was read: what was in the database is there again") from fault
    prepare_database(lambda step: None, tree=False)
    with connections["owner"].cursor() as cursor:
        # Transaction ids begin anew in another cluster, so the ledger's windows must not mix: a new generation begins.
        cursor.execute("select coalesce(max(generation), 1) + 1 from ground_ledgerline")
        generation = int(cursor.fetchone()[0])
        cursor.execute("delete from django_session")  # sessions of the day of the backup must not live again
        cursor.execute(f"alter table ground_ledgerline alter column generation set default {generation}")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


PHRASE = click.option(
    "--passphrase-file", type=click.Path(exists=True, path_type=Path), help="A file that holds the passphrase."
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@PHRASE
def backup(path: Path, passphrase_file: Path | None) -> None:
    """Write database, files, seals and keys into the sealed archive PATH."""
    size = write_backup(path, _passphrase(passphrase_file))
    click.echo(
        f"{path}: {size / 1e6:.1f} MB. Keep the passphrase apart from it; try `selaras restore` into an empty copy now and then."
    )


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@PHRASE
@click.option("--replace", is_flag=True, help="Lose what is in the database now.")
def restore(path: Path, passphrase_file: Path | None, replace: bool) -> None:
    """Bring the backup PATH back into an empty database."""
    bring_back(path, _passphrase(passphrase_file), replace=replace)
    click.echo("The backup is back. Start the portal with `selaras serve`, and check it with `selaras ledger verify`.")
