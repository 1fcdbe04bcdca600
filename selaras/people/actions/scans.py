"""Takes a scan over: what kind of file it is by its first bytes, not by its name; encrypted on its way to disk."""

from collections.abc import Iterable, Iterator
from itertools import chain

from selaras.ground.keeping import keep
from selaras.ground.models import KeptFile
from selaras.people.faults import Fault, Unfit

MOST = 10 * 1024 * 1024
"""Bytes: a page photographed by a telephone has three to five million."""
KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def keep_scan(parts: Iterable[bytes], name: str) -> KeptFile:
    """Keep a scan; refuse what is empty, too large, or no PDF, JPEG or PNG. Its row is seen by way of the paper that names it."""
    found = iter(parts)
    first = next((part for part in found if part), b"")
    if not first:
        raise Unfit([Fault("file", "scan_empty")])
    media_type = next((kind for start, kind in KINDS if first.startswith(start)), "")
    if not media_type:
        raise Unfit([Fault("file", "scan_kind")])
    return keep(_no_more(chain([first], found)), name, media_type=media_type, reach=())


def _no_more(parts: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST:
            raise Unfit([Fault("file", "scan_too_large", {"most": MOST // 1024 // 1024})])
        yield part
