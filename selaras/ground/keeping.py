"""Keeps files encrypted on disk and reads them back; a half-written file is never taken for a whole one."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from uuid6 import uuid7

from selaras.engines.sealing import STREAM_HEAD, key_id_of_stream, open_stream, seal_stream
from selaras.ground.keyring import ring
from selaras.ground.models.files import KeptFile
from selaras.ground.scope import current


def path_of(file_id: UUID) -> Path:
    """Give the place on disk of a kept file."""
    name = file_id.hex
    return Path(settings.SELARAS_FILES) / name[-2:] / name


def keep(parts: Iterable[bytes], name: str, *, media_type: str = "", reach: Iterable[str] | None = None) -> KeptFile:
    """Encrypt a stream to disk and record it, within the actor's reach unless another is given."""
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
        reach=sorted(reach if reach is not None else current().reach),
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
