"""Taking deliveries in: what is stored and how, the same file twice, changed, withdrawn and doubled rows."""

import json
from datetime import date
from uuid import uuid4

import polars as pl
import pytest
from django.db import connection, connections, models
from django.utils import timezone
from procrastinate.contrib.django import app

from selaras.agreements.actions import end_agreement
from selaras.ground.act import NotThere, Refused, as_job, job
from selaras.ground.keeping import path_of
from selaras.ground.keyring import ring
from selaras.ground.models import KeptFile, LedgerLine
from selaras.ground.scope import acting
from selaras.people.models import Person
from selaras.reconcile.actions.deliveries import hand_in, map_columns, retry_delivery
from selaras.reconcile.actions.intake import run
from selaras.reconcile.models import Delivery, Mapping, Record, Reject, Run, StagedRow
from selaras.reconcile.queries.deliveries import delivery_now, download_rejects, feeds, see_deliveries, see_rejects
from selaras.reconcile.sources import registers
from selaras.reconcile.work import work_area
from tests.cast import actor
from tests.reconcile.intake import (
    AGREEMENT,
    CITIZENS,
    HEADER,
    NIK,
    citizen,
    counts,
    deliver,
    look,
    records,
    sign,
    take,
    text,
    worker,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("committed")


def test_a_delivery_becomes_records_with_only_what_counting_needs_in_plain():
    line = take(text([worker(1), worker(2, NEGARA_TUJUAN="ATLANTIS", SEKTOR="ABK")]))
    assert line.state == "taken_in" and counts(line) == (2, 0, 0, 0, 0) and line.counts["rows"] == 2
    first, second = records()
    assert (first.row_id, first.country, first.capacity, str(first.event_date)) == ("S000001", "TWN", "worker", "2024-03-01")
    assert (second.country, second.country_text, second.capacity) == ("", "ATLANTIS", "crew")
    values = json.loads(first.values)
    assert values["nik"] == NIK and values["birth_date"] == "1990-07-05" and values["event_date"] == "2024-03-01"
    with as_job("intake"), connection.cursor() as cursor:
        cursor.execute("select r::text from reconcile_record r")
        assert not any(NIK in row[0] or "SITI" in row[0] for row in cursor.fetchall())
        assert not StagedRow.objects.exists()
    assert ["country", "country.unknown:ATLANTIS", 1, [3]] in line.counts["notes"]
    assert line.form["delimiter"] == ";" and line.form["sample"][0][1] == "9" * 16


def test_values_are_sealed_for_their_place():
    take(text([worker()]))
    with as_job("intake"), connection.cursor() as cursor:
        cursor.execute('select "values" from reconcile_record')
        sealed = bytes(cursor.fetchone()[0])
    assert NIK in ring().open_text(sealed, "reconcile_record.values")
    with pytest.raises(ValueError, match="altered or does not belong"):
        ring().open_text(sealed, "people_identifier.value")


def test_the_same_file_twice_is_the_same_delivery_and_changes_nothing():
    content = text([worker(1), worker(2)])
    first = take(content)
    before = [(r.pk, r.changed_at) for r in records()]
    again = deliver(content, name="salinan.csv", who="reviewer")
    assert again.pk == first.id and again.again
    assert run(again.pk, job("intake")) == "taken_in"
    assert [(r.pk, r.changed_at) for r in records()] == before and look(first.id) == first
    with as_job("intake"):
        assert Delivery.objects.count() == KeptFile.objects.count() == 1


def test_a_changed_row_keeps_its_id_and_its_person_and_the_others_are_not_touched():
    take(text([worker(1), worker(2)]))
    with as_job("intake"):
        person = Person.objects.create(name="SITI AMINAH", source="siskop2mi", reach=["nation"])
        Record.objects.filter(row_id="S000002").update(person=person)
    before = records()
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="SITI AMINAH BINTI UJI", NEGARA_TUJUAN="HONGKONG")]))
    after = records()
    assert counts(line) == (0, 1, 1, 0, 0)
    assert [r.pk for r in after] == [r.pk for r in before]
    assert after[0].changed_at == before[0].changed_at and after[1].changed_at > before[1].changed_at
    assert after[1].person_id == person.pk and after[1].country == "HKG" and "BINTI UJI" in after[1].values
    assert (after[1].first_delivery_id, after[1].last_delivery_id) == (before[1].first_delivery_id, line.id)
    with acting(actor("auditor")):
        told = LedgerLine.objects.filter(verb="reconcile.take_in").latest("at")
    assert told.count == 2 and told.content and told.detail["changed"] == 1, "the ledger says how much came and changed"


