"""Loads the places from the official tree and the house's own tables, before anybody acts (set-up)."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import connections, transaction

DATA = Path(__file__).resolve().parents[1] / "data"
LEVELS = (("provinces", 1), ("regencies", 2), ("districts", 3), ("villages", 4))


class PlacesMissing(RuntimeError):
    """The tables of areas are not there yet."""


def _areas() -> Iterator[tuple[str, str, int, str | None]]:
    for table, level in LEVELS:
        path = DATA / "vendor" / f"{table}.csv"
        if not path.exists():
            raise PlacesMissing("the table of areas is missing: run `selaras assets`, which brings it in")
        with path.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                code = row["code"].replace(".", "")
                parent = next((v.replace(".", "") for k, v in row.items() if k.endswith("_code") and v), None)
                yield code, row["name"], level, parent


def load_places(using: str = "owner") -> int:
    """Load areas, countries and districts abroad into empty tables; give how many areas there are now."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("select count(*) from ground_area")
        have = int(cursor.fetchone()[0])
        if have:
            return have
        with cursor.copy("copy ground_area (code, name, level, parent_id) from stdin") as copy:
            for area in _areas():
                copy.write_row(area)
                have += 1
        for table, columns, names in (
            ("ground_country", "iso3, name, name_en", "countries_id.csv"),
            ("ground_abroaddistrict", "code, country_id, name", "abroad_districts.csv"),
        ):
            with (
                (DATA / names).open(newline="", encoding="utf-8") as lines,
                cursor.copy(f"copy {table} ({columns}) from stdin") as copy,
            ):
                for row in csv.reader(_without_head(lines)):
                    copy.write_row(row[:3])
    return have


def _without_head(lines: Iterator[str]) -> Iterator[str]:
    rows = (line for line in lines if not line.startswith("#"))
    next(rows)
    return rows
