"""Small deliveries for the intake tests: an agreement, files in the ministries' forms, and one call to take one in."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from selaras.agreements.actions import sign_agreement
from selaras.agreements.queries import numbers_in_force
from selaras.ground.act import as_job, job
from selaras.ground.scope import acting
from selaras.reconcile.actions.deliveries import hand_in
from selaras.reconcile.actions.intake import run
from selaras.reconcile.models import Delivery, Record
from selaras.reconcile.queries.deliveries import DeliveryLine, delivery_now
from tests.cast import actor

AGREEMENT = "PKS-UJI-INTAKE"
NIK = "3201014507900001"
HEADER = [
    "ID PMI", "NIK", "NAMA LENGKAP", "TEMPAT LAHIR", "TANGGAL LAHIR", "JENIS KELAMIN", "NAMA IBU KANDUNG", "NO. PASPOR",
    "NO. HP", "KAB/KOTA ASAL", "DESA", "NEGARA TUJUAN", "P3MI", "SEKTOR", "TGL DAFTAR",
]  # fmt: skip
CITIZENS = [
    "No Registrasi", "NIK", "Nama", "Tempat Lahir", "Tgl Lahir", "L/P", "Nama Ibu", "Nomor Paspor", "Telepon",
    "Kabupaten/Kota", "Desa/Kelurahan", "Negara", "Kota", "Status", "Tanggal Lapor Diri",
]  # fmt: skip


def worker(number: int = 1, **changes: str) -> list[str]:
    """A row of SiskoP2MI; `changes` by heading with _ for blanks, such as NAMA_LENGKAP."""
    row = [
        f"S{number:06}", NIK, "SITI AMINAH", "BOGOR", "1990-07-05", "P", "NURHAYATI", f"C{1000000 + number}", "081234567890",
        "BOGOR", "CIBATOK", "TAIWAN", "PT CONTOH", "FORMAL", "01/03/2024",
    ]  # fmt: skip
    for name, value in changes.items():
        row[HEADER.index(name.replace("_", " "))] = value
    return row


def citizen(number: int = 1, **changes: str) -> list[str]:
    """A row of Peduli WNI."""
    row = [
        f"P{number:06}", NIK, "Siti Aminah", "Bogor", "1990-07-05", "P", "", f"C{1000000 + number}", "", "BOGOR", "",
        "TAIWAN", "KOTA 1", "PEKERJA", "2024-05-01",
    ]  # fmt: skip
    for name, value in changes.items():
        row[CITIZENS.index(name)] = value
    return row


def text(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER, delimiter: str = ";") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def sign(number: str = AGREEMENT) -> None:
    """Sign the agreement of these tests unless it is there; agreements stay from test to test."""
    with as_job("setup"):
        if number not in dict(numbers_in_force()):
            sign_agreement(
                number=number, kind="pks", title="Uji", parties="KP2MI, Kemlu", since=date(2026, 1, 1),
                clauses=[("1", "siskop2mi_reconcile", ""), ("2", "peduliwni_reconcile", ""), ("3", "returns_reconcile", "")],
            )  # fmt: skip


def deliver(
    content: bytes, *, source: str = "siskop2mi", agreement: str = AGREEMENT, name: str = "uji.csv", who: str = "data", **more: bool
) -> Delivery:
    """Hand a file in as an officer does, without a worker behind it."""
    sign(agreement)
    with acting(actor(who)):
        return hand_in(source=source, agreement=agreement, parts=[content], name=name, **{"queue": False, **more})


def take(content: bytes, **more: object) -> DeliveryLine:
    """Hand a file in and take it in."""
    delivery = deliver(content, **more)
    run(delivery.pk, job("intake"))
    return look(delivery.pk)


def look(delivery_id: UUID) -> DeliveryLine:
    with as_job("intake"):
        return delivery_now(delivery_id)


def records(**which: object) -> list[Record]:
    with as_job("intake"):
        return list(Record.objects.filter(**which).order_by("source_id", "row_id"))


def counts(line: DeliveryLine) -> tuple[int, ...]:
    """New, changed, same, withdrawn, set aside."""
    return tuple(line.counts[key] for key in ("new", "changed", "same", "withdrawn", "rejected"))
