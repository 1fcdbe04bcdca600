"""What a file is by its content, never by its name; what is not a table is refused with its kind."""

import errno
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.shapes import Kind

SAMPLE_BYTES = 64 * 1024
# More than this share of control characters and it is no text.
CONTROL_SHARE = 0.10

# What the machine, not the file, is to blame for.
_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.EACCES, errno.ENODEV,
}  # fmt: skip

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"{\\rtf", "rtf"),
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\x00\t\n\r\x0c\x1a\x1b") + b"\x7f"


@contextmanager
def refuse(code: str, **params: str | int | None) -> Iterator[None]:
    """Turn whatever a decoder of foreign formats throws into `Unreadable(code)`; a full disk or lost mount stays itself.

    The decoders are written in Rust and C++: a panic there is a BaseException of its own, not an Exception.
    """
    try:
        yield
    except (Unreadable, MemoryError):
        raise
    except OSError as error:
        if error.errno in _MACHINE:
            raise
        raise Unreadable(Fault(code, params)) from None  # such as a seek to where a damaged directory points
    except Exception:
        raise Unreadable(Fault(code, params)) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Unreadable(Fault(code, params)) from None
        raise


def find_kind(path: Path, head: bytes) -> Kind:
    """The kind of the file from its first bytes (at most `SAMPLE_BYTES`); raises Unreadable with what it is instead."""
    if head.startswith(b"PK"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in _ole_names(path):
            raise Unreadable(Fault("workbook.locked"))
        return "xls"
    if head[:2] == b"\x09\x08" and head[2:4] in (b"\x08\x00", b"\x10\x00"):  # a BIFF stream without its container
        raise Unreadable(Fault("workbook.broken", {"kind": "xls"}))
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, name in _OTHERS:
        if head.startswith(magic):
            raise Unreadable(Fault("kind.unsupported", {"kind": name}))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise Unreadable(Fault("kind.unsupported", {"kind": "html"}))
    if start.startswith(b"<?xml") or start.startswith(b"<"):
        raise Unreadable(Fault("kind.unsupported", {"kind": "xml"}))
    if start.startswith((b"{", b'[{"')):
        raise Unreadable(Fault("kind.unsupported", {"kind": "json"}))
    return "csv"


def looks_like_text(sample: bytes) -> bool:
    """Whether so few control characters stand in the sample that it can be a table of text (NUL is tolerated)."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    nuls = sample.count(0)
    return controls <= CONTROL_SHARE * len(sample) and nuls <= 0.5 * len(sample)


def _kind_of_zip(path: Path) -> Kind:
    with refuse("workbook.broken", kind="zip"), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        mime = archive.open("mimetype").read(200) if "mimetype" in names else b""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet") and "content.xml" in names:
        return "ods"
    kind = "xlsb" if "xl/workbook.bin" in names else "docx" if "word/document.xml" in names else "zip"
    raise Unreadable(Fault("kind.unsupported", {"kind": kind}))


def _ole_names(path: Path) -> bytes:
    """The first and last 256 KB of a compound file: its directory, in which the names of the streams stand."""
    with path.open("rb") as file:
        head = file.read(256 * 1024)
        file.seek(max(0, path.stat().st_size - 256 * 1024))
        return head + file.read()
