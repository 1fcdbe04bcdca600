"""The standing linkage of the register: kept by a full run, added to by a delivery's; only ever a shorter way to the same answer."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

from selaras.agreements.queries import numbers_in_force
from selaras.engines.linkage import KEY_VERSION
from selaras.engines.linkage.standing import (
    Added,
    Builder,
    Busy,
    Damaged,
    Index,
    NoIndex,
    WrongKey,
    commit,
    described,
    emptied,
    load,
    locked,
    next_generation,
    part,
    save_state,
)
from selaras.engines.reading import load_layouts
from selaras.ground.act import as_job
from selaras.ground.keyring import ring
from selaras.ground.models import Area
from selaras.reconcile.models import Run
from selaras.reconcile.sources import HERE

NAME, _SEEN = "standing", "seen.arrow"
STALE = timedelta(days=28)
"""A model grows old: after so long the next run links everything anew."""
MOST, LEAST = 0.2, 1_000
"""Above this share of changed rows (and this many) a new model is worth its time."""
SEEN = {"key": pl.String, "mark": pl.Int64, "hand": pl.Boolean}
_PURPOSE = "standing linkage"


class CannotTake(Exception):
    """The index cannot take this delivery; `code` says why, and all is linked anew."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Opened:
    """An index that stands, is whole and belongs to the last run. `seen`: the rows it holds, with their marks."""

    index: Index
    manifest: dict[str, Any]
    seen: pl.DataFrame
    way: dict[str, Any]


@dataclass
class Standing:
    """The folder of the index, held by this run alone."""

    folder: Path
    damaged: bool
    _prepared: tuple[dict[str, Any], Index] | None = field(default=None)

    def open(self, read: str) -> Opened:
        """Open the index for a delivery; raises `CannotTake`. `read`: the mark of what was read of samples, which teaches a model."""
        way = _last_way()
        if self.damaged:
            raise CannotTake("damaged")
        if not way or not (self.folder / "CURRENT").exists():
            raise CannotTake("none")
        try:
            index, manifest = load(self.folder, _secret())
            seen = pl.read_ipc(self.folder / manifest["state"] / _SEEN)
        except Damaged:
            raise CannotTake("damaged") from None
        except WrongKey:
            raise CannotTake("key") from None
        except NoIndex:
            raise CannotTake("version") from None
        except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
            raise CannotTake("damaged") from None
        if mark_of(manifest) != way.get("index"):
            raise CannotTake("drifted")
        if circumstances() != way.get("circumstances"):
            raise CannotTake("changed")
        if read != way.get("read"):
            raise CannotTake("sample")
        if timezone.now() - datetime.fromisoformat(way["full_at"]) > STALE:
            raise CannotTake("old")
        return Opened(index, manifest, seen, way)

    def builder(self, seen: pl.DataFrame) -> Builder:
        """Begin a new index in place of what stood here."""
        emptied(self.folder)
        return Builder(self.folder, _secret(), lambda state: _write_seen(state, seen))

    def empty(self) -> None:
        """Destroy what stands here."""
        emptied(self.folder)

    def mark(self) -> str:
        """Which index stands here, and which generation of it."""
        try:
            return mark_of(json.loads((self.folder / "CURRENT").read_text()))
        except (OSError, ValueError, KeyError):
            return ""

    @property
    def generation(self) -> int:
        """The generation to come."""
        return next_generation(self.folder)

    def prepare(self, opened: Opened, added: Added, index: Index, seen: pl.DataFrame) -> str:
        """Write the next generation, which counts only after `commit`; gives its mark."""
        generation = self.generation
        state = part(self.folder, f"state-{generation}")
        save_state(state, index)
        _write_seen(state, seen)
        segments = [*opened.manifest["segments"], *described(added.segments)]
        self._prepared = opened.manifest | {"generation": generation, "state": state.name, "segments": segments}, index
        return mark_of(self._prepared[0])

    def commit(self) -> None:
        """Make what was prepared count, once the database does. If that fails the next run finds that the two differ, and is full."""
        if self._prepared:
            manifest, index = self._prepared
            # The run is done and stays done, whatever happens to its index.
            with suppress(Exception):
                commit(self.folder, {k: v for k, v in manifest.items() if k not in ("form", "engine", "sizes")}, index.keys)


@contextmanager
def standing() -> Iterator[Standing | None]:
    """Hold the folder of the index for this run; None while somebody else does."""
    folder = Path(settings.SELARAS_WORK) / NAME
    damaged = False
    lock = locked(folder)
    try:
        lock.__enter__()
    except Busy:
        yield None
        return
    except (NoIndex, WrongKey, KeyError, OSError):
        damaged = True
        shutil.rmtree(folder)
        lock = locked(folder)
        lock.__enter__()
    try:
        yield Standing(folder, damaged)
    finally:
        lock.__exit__(None, None, None)


def way_of(kind: str, why: str, index: str, model: Mapping[str, Any], read: str, run: str) -> dict[str, Any]:
    """What a full run writes down of how it was linked."""
    return {
        "kind": kind, "why": why, "index": index, "model": model_version(model), "circumstances": circumstances(),
        "read": read, "full_at": timezone.now().isoformat(), "full_run": run,
    }  # fmt: skip


def model_version(model: Mapping[str, Any]) -> str:
    """A short name of a model, the same wherever its weights are."""
    return hashlib.sha256(json.dumps(model, sort_keys=True).encode()).hexdigest()[:12]


def mark_of(manifest: Mapping[str, Any]) -> str:
    """The name of one generation of one index."""
    return f"{str(manifest['salt'])[:16]}.{manifest['generation']}"


def circumstances() -> str:
    """What a row means beyond itself: registers, words, places, agreements in force, version. Another one calls for a full run."""
    tables = [(HERE / name).read_text(encoding="utf-8") for name in ("sources.toml", "capacities.toml")]
    layouts = {name: asdict(layout) for name, layout in load_layouts().items()}
    with as_job("link"):
        agreed = sorted(number for number, _ in numbers_in_force())
        areas = Area.objects.count()
    said = json.dumps([tables, layouts, agreed, areas, KEY_VERSION], sort_keys=True, default=sorted)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def seen_of(rows: pl.DataFrame) -> pl.DataFrame:
    """What an index remembers of the rows that it holds: ids and keyed marks, nothing that a row says."""
    key = pl.coalesce("record", "row_id")
    return rows.select(key=key, mark="mark", hand=pl.col("record").is_null())


def _write_seen(state: Path, seen: pl.DataFrame) -> None:
    seen.write_ipc(state / _SEEN)


def _secret() -> bytes:
    return ring().derived(_PURPOSE)


def _last_way() -> dict[str, Any]:
    with as_job("link"):
        done = Run.objects.filter(state=Run.State.DONE).order_by("-finished_at").values_list("counts", flat=True).first()
    return dict((done or {}).get("way") or {})
