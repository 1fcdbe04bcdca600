"""The folder of a standing linkage: closed to others, one writer at a time, the old generation whole until the new one is."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.model import VERSION
from selaras.engines.linkage.standing import frozen
from selaras.engines.linkage.standing.blocks import SECTIONS, Blocks
from selaras.engines.linkage.standing.graph import Graph, Pairs, none
from selaras.engines.linkage.standing.index import Index, places
from selaras.engines.linkage.standing.rows import mapped, read_segment
from selaras.engines.linkage.standing.sealing import Keys, WrongKey

_CURRENT, _LOCK = "CURRENT", "lock"
_OURS = re.compile(r"CURRENT|\.CURRENT|lock|(base|state)-\d+|rows-\d+-\d+")
_FORM = 1
_PAIR_FIELDS = ("left", "right", "found", "weight")


class NoIndex(ValueError):
    """The folder holds no index, or one of another version."""


class Damaged(NoIndex):
    """A file of the index is missing or cut short."""

    def __init__(self) -> None:
        super().__init__("A file of this index is missing or cut short; link the whole registers with --index again.")


class Busy(ValueError):
    """Somebody else is changing this index."""

    def __init__(self) -> None:
        super().__init__("Another delivery is being added to this index; try again when it is done.")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the only right to change an index; raises `Busy`, and `NoIndex` for a folder with anything else in it.

    What a killed writer left is cleared away.
    """
    if folder.exists() and any(not _OURS.fullmatch(path.name) for path in folder.iterdir()):
        raise NoIndex(f"There are other files in {folder}; an index needs a folder of its own.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    with open(os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        _clear(folder)
        yield


def _clear(folder: Path) -> None:
    """Remove whatever the current generation does not name."""
    named = {_CURRENT, _LOCK}
    if (folder / _CURRENT).exists():
        try:
            manifest = json.loads((folder / _CURRENT).read_text())
        except ValueError:
            raise WrongKey from None
        named |= {manifest["base"], manifest["state"], *(s["folder"] for s in manifest["segments"])}
    for path in folder.iterdir():
        if path.name not in named:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def wipe(folder: Path) -> None:
    """Destroy an index: the salt of its keys first, so that what a disk keeps of the rest opens for nobody."""
    if not (folder / _CURRENT).exists():
        raise NoIndex(f"There is no index in {folder}.")
    with locked(folder):
        with open(folder / _CURRENT, "r+b") as manifest:
            manifest.write(b"\0" * (folder / _CURRENT).stat().st_size)
            manifest.flush()
            os.fsync(manifest.fileno())
        shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    """Destroy the index in a folder that the caller has locked, to make another one in it."""
    current = folder / _CURRENT
    if current.exists():
        current.write_bytes(b"\0" * current.stat().st_size)
        _to_disk(current)
        current.unlink()
    _clear(folder)


def part(folder: Path, name: str) -> Path:
    """A new folder in the index; what is written into it counts only when a generation names it."""
    path = folder / name
    path.mkdir(mode=0o700)
    return path


def next_generation(folder: Path) -> int:
    """The number of the generation to come."""
    try:
        return int(json.loads((folder / _CURRENT).read_text())["generation"]) + 1
    except FileNotFoundError:
        return 1


def commit(folder: Path, manifest: Mapping[str, Any], keys: Keys) -> None:
    """Make a generation the current one, in one step; then clear the one before away."""
    sizes = {}
    for name in _parts(manifest):
        for path in (folder / name).iterdir():
            sizes[f"{name}/{path.name}"] = path.stat().st_size
            if path.stat().st_mode & 0o077:
                os.chmod(path, 0o600)
                _to_disk(path)
    body = json.dumps({**manifest, "form": _FORM, "engine": VERSION, "sizes": sizes}, sort_keys=True)
    aside = folder / f".{_CURRENT}"
    aside.write_text(json.dumps({**json.loads(body), "tag": keys.tag(body.encode())}))
    os.chmod(aside, 0o600)
    _to_disk(aside)
    os.replace(aside, folder / _CURRENT)
    _to_disk(folder)
    _clear(folder)


def _parts(manifest: Mapping[str, Any]) -> set[str]:
    return {manifest["base"], manifest["state"], *(s["folder"] for s in manifest["segments"])}


def _whole(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether every file is there and as long as it was written: a map of a file cut short would read what is not there."""
    found = {f"{name}/{path.name}": path.stat().st_size for name in _parts(manifest) for path in _files(folder / name)}
    return bool(found == manifest.get("sizes", found))


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def manifest_of(folder: Path, secret: bytes) -> tuple[dict[str, Any], Keys]:
    """What the current generation is made of; raises `NoIndex` and `WrongKey`."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _CURRENT).read_text())
        tag = manifest.pop("tag")
        keys = Keys(secret, bytes.fromhex(manifest["salt"]))
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndex(f"There is no index in {folder}.") from None
    except (KeyError, json.JSONDecodeError, UnicodeDecodeError):
        raise WrongKey from None
    if tag != keys.tag(json.dumps(manifest, sort_keys=True).encode()):
        raise WrongKey
    if (manifest["form"], manifest["engine"]) != (_FORM, VERSION):
        raise NoIndex("This index was made by another version of the engine; link the whole registers with --index again.")
    return manifest, keys


def save_state(path: Path, index: Index) -> None:
    """Write what changes with every generation."""
    np.save(path / "label.npy", index.label)
    np.save(path / "away.npy", index.away)
    np.save(path / "dead.npy", index.graph.dead)
    for field in _PAIR_FIELDS:
        np.save(path / f"own_{field}.npy", getattr(index.graph.own, field))
    for name, sections in (("into", index.blocks.into), ("out", index.blocks.out)):
        sizes = [len(sections.get(at, ())) for at in range(SECTIONS)]
        np.save(path / f"{name}_bounds.npy", np.cumsum([0, *sizes]))
        np.save(path / f"{name}.npy", np.concatenate([sections[at] for at in sorted(sections)] or [np.zeros(0, np.uint64)]))


def save_first_state(path: Path, label: I32) -> None:
    """Write the state of a full run, to which nothing has been added."""
    np.save(path / "label.npy", label)
    np.save(path / "away.npy", np.zeros(len(label), dtype=bool))
    np.save(path / "dead.npy", np.zeros(0, dtype=np.int64))
    for field in _PAIR_FIELDS:
        np.save(path / f"own_{field}.npy", getattr(none(), field))
    for name in ("into", "out"):
        np.save(path / f"{name}_bounds.npy", np.zeros(SECTIONS + 1, dtype=np.int64))
        np.save(path / f"{name}.npy", np.zeros(0, dtype=np.uint64))


def load(folder: Path, secret: bytes) -> tuple[Index, dict[str, Any]]:
    """The current generation: small things in memory, large ones on disk until they are asked for; and its manifest."""
    manifest, keys = manifest_of(folder, secret)
    if not _whole(folder, manifest):
        raise Damaged
    base, state = folder / manifest["base"], folder / manifest["state"]
    segments = tuple(
        read_segment(folder / s["folder"], s["folder"], s["source"], mapped(folder / s["folder"] / "positions.npy"), keys)
        for s in manifest["segments"]
    )
    label = np.load(state / "label.npy")
    changes = {}
    for name in ("into", "out"):
        bounds, changed = np.load(state / f"{name}_bounds.npy"), np.load(state / f"{name}.npy")
        changes[name] = {
            at: changed[bounds[at] : bounds[at + 1]] for at in range(SECTIONS) if bounds[at + 1] > bounds[at]
        }
    entries = np.memmap(base / "blocks.raw", dtype=np.uint64, mode="r") if manifest["bounds"][-1] else np.zeros(0, np.uint64)
    blocks = Blocks(entries, manifest["bounds"], changes["into"], changes["out"], manifest["bits"], keys.block)
    graph = Graph(
        Pairs(*(mapped(base / f"{field}.npy") for field in _PAIR_FIELDS)),
        mapped(base / "left_starts.npy"),
        mapped(base / "right_starts.npy"),
        mapped(base / "by_right.npy"),
        np.load(state / "dead.npy"),
        Pairs(*(np.load(state / f"own_{field}.npy") for field in _PAIR_FIELDS)),
    )
    statistics = frozen.read(keys.open(base / "statistics.sealed", "statistics"))
    index = Index(
        keys, tuple(manifest["sources"]), manifest["model"], statistics, segments, blocks, graph, label,
        np.load(state / "away.npy"), mapped(base / "ids.npy"), mapped(base / "ids_at.npy"), *places(segments, len(label)),
    )  # fmt: skip
    return index, manifest


def described(segments: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """Segments as a manifest names them: folder and source."""
    return [{"folder": name, "source": source} for name, source in segments]
