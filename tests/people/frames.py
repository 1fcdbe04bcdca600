"""Small frames as the linkage hands them to the bulk verb."""

from datetime import date
from typing import Any

import polars as pl
from uuid6 import uuid7

from selaras.ground.act import as_job
from selaras.people.actions.bulk import Upserted, upsert_persons

SITI = str(uuid7())
BUDI = str(uuid7())


def persons(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {
        "person_id": SITI, "name": "SITI AMINAH", "sex": "F", "birth_date": date(1990, 5, 17), "birth_precision": "day", "birth_place": "INDRAMAYU",
        "mother": "KARTINI", "home_area": "3212012007", "home_text": "INDRAMAYU", "source": "siskop2mi",
    }
    return pl.DataFrame([blank | row for row in rows or ({},)], schema_overrides={"birth_date": pl.Date, "mother": pl.String, "home_area": pl.String})


def numbers(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {"person_id": SITI, "kind": "nik", "value": "3212015705900001", "source": "siskop2mi", "confidence": 90, "sound": True}
    return pl.DataFrame([blank | row for row in rows or ({},)])


def names(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {"person_id": SITI, "text": "SITTI AMINAH", "kind": "written", "source": "peduliwni"}
    return pl.DataFrame([blank | row for row in rows or ({},)])


def presences(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {
        "person_id": SITI, "country": "TWN", "district": "", "capacity": "worker", "kind": "placement", "since": date(2024, 3, 1), "until": None,
        "source": "siskop2mi", "source_row": "S1", "confidence": 60,
    }
    return pl.DataFrame([blank | row for row in rows or ({},)], schema_overrides={"until": pl.Date, "since": pl.Date})


def upsert(**frames: Any) -> Upserted:
    with as_job("link"):
        return upsert_persons(**({"persons": persons(), "names": names(), "numbers": numbers(), "presences": presences()} | frames))
