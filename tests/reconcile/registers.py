"""Small invented registers laid straight into the tables, as a delivery would leave them."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from selaras.agreements.models import Agreement
from selaras.engines.linkage import country_iso3, standardise_date
from selaras.ground.models import KeptFile
from selaras.ground.scope import acting
from selaras.reconcile.models import Delivery, Record, Source
from selaras.reconcile.sources import capacities, registers
from tests.cast import actor

CAME = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))


def person(number: int, **more: Any) -> dict[str, Any]:
    """What a register says of an invented person: everything differs from number to number."""
    names = ("SURATMI", "WAGIMAN", "DARSONO", "KARTINAH", "LASTRI", "TUKIMIN", "NURHAYATI", "PONIRAN", "ROKAYAH", "SUMIYATI")
    second = ("HANDAYANI", "PRAYITNO", "KUSUMAWATI", "RAHARJO", "WULANDARI", "SANTOSO", "PUSPITASARI", "GUNAWAN")
    day, month, year = 1 + number % 28, 1 + number % 12, 1975 + number % 25
    woman = names[number % 10] in ("SURATMI", "KARTINAH", "LASTRI", "NURHAYATI", "ROKAYAH", "SUMIYATI")
    return {
        "nik": f"321201{day + 40 * woman:02d}{month:02d}{year % 100:02d}{1 + number:04d}",
        "name": f"{names[number % 10]} {second[number // 10 % 8]}",
        "birth_place": "INDRAMAYU",
        "birth_date": f"{year}-{month:02d}-{day:02d}",
        "sex": "P" if woman else "L",
        "mother": f"{second[number % 8]} {names[number // 3 % 10]}",
        "passport": f"B{1000000 + number * 7919 % 8999999}",
        "regency": "KAB. INDRAMAYU",
        "country": "TAIWAN",
        "event_date": "2025-03-01",
    } | more


def put(source: str, rows: dict[str, dict[str, Any]]) -> Delivery:
    """Lay rows (row id → values) into a register; a row that is there is updated."""
    known = registers()[source]
    with acting(actor("reviewer")):
        made, _ = Source.objects.get_or_create(
            key=source, defaults={"name": known.name, "owner": known.owner, "layout": known.layout, "trust": known.trust}
        )
        agreement, _ = Agreement.objects.get_or_create(
            number="UJI-1", defaults={"kind": "pks", "title": "uji", "parties": "uji", "since": date(2020, 1, 1)}
        )
        number = Delivery.objects.count()
        kept = KeptFile.objects.create(name="uji", size=1, sha256="0" * 64, reach=["nation"])
        delivery = Delivery.objects.create(
            source=made, agreement=agreement, file=kept, sha256=f"{number:064d}", state="taken_in", taken_in_at=CAME,
            handed_in_by="test", reach=["nation"],
        )  # fmt: skip
        for row_id, values in rows.items():
            day = standardise_date(values.get("event_date"))
            reads = capacities(source)
            plain = {
                "content": f"{values}".encode(),
                "values": json.dumps({k: v for k, v in values.items() if v is not None}),
                "country": country_iso3(values.get("country")) or "",
                "capacity": reads.read(values.get(reads.column))[0],
                "event_date": date(day // 10000, day // 100 % 100, day % 100) if day else None,
                "last_delivery": delivery,
                "changed_at": CAME,
            }
            Record.objects.update_or_create(
                source=made, row_id=row_id, defaults=plain, create_defaults=plain | {"first_delivery": delivery}
            )
        return delivery


def withdraw(source: str, *row_ids: str) -> None:
    """Mark rows as withdrawn."""
    with acting(actor("reviewer")):
        Record.objects.filter(source_id=source, row_id__in=row_ids).update(withdrawn_at=CAME)


def whose() -> dict[str, str | None]:
    """Give each row's person: register:row id → person id."""
    with acting(actor("reviewer")):
        return {
            f"{s}:{r}": None if p is None else str(p)
            for s, r, p in Record.objects.values_list("source_id", "row_id", "person_id")
        }


# What must never be, whatever happened: each question counts what breaks the promise.
PROMISES = {
    "a record points at a person without a standing link": """
        select count(*) from reconcile_record r where r.person_id is not null and not exists (
          select 1 from reconcile_link l where l.record_id = r.id and l.until is null and l.person_id = r.person_id)""",
    "a standing link of a record that points elsewhere": """
        select count(*) from reconcile_link l join reconcile_record r on r.id = l.record_id
        where l.until is null and r.person_id is distinct from l.person_id""",
    "two standing links of one record": """
        select count(*) from (select record_id from reconcile_link where until is null
          group by record_id having count(*) > 1) x""",
    "a record that is nobody and yet somebody": "select count(*) from reconcile_record where nobody and person_id is not null",
    "a standing link to a person who was merged": """
        select count(*) from reconcile_link l join people_person p on p.id = l.person_id
        where l.until is null and p.merged_into_id is not null""",
    "a current person of a register without any record": """
        select count(*) from people_person p where p.merged_into_id is null and p.source in ('siskop2mi', 'peduliwni')
        and not exists (select 1 from reconcile_record r where r.person_id = p.id)""",
    "staging is not empty": "select (select count(*) from reconcile_stagedlink) + (select count(*) from reconcile_stagedpair)",
    "two runs at once": "select greatest(0, count(*) - 1) from reconcile_run where state = 'running'",
}


def broken_promises() -> list[str]:
    """Name what must never be, whatever happened: an empty list when the register is whole."""
    from django.db import connection

    found = []
    with acting(actor("reviewer")), connection.cursor() as cursor:
        for name, statement in PROMISES.items():
            cursor.execute(statement)
            if cursor.fetchone()[0]:
                found.append(name)
    return found