def test_who_opened_my_record_includes_the_delivery_that_changed_it():
    take(text([worker(1)]))
    with as_job("intake"):
        person = Person.objects.create(name="SITI AMINAH", source="siskop2mi", reach=["nation"])
        Record.objects.update(person=person)
    take(text([worker(1, DESA="LAIN")]))
    with acting(actor("auditor")), connection.cursor() as cursor:
        cursor.execute("select count(*) from ground_ledgersubject where subject = %s", [person.pk])
        assert cursor.fetchone() == (1,)


def test_a_whole_register_withdraws_what_is_not_in_it_and_a_part_does_not():
    take(text([worker(1), worker(2), worker(3)]))
    assert counts(take(text([worker(1), worker(4)]))) == (1, 0, 1, 0, 0)
    line = take(text([worker(1), worker(3)]), whole=True)
    assert counts(line) == (0, 0, 2, 2, 0)
    assert [r.row_id for r in records() if r.withdrawn_at] == ["S000002", "S000004"]
    back = take(text([worker(2)]))
    assert counts(back) == (0, 1, 0, 0, 0) and not records(row_id="S000002")[0].withdrawn_at


def test_withdrawal_stays_within_its_register():
    take(text([citizen(1)], CITIZENS, ","), source="peduliwni")
    take(text([worker(1)]))
    take(text([worker(2)]), whole=True)
    assert [r.row_id for r in records() if r.withdrawn_at] == ["S000001"]


def test_a_row_set_aside_is_not_taken_for_withdrawn():
    take(text([worker(1), worker(2)]))
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="")]), whole=True)
    assert counts(line) == (0, 0, 1, 0, 1) and not any(r.withdrawn_at for r in records())


def test_nothing_is_withdrawn_while_lines_cannot_be_told_whose_they_are():
    take(text([worker(1), worker(2), worker(3)]))
    line = take(text([worker(1), worker(2)]) + b"only;three;cells\n", whole=True)
    assert counts(line) == (0, 0, 2, 0, 1) and line.counts["held_back"] == 1
    assert not any(r.withdrawn_at for r in records())


def test_one_row_id_twice_in_a_file_is_one_record_and_the_last_line_holds():
    line = take(text([worker(1, DESA="PERTAMA"), worker(2), worker(1, DESA="KEDUA"), worker(2)]))
    assert line.counts["rows"] == 4 and line.counts["doubled"] == 2 and counts(line) == (2, 0, 0, 0, 0)
    assert json.loads(records(row_id="S000001")[0].values)["village"] == "KEDUA"
    codes = {note[1] for note in line.counts["notes"]}
    assert {"row_id.doubled_same", "row_id.doubled_other"} <= codes


def test_what_reading_repaired_keeps_the_value_as_handed_over():
    take(text([worker(1, NIK="3.20101E+15"), worker(2, TANGGAL_LAHIR="31/02/1990")]))
    first, second = (json.loads(r.values) for r in records())
    assert "nik" not in first and first["raw"]["nik"] == "3.20101E+15"
    assert "birth_date" not in second and second["raw"]["birth_date"] == "31/02/1990"
    assert "event_date" not in first["raw"], "a date that was only written in another way is not kept twice"


def test_rows_set_aside_are_kept_sealed_and_can_be_mended_and_handed_in_again(tmp_path):
    line = take(text([worker(1), worker(2, NAMA_LENGKAP=""), worker(3, ID_PMI="")]) + b"broken;line\n")
    assert counts(line) == (1, 0, 0, 0, 3)
    with acting(actor("data")):
        found, total = see_rejects(delivery_id=line.id)
        assert download_rejects(delivery_id=line.id, path=tmp_path / "r.csv", say=lambda code, params: code) == 3
    assert total == 3 and [(r.line, r.code) for r in found] == [(3, "name.missing"), (4, "row_id.missing"), (5, "columns.few")]
    back = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert back[0].split(";")[5:7] == ["ID PMI", "NIK"] and NIK in back[1] and "broken;line" in back[3]
    with connection.cursor() as cursor, as_job("intake"):
        cursor.execute("select r::text from reconcile_reject r")
        assert not any(NIK in row[0] or NIK.encode().hex() in row[0] for row in cursor.fetchall())


