"""The bulk verb of the linkage: writes what the registers say of many persons, again and again, without losing or doubling anything.

Call it under `as_job("link")` (role job_link):

    upsert_persons(persons=…, names=…, numbers=…, presences=…, run="<id of the run>", progress=…) -> Upserted

Polars frames; every column must be there unless marked "may be missing"; a text may be null or empty alike.

- `persons`: person_id (UUID as String), name, sex ("F", "M" or ""), birth_date (Date), birth_precision ("day", "month", "year"),
  birth_place, mother, home_area (official code without dots, or null), home_text, source. One row a person.
- `names`: person_id, text, kind ("main", "passport", "former", "written"), source. The person's own name need not be repeated.
- `numbers`: person_id, kind ("nik", "passport", "kk", "splp", "seafarer", "ekpmi", "phone"), value (as handed over: it is spelt and
  sealed here), source, confidence (0 to 100), sound (Boolean).
- `presences`: person_id, country (ISO3), district (may be missing), capacity, kind, since (Date), until (Date), source, source_row (the
  register's own row id, the same whenever the row comes again), confidence.

What it holds to, all in one transaction:

- Each call gives all that the registers say of the persons in it. Who said the same last time is left alone (a keyed hash tells),
  so a second call with the same frames writes nothing.
- A person who is not in the frames is left alone. A number that a register no longer gives is ended (`until`), not removed, and lives
  again when it comes back. Name forms and grants accumulate.
- A presence belongs to its register's row: when the row is linked to another person now, the presence moves to that person.
- What an officer registered or corrected (name, birth, sex, mother, home) stays as the officer wrote it; all else is added.
- A person who was merged stays merged: what the registers say of that person goes to the survivor.
- A home area that is not in the official list becomes null, a presence without a known country is left out; both are counted.
- One ledger line with count and content hash, and one subject row for each person written.
"""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass

import polars as pl

from selaras.ground.act import act, line_id, note
from selaras.ground.ledger import NAMED
from selaras.people.actions import staging
from selaras.people.actions.batches import Batch, Known, make
from selaras.people.actions.frames import Frames, prepared

CHUNK = 20_000
Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Upserted:
    """How many rows a bulk verb wrote, and how many it left alone or could not place."""

    persons_new: int = 0
    persons_changed: int = 0
    persons_same: int = 0
    names: int = 0
    numbers: int = 0
    numbers_ended: int = 0
    presences: int = 0
    presences_moved: int = 0
    grants: int = 0
    unknown_homes: int = 0
    without_country: int = 0


@act
def upsert_persons(
    *,
    persons: pl.DataFrame,
    names: pl.DataFrame | None = None,
    numbers: pl.DataFrame | None = None,
    presences: pl.DataFrame | None = None,
    run: str = "",
    progress: Progress | None = None,
    chunk: int = CHUNK,
    sources: Sequence[str] = (),
) -> Upserted:
    """Write persons with names, numbers, presences, search keys and grants; see the head of this module.

    `sources`: registers that speak in this call beside those named in the frames: a number that one of them gave once and that is
    not in the frames has ended.
    """
    frames = prepared(persons, names, numbers, presences)
    frames.sources = sorted({*frames.sources, *sources})
    done = Upserted(unknown_homes=frames.unknown_homes, without_country=frames.without_country)
    digest, persons_named = hashlib.sha256(), hashlib.sha256()
    total = frames.persons.height
    with staging.tables(), ThreadPoolExecutor(1) as maker:
        waiting: Future[Batch] | None = None
        for start in range(0, total, chunk):
            part = frames.persons.slice(start, chunk)
            digest.update("".join(part["content"]).encode())
            part, there = _changed(part, done)
            persons_named.update(bytes.fromhex("".join(part["person_id"]).replace("-", "")))
            # the next batch is made while the database writes this one
            following = maker.submit(make, frames, part, there) if part.height else None
            _write(waiting, frames, done)
            waiting = following
            if progress:
                progress("persons", start, total)
        _write(waiting, frames, done)
    if progress:
        progress("persons", total, total)
    note(
        count=done.persons_new + done.persons_changed,
        content=f"sha256:{digest.hexdigest()}",
        run=run,
        # the seal over this line covers the subject rows that go with it; the frames are in the order of the ids
        **({NAMED: persons_named.hexdigest()} if done.persons_new + done.persons_changed else {}),
        **{k: v for k, v in asdict(done).items() if v},
    )
    return done


def _changed(part: pl.DataFrame, done: Upserted) -> tuple[pl.DataFrame, dict[str, Known]]:
    """Leave out those of whom the registers say what they said last time; give the rest, and what is there of it."""
    there = staging.known(part["person_id"].to_list())
    said = part.select("person_id", "content").iter_rows()
    same = pl.Series([i in there and there[i].content == content for i, content in said], dtype=pl.Boolean)
    done.persons_same += int(same.sum())
    rest = part.filter(~same)
    return rest, {i: there[i] for i in rest["person_id"] if i in there}


def _write(waiting: "Future[Batch] | None", frames: Frames, done: Upserted) -> None:
    if waiting is None:
        return
    batch = waiting.result()
    staging.load(batch)
    done.persons_new += batch.new
    done.persons_changed += batch.changed
    done.names += staging.add_names(batch)
    done.numbers += staging.add_numbers(batch)
    done.numbers_ended += staging.end_numbers(batch, frames.sources)
    done.presences_moved += staging.move_presences()
    done.presences += staging.add_presences()
    done.grants += staging.add_grants(batch)
    staging.add_keys(batch)
    staging.add_subjects(line_id())
