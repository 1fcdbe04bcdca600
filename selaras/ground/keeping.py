"""Keeps files encrypted on disk and reads them back; a half-written file is never taken for a whole one."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from uuid6 import uuid7

from selaras.engines.sealing import STREAM_HEAD, key_id_of_stream, open_stream, seal_stream
from selaras.ground.keyring import ring
from selaras.ground.models.files import KeptFile
from selaras.ground.scope import NATION, current


def path_of(file_id: UUID) -> Path:
    """Give the place on disk of a kept file."""
    name = file_id.hex
    return Path(settings.SELARAS_FILES) / name[-2:] / name


def keep(parts: Iterable[bytes], name: str, *, media_type: str = "", reach: Iterable[str] | None = None) -> KeptFile:
    """Encrypt a stream to disk and record it, within the actor's reach unless another is given, and always within the nation's."""
    file_id = uuid7()
    path = path_of(file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for part in parts:
            digest.update(part)
            size += len(part)
            yield part

    part_path = path.with_suffix(".part")
    keys = ring()
    try:
        with os.fdopen(os.open(part_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            seal_stream(counted(), out, key_id=keys.current, key=keys.data[keys.current])
            out.flush()
            os.fsync(out.fileno())
        os.replace(part_path, path)
    except BaseException:
        part_path.unlink(missing_ok=True)
        raise
    kept: KeptFile = KeptFile.objects.create(
        id=file_id,
        name=name[:200],
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        # Who looks after all files, turning keys or removing what nothing names, must see each of them.
        reach=sorted({NATION, *(reach if reach is not None else current().reach)}),
    )
    return kept


def read_back(kept: KeptFile) -> Iterator[bytes]:
    """Give the plain chunks of a kept file."""
    with path_of(kept.id).open("rb") as source:
        yield from open_stream(source, keys=ring().data)


def reseal_file(kept: KeptFile) -> bool:
    """Seal a file again under the current key, unless it is; say whether it was done."""
    keys = ring()
    path = path_of(kept.id)
    try:
        with path.open("rb") as source:
            if key_id_of_stream(source.read(STREAM_HEAD)) == keys.current:
                return False
    except FileNotFoundError:
        return False  # that of a delivery that was stopped: its row stays, its file is gone
    part_path = path.with_suffix(".part")
    part_path.unlink(missing_ok=True)
    with os.fdopen(os.open(part_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        seal_stream(read_back(kept), out, key_id=keys.current, key=keys.data[keys.current])
        out.flush()
        os.fsync(out.fileno())
    os.replace(part_path, path)
    return True


def forget(file_id: UUID) -> bool:
    """Remove a kept file from the disk; say whether it was there. Its row stays, with name, size and hash."""
    try:
        path_of(file_id).unlink()
    except FileNotFoundError:
        return False
    return True


def strays(seconds: float) -> Iterator[Path]:
    """Give each file in the folder of kept files that was last written longer ago than that and that no row names.

    A request that was rolled back, or killed, leaves such a file; a younger one may belong to a request that still runs.
    """
    before = time.time() - seconds
    old = [p for p in Path(settings.SELARAS_FILES).glob("??/*") if p.is_file() and p.stat().st_mtime < before]
    for start in range(0, len(old), 1000):
        part = {_id_of(path): path for path in old[start : start + 1000]}
        named = set(KeptFile.objects.filter(id__in=[i for i in part if i is not None]).values_list("id", flat=True))
        yield from (path for path in old[start : start + 1000] if _id_of(path) not in named)


def _id_of(path: Path) -> UUID | None:
    """The id that a file's name tells; none for what was only half written."""
    try:
        return UUID(hex=path.name)
    except ValueError:
        return None