def test_columns_that_the_agreement_does_not_let_flow_are_not_kept():
    # the register of returns may not carry the mother's name, whatever the file holds
    header = ["row_id", "nik", "name", "birth_date", "passport", "country", "event_date", "cause", "Nama Ibu"]
    rows = [["R1", NIK, "SITI AMINAH", "1990-07-05", "C1000001", "TAIWAN", "2026-01-02", "HABIS KONTRAK", "NURHAYATI"]]
    line = take(text(rows, header, ","), source="returns")
    assert line.state == "taken_in" and line.form["header"][-1] == "Nama Ibu"
    values = json.loads(records()[0].values)
    assert values["cause"] == "HABIS KONTRAK" and "mother" not in values and "NURHAYATI" not in str(values)


def test_a_column_chosen_by_hand_is_left_out_when_no_clause_lets_it_flow():
    header = ["row_id", "nik", "name", "birth_date", "passport", "country", "Hari", "cause", "Nama Ibu"]
    rows = [["R1", NIK, "SITI AMINAH", "1990-07-05", "C1000001", "TAIWAN", "2026-01-02", "HABIS KONTRAK", "NURHAYATI"]]
    line = take(text(rows, header, ","), source="returns")
    assert line.state == "unmapped"
    columns = {**line.form["columns"], "event_date": "Hari", "mother": "Nama Ibu"}
    with acting(actor("data")):
        map_columns(delivery_id=line.id, columns=columns, queue=False)
    assert run(line.id, job("intake")) == "taken_in"
    assert ["mother", "column.not_shared", 1, []] in look(line.id).counts["notes"]
    assert "NURHAYATI" not in records()[0].values


def test_an_agreement_that_ends_before_the_reading_stops_it():
    number = f"PKS-UJI-{uuid4().hex[:8]}"
    delivery = deliver(text([worker(1)]), agreement=number)
    with as_job("setup"):
        end_agreement(number=number, why="uji", on=date(2026, 2, 1))
    assert run(delivery.pk, job("intake")) == "refused"
    assert look(delivery.pk).fault["code"] == "agreement.ended" and records() == []


@pytest.mark.parametrize(("number", "source", "code"), [
    ("", "siskop2mi", "agreement.unknown"), ("PKS-LAIN", "siskop2mi", "agreement.unknown"), (AGREEMENT, "lain", "register.unknown"),
])  # fmt: skip
def test_no_file_without_an_agreement_that_allows_it(number: str, source: str, code: str, tmp_path):
    sign()
    with pytest.raises(Refused, match=code), acting(actor("data")):
        hand_in(source=source, agreement=number, parts=[text([worker()])], name="x.csv", queue=False)
    with as_job("intake"):
        assert not KeptFile.objects.exists()


def test_only_data_officers_and_reviewers_hand_files_in():
    for who in ("village", "desk", "taipei", "agency", "steering", "auditor", "admin"):
        with pytest.raises(Refused, match="not_your_role"):
            deliver(text([worker()]), who=who)


def test_a_file_of_another_register_is_refused_by_name():
    line = take(text([citizen(1)], CITIZENS, ","))
    assert line.state == "refused" and line.fault == {"code": "layout.other", "params": {"found": "Peduli WNI", "expected": "SiskoP2MI"}}


def test_a_renamed_column_waits_for_a_person_and_is_remembered():
    header = ["NOMOR SURAT PERJALANAN" if h == "NO. PASPOR" else h for h in HEADER]
    line = take(text([worker(1)], header))
    assert line.state == "unmapped" and records() == []
    assert [f["params"]["canonical"] for f in line.form["faults"]] == ["passport"]
    columns = {**line.form["columns"], "passport": "NOMOR SURAT PERJALANAN"}
    with pytest.raises(Refused, match="column.shared"), acting(actor("data")):
        map_columns(delivery_id=line.id, columns={**columns, "phone": "NOMOR SURAT PERJALANAN"}, queue=False)
    with pytest.raises(Refused, match=r"column\.missing"), acting(actor("data")):
        map_columns(delivery_id=line.id, columns={"row_id": "ID PMI"}, queue=False)
    with acting(actor("data")):
        map_columns(delivery_id=line.id, columns=columns, queue=False)
    assert run(line.id, job("intake")) == "taken_in"
    assert json.loads(records()[0].values)["passport"] == "C1000001"
    assert take(text([worker(2)], header)).state == "taken_in", "the next delivery with this header needs nobody"
    assert Mapping.objects.count() == 1


def test_a_doubled_column_is_never_chosen_by_guess():
    line = take(text([[*worker(1), NIK]], [*HEADER, "NIK"]))
    assert line.state == "unmapped" and line.form["faults"][0]["code"] == "column.doubled"
    with acting(actor("data")):
        map_columns(delivery_id=line.id, columns=line.form["columns"], queue=False)
    assert run(line.id, job("intake")) == "taken_in"


