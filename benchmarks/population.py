"""Fill a copy with many people by the bulk verb of the linkage, and say how fast and how large."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from uuid6 import uuid7

from benchmarks.machine import stamp, table
from benchmarks.place import as_owner, here, prepare, sizes
from selaras.engines.linkage.names import name_words
from selaras.ground.act import as_job
from selaras.people.actions.bulk import upsert_persons
from selaras.samples.nation import SMALLEST, make_world
from selaras.samples.truth import person_rows

SEED = 2026
CHUNK = 50_000
SAMPLE = 50_000  # so many of them are written down in clear, for the other benchmarks to ask for
SOURCE = "bench"
VILLAGE = "3212042003"  # the cast's village officer sees nobody else: all of it is written down


def known() -> pl.DataFrame:
    """Give those people written down who are as they were written: later work on the copy changes some, or gives another their number."""
    rows = pl.read_parquet(targets())
    ids = rows["person_id"].to_list()
    now = as_owner("select id::text, name, birth_date from people_person where merged_into_id is null and id = any(%s::uuid[])", [ids])
    shared = as_owner(
        "select distinct one.person_id::text from people_identifier one join people_identifier other"
        " on other.index = one.index and other.person_id <> one.person_id where one.person_id = any(%s::uuid[])",
        [ids],
    )
    there = pl.DataFrame(now, schema={"person_id": pl.String, "name": pl.String, "birth_date": pl.Date}, orient="row")
    return rows.join(there, on=list(there.columns), how="semi").filter(~pl.col("person_id").is_in([row[0] for row in shared]))


def columns(people: int, seed: int = SEED, chunk: int = CHUNK, first: int = 0) -> Iterator[pl.DataFrame]:
    """Invent people, chunk by chunk, from the `first` on: who they are, two numbers, a home village; every second one is abroad."""
    world = make_world(max(people, SMALLEST), seed)
    order = np.argsort(world.number)[:people]
    for start in range(first, len(order), chunk):
        rows = person_rows(world, order[start : start + chunk])
        yield rows.select(
            person_id=pl.Series([str(uuid7()) for _ in range(rows.height)]),
            name="name",
            sex=pl.when("female").then(pl.lit("F")).otherwise(pl.lit("M")),
            birth_date="birth_date",
            mother="mother",
            home_area="village",
            nik="nik",
            passport="passport",
            country=pl.when(pl.int_range(start, start + rows.height) % 2 == 0).then("last_iso3"),
            capacity="capacity",
            since="since",
        )


def write(rows: pl.DataFrame) -> int:
    """Write one chunk by the real bulk verb, in one transaction; give how many persons are new."""
    number = {"source": pl.lit(SOURCE), "confidence": pl.lit(80), "sound": pl.lit(True)}
    numbers = pl.concat(
        [rows.select("person_id", kind=pl.lit(k), value=pl.col(k), **number) for k in ("nik", "passport")]
    ).filter(pl.col("value").is_not_null())
    none = pl.lit(None, dtype=pl.String)
    persons = rows.select(
        "person_id", "name", "sex", "birth_date", birth_precision=pl.lit("day"), birth_place=pl.lit(""), mother="mother",
        home_area="home_area", home_text=none, source=pl.lit(SOURCE),
    )  # fmt: skip
    presences = rows.filter(pl.col("country").is_not_null()).select(
        "person_id", "country", "capacity", kind=pl.lit("report"), since="since", until=pl.lit(None, dtype=pl.Date),
        source=pl.lit(SOURCE), source_row="person_id", confidence=pl.lit(80),
    )  # fmt: skip
    with as_job("link"):
        done = upsert_persons(persons=persons, numbers=numbers, presences=presences, run=SOURCE)
    return done.persons_new


def targets() -> Path:
    """Give the file that lists some of the invented people in clear."""
    return here() / "targets.parquet"


def fill(people: int, beside: Path, seed: int = SEED, chunk: int = CHUNK, first: int = 0) -> float:
    """Write the people from the `first` on, and some of them in clear into the file `beside`; give the bulk verb's seconds.

    The same people and seed give the same persons, and a chunk is one transaction: so what was stopped can go on.
    """
    seconds, done, sitis = 0.0, 0, 0
    share = min(1.0, SAMPLE / people)
    for rows in columns(people, seed, chunk, first):
        started = time.perf_counter()
        done += write(rows)
        seconds += time.perf_counter() - started
        home = rows.filter(pl.col("home_area") == VILLAGE)
        kept = pl.concat([rows.filter(pl.col("home_area") != VILLAGE).sample(fraction=share, seed=seed), home])
        before = [pl.read_parquet(beside)] if beside.exists() else []
        pl.concat([*before, kept]).write_parquet(beside)
        sitis += sum("SITI" in name_words(name) for name in rows["name"])
        print(
            f"  {first + done:>9,} people, {done / seconds:,.0f} a second, {sitis / done:.1%} are called SITI",
            flush=True,
        )
    return seconds


def main() -> None:
    """Fill the copy unless it is full, tidy the tables as the server's own upkeep would, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--chunk", type=int, default=CHUNK)
    asked = parser.parse_args()
    prepare()
    there = int(as_owner(f"select count(*) from people_person where source = '{SOURCE}'")[0][0])
    if there >= asked.people:
        print(f"{there:,} people are here already")
    else:
        before = stamp()
        seconds = fill(asked.people, targets(), asked.seed, asked.chunk, there)
        new = asked.people - there
        print(f"bulk verb: {new:,} people in {seconds:,.0f} s, {new / seconds:,.0f} a second; {before}")
        started = time.perf_counter()
        as_owner("vacuum analyze")
        print(f"vacuum analyze: {time.perf_counter() - started:,.0f} s")
    print(table(sizes()))


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks population")
