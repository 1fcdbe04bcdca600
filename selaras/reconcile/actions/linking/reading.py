"""Reads the current rows of the registers into columns, opening sealed values a page at a time."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from psycopg.sql import SQL, Composable

from selaras.engines.linkage import Register, register
from selaras.engines.linkage.coding import I32
from selaras.engines.reading import load_layouts
from selaras.ground.act import as_job
from selaras.people.models import Person
from selaras.reconcile.models import Link, Pair, Record
from selaras.reconcile.queries.sampling import read_so_far, readings
from selaras.reconcile.sources import registers

CANONICAL = (
    "nik", "name", "birth_place", "birth_date", "sex", "mother", "passport", "phone", "regency", "village", "country",
    "city", "status", "agency", "sector", "event_date",
)  # fmt: skip
# What a row's values may also hold, beside what the engine reads.
BESIDE = ("cause",)
LINKABLE = tuple(registers())
PAGE = 50_000
_MARK = 15
COLUMNS = ("row_id", "id", "person_id", "nobody", "country", "capacity", "event_date", "content", "values")
Tell = Callable[[str, int, int | None], None]

_VALUES = pl.Struct(dict.fromkeys((*CANONICAL, *BESIDE), pl.String))
HEAD = {
    "rec": pl.String, "record": pl.String, "source": pl.String, "row_id": pl.String, "linked": pl.String,
    "person": pl.String, "nobody_was": pl.Boolean, "iso3": pl.String, "capacity": pl.String, "on": pl.Date,
    "mark": pl.Int64,
}  # fmt: skip


def rec_of(source: str, row_id: str) -> str:
    """Give the name of a row within a run: register and row id."""
    return f"{source}:{row_id}"


def read_rows(area: Path, tell: Tell, page: int = PAGE) -> pl.DataFrame:
    """Read all current rows: rec, record, source, row_id, linked (whose it is in the table), person (the same, or who that
    person was merged into), nobody_was, iso3, capacity, on, mark (tells an unchanged row), and the texts as handed over.

    Each page is opened in a transaction of its own and laid down as columns in the work area, so that memory holds
    one page of texts at a time.
    """
    total = how_many()
    files = []
    done = 0
    for number, frame in enumerate(_pages(page)):
        file = area / f"rows-{number}.arrow"
        frame.write_ipc(file)
        files.append(file)
        done += frame.height
        tell("read", done, total)
    if not files:
        return pl.DataFrame(schema={**HEAD, **dict.fromkeys((*_text_names(), *BESIDE), pl.String)})
    return pl.concat([pl.read_ipc(file) for file in files])


def how_many() -> int:
    """Count the current rows of the registers."""
    with as_job("link"):
        count: int = Record.objects.filter(source_id__in=LINKABLE, withdrawn_at__isnull=True).count()
        return count


def _text_names() -> list[str]:
    return [f"said_{name}" for name in CANONICAL]


def _pages(page: int) -> Iterator[pl.DataFrame]:
    roots = survivors()
    for source in LINKABLE:
        last = ""
        while True:
            with as_job("link"):
                rows = Record.objects.filter(source_id=source, withdrawn_at__isnull=True, row_id__gt=last)
                found = list(rows.order_by("source_id", "row_id").values_list(*COLUMNS)[:page])
            if found:
                last = found[-1][0]
                yield columns_of(source, found, roots)
            if len(found) < page:
                break


def columns_of(source: str, found: list[tuple[Any, ...]], roots: dict[str, str]) -> pl.DataFrame:
    """Put rows of COLUMNS into a frame, values opened into texts; `roots`: merged person → survivor."""
    row_ids, ids, persons, nobody, countries, capacities, days, contents, values = zip(*found, strict=True)
    people = [None if p is None else roots.get(str(p), str(p)) for p in persons]
    head = pl.DataFrame(
        {
            "rec": [rec_of(source, row_id) for row_id in row_ids],
            "record": [str(i) for i in ids],
            "source": [source] * len(ids),
            "row_id": row_ids,
            "linked": [None if p is None else str(p) for p in persons],
            "person": people,
            "nobody_was": nobody,
            "iso3": [c or None for c in countries],
            "capacity": capacities,
            "on": days,
            "mark": [mark_of(content) for content in contents],
        },
        schema=HEAD,
    )
    said = pl.Series(values, dtype=pl.String).str.json_decode(_VALUES).struct.unnest()
    return pl.concat([head, said.rename({name: f"said_{name}" for name in CANONICAL})], how="horizontal")


def mark_of(content: bytes) -> int:
    """A number that tells a row whose content is another one; `_HEADS` makes the same in the database."""
    return int(hashlib.sha256(content).hexdigest()[:_MARK], 16)


_HEADS = f"""
copy (select id, row_id, person_id, nobody, country, capacity, event_date,
  ('x' || left(encode(sha256(content), 'hex'), {_MARK}))::bit({4 * _MARK})::bigint
  from reconcile_record where source_id = {{source}} and withdrawn_at is null order by row_id) to stdout (format csv)
