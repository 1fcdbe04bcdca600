"""How the text of a file is encoded, and its lines as UTF-8 in blocks of bounded size whatever the file holds."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selaras.engines.reading.faults import Fault, Params, Unreadable
from selaras.engines.reading.shapes import Form

MIN_BLOCK, MAX_BLOCK = 128 * 1024, 4 * 1024 * 1024  # bytes read at once
MAX_LINE = 1024 * 1024  # a longer line is set aside unread, so that memory stays flat
MAX_RAW = 64 * 1024  # as much of a rejected line is kept
# A code point that no text may hold stands for bytes that do not decode.
_MARK = "\ufdd0"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

codecs.register_error("selaras.mark", lambda error: (_MARK, error.end if isinstance(error, UnicodeError) else 0))  # type: ignore[attr-defined]


@dataclass(slots=True)
class Census:
    """What one full pass over a file found: its fingerprint, and how its bytes behave as text."""

    sha256: str
    size: int
    line_feeds: int
    returns: int
    utf8_lines: int  # stretches of text beyond ASCII that are UTF-8
    other_lines: int  # lines that are not
    ends_with_line: bool


@dataclass(slots=True)
class Block:
    """Whole physical lines as UTF-8, each ended by one line feed; the lines that could not be read are left empty.

    `bad`: line -> (code, parameters, what could be shown of it). `open_end`: the last line has no line end in the file.
    """

    data: bytes
    first_line: int
    done: int
    bad: dict[int, tuple[str, Params, str]] = field(default_factory=dict)
    last: bool = False
    open_end: bool = False


def take_census(path: Path, text: bool = True) -> Census:
    """Read the whole file once, in bounded memory, for its SHA-256, its line ends and, of a text, its encoding."""
    digest = hashlib.sha256()
    census = Census("", 0, 0, 0, 0, 0, True)
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
            census.size += len(chunk)
            census.line_feeds += chunk.count(b"\n")
            census.returns += chunk.count(b"\r")
            census.ends_with_line = chunk.endswith((b"\n", b"\r"))
            if not text:
                continue
            held = rest + chunk
            cut = held.rfind(b"\n") + 1
            if not cut and len(held) > MAX_LINE:
                cut = len(held)
            _count_encodings(held[:cut], census)
            rest = held[cut:]
    _count_encodings(rest, census)
    census.sha256 = digest.hexdigest()
    return census


def _count_encodings(text: bytes, census: Census) -> None:
    if text.isascii():
        return
    try:
        text.decode("utf-8")
        census.utf8_lines += 1
    except UnicodeDecodeError:
        for line in text.split(b"\n"):
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    census.utf8_lines += 1
                except UnicodeDecodeError:
                    census.other_lines += 1


def find_encoding(head: bytes, census: Census) -> str:
    """The encoding of a text file: by its byte order mark, else by how its bytes lie.

    Lines in two encodings: UTF-8 is taken as soon as one line can only be UTF-8, and the others become rejects, since
    reading UTF-8 as Windows-1252 would give wrong names without a fault. Raises Unreadable for UTF-32.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            if name == "utf-32":
                raise Unreadable(Fault("encoding.unsupported", {"encoding": name}))
            return name
    if len(head) >= 4 and head.count(0) >= 0.2 * len(head):
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > 4 * even:
            return "utf-16-le"
        if even > 4 * odd:
            return "utf-16-be"
    return "cp1252" if census.other_lines and not census.utf8_lines else "utf-8"


def read_blocks(path: Path, form: Form, block_bytes: int = MAX_BLOCK) -> Iterator[Block]:
    """The lines of a text file from its first, as blocks of UTF-8; memory does not depend on the size of the file."""
    encoding = form.encoding or "utf-8"
    wide = encoding.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(encoding)("selaras.mark") if wide else None
    line, done, rest, dropped = 1, 0, b"", 0
    with path.open("rb") as file:
        if encoding == "utf-8-sig":
            done += len(file.read(3))
        while True:
            chunk = file.read(block_bytes)
            done += len(chunk)
            at_end = not chunk
            if decoder is not None:
                text = decoder.decode(chunk, final=at_end)
                chunk = (text.removeprefix("\ufeff") if line == 1 and not rest else text).encode("utf-8")
            if form.newline == "cr":
                chunk = chunk.replace(b"\r", b"\n")
            if dropped:  # inside a line that is too long to keep
                end = chunk.find(b"\n")
                if end < 0 and not at_end:
                    dropped += len(chunk)
                    continue
                dropped += max(end, 0)
                params: Params = {"length": dropped, "limit": MAX_LINE}
                shown = rest[:MAX_RAW].decode("utf-8" if wide else encoding, "replace")
                yield Block(b"\n", line, done, {line: ("line.too_long", params, shown)}, at_end, end < 0)
                if at_end:
                    return
                line, rest, dropped, chunk = line + 1, b"", 0, chunk[end + 1 :]
            data = rest + chunk
            cut = len(data) if at_end else data.rfind(b"\n") + 1
            data, rest = data[:cut], data[cut:]
            if len(rest) > MAX_LINE:
                dropped, rest = len(rest), rest[:MAX_RAW]
            if data or at_end:
                open_end = bool(data) and not data.endswith(b"\n")
                block = _as_utf8(data + b"\n" if open_end else data, line, "utf-8" if wide else encoding)
                block.done, block.last, block.open_end = done, at_end, open_end
                line += block.data.count(b"\n")
                yield block
            if at_end:
                return


def _as_utf8(data: bytes, first_line: int, encoding: str) -> Block:
    """One block, checked: lines that do not decode or are too long are emptied and told apart."""
    block = Block(data, first_line, 0)
    if b"\r\n" in data:
        data = data.replace(b"\r\n", b"\n")
    too_long = _has_long_line(data)
    marked = _MARK.encode() in data
    if not marked and not too_long:
        try:
            block.data = data if data.isascii() or _is_utf8(data, encoding) else data.decode(encoding).encode("utf-8")
            return block
        except UnicodeDecodeError:
            pass
    lines = data.split(b"\n")
    for place, raw in enumerate(lines[:-1]):
        text, fault = _decode_line(raw, encoding)
        if fault is not None:
            code, params = fault
            shown = raw[:MAX_RAW].decode("cp1252", "replace").replace(_MARK, "\ufffd") if not marked else text[:MAX_RAW]
            block.bad[first_line + place] = (code, params, shown)
        lines[place] = b"" if fault is not None else text.encode("utf-8")
    block.data = b"\n".join(lines)
    return block


def _has_long_line(data: bytes) -> bool:
    """Whether some line may be over `MAX_LINE`: a stretch of half of that without a line end."""
    half = MAX_LINE // 2
    return any(data.find(b"\n", at, at + half) < 0 for at in range(0, len(data) - half, half))


def _is_utf8(data: bytes, encoding: str) -> bool:
    if encoding == "cp1252":
        return False
    data.decode("utf-8")
    return True


def _decode_line(raw: bytes, encoding: str) -> tuple[str, tuple[str, Params] | None]:
    """The text of one line, and what is wrong with it."""
    if len(raw) > MAX_LINE:
        return "", ("line.too_long", {"length": len(raw), "limit": MAX_LINE})
    try:
        text = raw.decode("cp1252" if encoding == "cp1252" else "utf-8")
    except UnicodeDecodeError as error:
        return "", ("encoding.undecodable", {"position": error.start + 1})
    if _MARK in text:
        return text.replace(_MARK, "\ufffd"), ("encoding.undecodable", {"position": text.index(_MARK) + 1})
    return text, None
