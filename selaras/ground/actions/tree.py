"""Opens the offices of the real tree at set-up: ministries, BP3MI, missions, provinces, regencies, villages."""

import csv
from datetime import date
from pathlib import Path

from django.db import connections, transaction
from uuid6 import uuid7

from selaras.ground.scope import NATION

DATA = Path(__file__).resolve().parents[1] / "data"
SINCE = date(2017, 11, 22)

MINISTRIES = (
    (
        "kp2mi",
        "ministry",
        "Kementerian Pelindungan Pekerja Migran Indonesia (KP2MI)",
        "Ministry for the Protection of Indonesian Migrant Workers",
    ),
    ("kemlu", "ministry", "Kementerian Luar Negeri", "Ministry of Foreign Affairs"),
    (
        "kemenko-pm",
        "steering",
        "Kementerian Koordinator Bidang Pemberdayaan Masyarakat",
        "Coordinating Ministry for Community Empowerment",
    ),
    (
        "kemenko-kumham-imipas",
        "steering",
        "Kementerian Koordinator Bidang Hukum, HAM, Imigrasi, dan Pemasyarakatan",
        "Coordinating Ministry for Law, Human Rights, Immigration and Corrections",
    ),
    ("audit", "audit", "Inspektorat dan Auditor Selaras", "Selaras Inspectorate and Auditors"),
    ("selaras", "ministry", "Pengelola Selaras", "Selaras administration"),
)
# the administration keeps the house; it sees nobody's record
WITHOUT_REACH = frozenset({"selaras"})


def _offices() -> list[tuple[str, str, str, str, str | None, str | None, bool, list[str]]]:
    rows: list[tuple[str, str, str, str, str | None, str | None, bool, list[str]]] = [
        (key, kind, name, name_en, None, None, False, [] if key in WITHOUT_REACH else [NATION])
        for key, kind, name, name_en in MINISTRIES
    ]
    with (DATA / "bp3mi.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            reach = [f"area:{code}" for code in row["provinces"].split()]
            rows.append((row["key"], "bp3mi", row["name"], row["name"], None, None, bool(row["unsure"]), reach))
    with (DATA / "missions.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            covers = row["covers"].split()
            codes = [f"abroad:{code}" for code in covers]
            # A consulate sees its district. The embassy sees the whole country of its seat, so that a citizen whose
            # district no register knows is seen by somebody there. A mission to an organisation sees nobody.
            split = any(code.startswith(f"{row['iso3']}-") for code in covers)
            if row["kind"] == "PTRI":
                codes = []
            elif (row["kind"] == "KBRI" or not split) and f"abroad:{row['iso3']}" not in codes:
                codes.append(f"abroad:{row['iso3']}")
            rows.append(
                (row["key"], "mission", row["name"], row["name"], None, row["iso3"], bool(row["unsure"]), codes)
            )
    return rows


def open_tree(using: str = "owner") -> int:
    """Open every office of the tree that is not open yet; give how many there are now."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("select count(*) from ground_office")
        if have := int(cursor.fetchone()[0]):
            return have
        for key, kind, name, name_en, area, country, unsure, reach in _offices():
            office = uuid7()
            cursor.execute(
                "insert into ground_office (id, key, kind, name, name_en, area_id, country_id, unsure) values (%s,%s,%s,%s,%s,%s,%s,%s)",
                (office, key, kind, name, name_en, area, country, unsure),
            )
            for code in reach:
                cursor.execute(
                    "insert into ground_officereach (id, office_id, code, since, reason) values (%s,%s,%s,%s,'the tree of offices')",
                    (uuid7(), office, code, SINCE),
                )
        # Provinces, regencies and villages in bulk: 84,000 rows in one statement each.
        for level, kind, prefix, name, english in (
            (1, "province", "provinsi-", "Dinas Tenaga Kerja Provinsi ", "Province Labour Office "),
            (2, "regency", "kabkota-", "Dinas Tenaga Kerja ", "Labour Office "),
            (4, "village", "desa-", "Desa/Kelurahan ", "Village "),
        ):
            cursor.execute(
                "insert into ground_office (id, key, kind, name, name_en, area_id, unsure)"
                " select gen_random_uuid(), %s || code, %s, %s || name, %s || name, code, false from ground_area where level = %s",
                (prefix, kind, name, english, level),
            )
        cursor.execute(
            "insert into ground_officereach (id, office_id, code, since, reason)"
            " select gen_random_uuid(), id, 'area:' || area_id, %s, 'the tree of offices' from ground_office where area_id is not null",
            (SINCE,),
        )
        cursor.execute("select count(*) from ground_office")
        return int(cursor.fetchone()[0])