"""


def read_heads() -> pl.DataFrame:
    """Read what stands openly of all current rows: the columns of `HEAD`, in the order of `read_rows`; opens no sealed value."""
    roots = survivors()
    names = ("record", "row_id", "linked", "nobody_was", "iso3", "capacity", "on", "mark")
    kinds = HEAD | {"nobody_was": pl.String}
    parts = []
    for source in LINKABLE:
        with as_job("link"):
            told = copied_out(SQL(_HEADS).format(source=source), {name: kinds[name] for name in names})
        if told.height:
            parts.append(told.with_columns(rec=f"{source}:" + pl.col("row_id"), source=pl.lit(source)))
    if not parts:
        return pl.DataFrame(schema=HEAD)
    merged = pl.col("linked").replace(list(roots), list(roots.values())) if roots else pl.col("linked")
    rows = pl.concat(parts).with_columns(
        person=merged, nobody_was=pl.col("nobody_was") == "t", capacity=pl.col("capacity").fill_null("")
    )
    return rows.select(list(HEAD))


def copied_out(statement: Composable, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Run a COPY … TO STDOUT in CSV; an empty field is null."""
    content = io.BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for part in copy:
            content.write(part)
    if not content.tell():
        return pl.DataFrame(schema=dict(schema))
    content.seek(0)
    return pl.read_csv(content, has_header=False, new_columns=list(schema), schema=dict(schema))


def read_records(ids: Sequence[str], roots: Mapping[str, str], page: int = PAGE) -> pl.DataFrame:
    """Read some rows as `read_rows` does, by the ids of their records; those of one register together, by row id."""
    pages = [pl.DataFrame(schema={**HEAD, **dict.fromkeys((*_text_names(), *BESIDE), pl.String)})]
    for start in range(0, len(ids), page):
        with as_job("link"):
            mine = Record.objects.filter(pk__in=ids[start : start + page]).order_by("source_id", "row_id")
            found = list(mine.values_list("source_id", *COLUMNS))
        pages += [columns_of(source, [row[1:] for row in rows], dict(roots)) for source, rows in groupby(found, itemgetter(0))]
    return pl.concat(pages).sort("source", "row_id", maintain_order=True)


def survivors() -> dict[str, str]:
    """Map each person who was merged to the one who stands now, through any number of merges."""
    with as_job("link"):
        merged = dict(Person.objects.filter(merged_into__isnull=False).values_list("id", "merged_into_id"))
    found = {}
    for start in merged:
        end = start
        while end in merged:
            end = merged[end]
        found[str(start)] = str(end)
    return found


def registers_of(rows: pl.DataFrame, crowds: Mapping[str, I32] | None = None) -> list[Register]:
    """Standardise the rows, one register a source, in the order of the rows; `crowds`: crowded dates that a frozen model knows."""
    found = []
    for source in rows["source"].unique(maintain_order=True):
        mine = rows.filter(pl.col("source") == source)
        texts = mine.select(row_id="rec", cause="cause", **{name: f"said_{name}" for name in CANONICAL})
        known = registers().get(source)
        crowd = crowds.get(source) if crowds else None
        found.append(register(texts, source, "canonical", crowd=crowd, kept=load_layouts()[known.layout] if known else None))
    return found


def judged_pairs() -> list[tuple[str, str, str]]:
    """List what officers judged, as the engine takes it: name of one row, of the other, verdict."""
    with as_job("link"):
        rows = Pair.objects.exclude(verdict="").filter(
            left__withdrawn_at__isnull=True, right__withdrawn_at__isnull=True
        )
        return [
            (rec_of(a, b), rec_of(c, d), verdict)
            for a, b, c, d, verdict in rows.values_list(
                "left__source_id", "left__row_id", "right__source_id", "right__row_id", "verdict"
            )
        ]


def read_pairs() -> list[tuple[str, str, str, float]]:
    """List what was read of drawn samples: both rows, verdict, and how many pairs each stands for."""
    with as_job("link"):
        return [(rec_of(a, b), rec_of(c, d), verdict, stands) for a, b, c, d, verdict, stands in readings()]


def read_mark() -> str:
    """A name for all that was read of samples: another one where a model would learn something else from them."""
    with as_job("link"):
        return hashlib.sha256(json.dumps(read_so_far()).encode()).hexdigest()[:16]


def merged_by_hand(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Hold rows together whose persons an officer merged, for as long as the merge stands: each to a row of the survivor."""
    roots = survivors()
    if not roots:
        return []
    with as_job("link"):
        followed = Link.objects.filter(until__isnull=True, how="merge", former__isnull=False)
        before = {
            str(record): str(former) for record, former in followed.values_list("record_id", "former_id")
        }
    mine = rows.filter(pl.col("record").is_not_null() & pl.col("person").is_not_null())
    origin = mine["record"].replace_strict(before, default=None, return_dtype=pl.String)
    # whose the row was before the merge: as an earlier run noted, or as the table still says
    mine = mine.select("rec", "person", origin=pl.when(origin.is_not_null()).then(origin).otherwise("linked"))
    came = (mine["origin"] != mine["person"]) & (
        mine["origin"].replace_strict(roots, default=None, return_dtype=pl.String) == mine["person"]
    ).fill_null(False)
    anchors = dict(mine.filter(~came).sort("rec", descending=True).select("person", "rec").iter_rows())
    held = []
    for rec, person in mine.filter(came).sort("rec").select("rec", "person").iter_rows():
        if person in anchors:
            held.append((rec, anchors[person], "same"))
        else:
            anchors[person] = rec
    return held


def trusts() -> dict[str, int]:
    """Give how far each register is trusted, 0 to 100."""
    return {key: register.trust for key, register in registers().items()}
