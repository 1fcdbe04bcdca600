"""Takes a receipt over: a photograph, a scan or a voice note; what it is shows in its first bytes, not in its name."""

from collections.abc import Iterable, Iterator
from itertools import chain

from selaras.ground.keeping import keep
from selaras.ground.models import KeptFile
from selaras.people.actions.scans import ENDINGS, KINDS, MOST
from selaras.people.faults import Fault, Unfit

VOICES = (
    (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"), (b"\xff\xf3", "audio/mpeg"), (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "audio/webm"), (b"RIFF", "audio/wav"),
)  # fmt: skip
MP4 = b"ftyp"  # from the fifth byte on: what most telephones record
NAMES = {
    **ENDINGS, "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/amr": "amr", "audio/webm": "webm", "audio/wav": "wav", "audio/mp4": "m4a",
}  # fmt: skip


def keep_receipt(parts: Iterable[bytes], name: str) -> KeptFile:
    """Keep a receipt, encrypted; refuse what is empty, too large, or neither picture, PDF nor voice. It is seen by way of its cost."""
    found = iter(parts)
    first = next((part for part in found if part), b"")
    if not first:
        raise Unfit([Fault("receipt", "scan_empty")])
    media_type = next((kind for start, kind in (*KINDS, *VOICES) if first.startswith(start)), "")
    if not media_type and first[4:8] == MP4:
        media_type = "audio/mp4"
    if not media_type:
        raise Unfit([Fault("receipt", "receipt_kind")])
    return keep(_no_more(chain([first], found)), name, media_type=media_type, reach=())


def _no_more(parts: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST:
            raise Unfit([Fault("receipt", "scan_too_large", {"most": MOST // 1024 // 1024})])
        yield part