def test_a_refused_delivery_can_be_tried_again_and_a_finished_one_cannot():
    delivery = deliver(text([worker(1)]))
    path_of(delivery.file_id).rename(path_of(delivery.file_id).with_suffix(".away"))
    assert run(delivery.pk, job("intake")) == "failed" and look(delivery.pk).fault["code"] == "file.damaged"
    path_of(delivery.file_id).with_suffix(".away").rename(path_of(delivery.file_id))
    with acting(actor("data")):
        retry_delivery(delivery_id=delivery.pk, queue=False)
    assert run(delivery.pk, job("intake")) == "taken_in"
    with pytest.raises(Refused, match="delivery.not_stuck"), acting(actor("data")):
        retry_delivery(delivery_id=delivery.pk)


def test_a_parquet_file_gives_the_same_content_as_the_csv(tmp_path):
    take(text([worker(1), worker(2)]))
    pl.DataFrame([dict(zip(HEADER, worker(n), strict=True)) for n in (1, 2)]).write_parquet(tmp_path / "s.parquet")
    assert counts(take((tmp_path / "s.parquet").read_bytes())) == (0, 0, 2, 0, 0)


def test_a_missing_feed_is_never_a_zero():
    with as_job("intake"):
        assert {(f.source, f.last, f.stopped_since) for f in feeds()} == {(s, None, None) for s in registers()}
    line = take(text([worker(1)]))
    with as_job("intake"):
        day = timezone.localtime(line.taken_in_at).date()
        assert next(f for f in feeds(day) if f.source == "siskop2mi").stopped_since is None
        late = next(f for f in feeds(day.replace(year=day.year + 1)) if f.source == "siskop2mi")
    assert late.stopped_since == day and late.last_id == line.id


def test_deliveries_are_seen_within_reach_with_either_lock_taken_off():
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="")]))
    outside = actor("taipei")
    with acting(outside):
        assert [m.objects.count() for m in (Delivery, Record, Reject)] == [0, 0, 0]
        assert [models.QuerySet(m).count() for m in (Delivery, Record, Reject)] == [0, 0, 0], "the policy alone holds"
    with pytest.raises(NotThere), acting(outside):
        delivery_now(line.id)
    for table in ("reconcile_delivery", "reconcile_record", "reconcile_reject"):
        with connections["owner"].cursor() as owner:
            owner.execute(f"alter table {table} disable row level security")
    try:
        with acting(outside):
            assert [m.objects.count() for m in (Delivery, Record, Reject)] == [0, 0, 0], "the manager alone holds"
    finally:
        for table in ("reconcile_delivery", "reconcile_record", "reconcile_reject"):
            with connections["owner"].cursor() as owner:
                owner.execute(f"alter table {table} enable row level security")


def test_the_list_is_for_those_whose_role_holds_it():
    take(text([worker(1)]))
    with acting(actor("auditor")):
        found, total = see_deliveries(state="taken_in")
    assert total == 1 and found[0].agreement == AGREEMENT and found[0].name == "uji.csv"
    with pytest.raises(Refused), acting(actor("village")):
        see_deliveries()


def test_the_work_area_is_closed_and_wiped_also_after_an_error(tmp_path, settings):
    settings.SELARAS_WORK = str(tmp_path / "work")
    with pytest.raises(ZeroDivisionError), work_area("uji") as area:
        assert area.stat().st_mode & 0o777 == 0o700
        (area / "x").write_text(NIK)
        with work_area("lain"):
            assert (area / "x").exists(), "a folder in use is not swept"
        raise ZeroDivisionError
    assert list((tmp_path / "work").iterdir()) == []


def work() -> None:
    """Do what stands in the queue of deliveries, as the worker does."""
    with app.replace_connector(app.connector.get_worker_connector()) as at_work:
        at_work.run_worker(queues=["reconcile"], wait=False, install_signal_handlers=False, listen_notify=False)


def runs_asked() -> int:
    with as_job("link"):
        return Run.objects.filter(state="waiting").count()


def test_linking_is_asked_for_once_after_the_last_of_several_deliveries_also_when_that_one_is_refused():
    good = deliver(text([worker(1)]), queue=True)
    bad = deliver(b"x", name="lain.csv", queue=True)
    assert runs_asked() == 0
    work()
    assert (look(good.pk).state, look(bad.pk).state) == ("taken_in", "refused")
    assert runs_asked() == 1


def test_a_refused_delivery_alone_asks_for_no_linking():
    bad = deliver(b"x", queue=True)
    work()
    assert look(bad.pk).state == "refused" and runs_asked() == 0
