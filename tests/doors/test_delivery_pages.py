"""The pages of deliveries and agreements: hand in, columns, progress, what was set aside, in both languages; nobody else's."""

import resource
import signal
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from selaras.doors.office.note_sentences import COLUMNS, NOTES
from selaras.doors.office.reject_sentences import FAULTS, sentence
from selaras.engines.reading import CANONICAL, FAULT_CODES
from selaras.ground.act import job
from selaras.ground.queries.offices import officer_by_email
from selaras.reconcile.actions.intake import run
from tests.cast import BY_KEY
from tests.reconcile.intake import AGREEMENT, HEADER, NIK, deliver, look, sign, take, text, worker

pytestmark = pytest.mark.usefixtures("committed")


def browser(who: str, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(officer_by_email(BY_KEY[who].email))
    return client


def html(response) -> str:
    return response.content.decode()


def upload(client: Client, content: bytes, *, agreement: str = AGREEMENT, name: str = "siskop2mi.csv", **more: str):
    sign()
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(reverse("delivery_hand_in"), {"source": "siskop2mi", "agreement": agreement, "file": file, **more})


def test_every_code_of_the_reading_engine_has_a_sentence_that_needs_only_its_own_parameters():
    for code, about in FAULT_CODES.items():
        assert (code in NOTES) if about.severity == "note" else (code in FAULTS), code
        for language in ("id", "en"):
            with translation.override(language):
                said = sentence(code, dict.fromkeys(about.params, 7))
                assert said.what and "%(" not in f"{said}" and "—" not in f"{said}", (code, language, said)
    assert set(COLUMNS) == set(CANONICAL)


def test_indonesian_and_english_differ_in_every_sentence():
    for code in (*FAULTS, *NOTES):
        with translation.override("en"):
            english = str(sentence(code))
        with translation.override("id"):
            assert str(sentence(code)) != english, code


def test_sizes_columns_and_lists_are_written_as_people_read_them():
    with translation.override("en"):
        assert "50.0\xa0MB" in sentence("workbook.too_big", {"size": 2**30, "limit": 50 * 2**20}).what
        assert "Passport" in sentence("column.missing", {"canonical": "passport"}).what
        assert "name, Sex" in sentence("agreement.not_columns", {"agreement": "X", "missing": ["Mother's name", "sex"]}).what


def test_an_upload_becomes_a_delivery_in_the_queue_and_its_page_shows_the_result():
    client = browser("data")
    assert reverse("delivery_hand_in") in html(client.get(reverse("deliveries")))
    answer = upload(client, text([worker(1), worker(2, NAMA_LENGKAP="")]))
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    delivery_id = answer.headers["Location"].split("/")[-2]
    assert page.status_code == 200 and "Waits for its turn" in html(page) and reverse("delivery_cancel", args=[delivery_id]) in html(page)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'selaras.reconcile.jobs.intake'")
        assert cursor.fetchone() == (1,)
    assert run(UUID(delivery_id), job("intake")) == "taken_in"
    done = html(client.get(answer.headers["Location"]))
    assert "1 row was set aside" in done and "The row has no name." in done and NIK not in done
    assert "1 rows of SiskoP2MI were taken in" in done
    part = client.get(reverse("delivery_progress", args=[delivery_id]))
    assert "Done:" in html(part) and "<html" not in html(part)


def test_the_same_file_again_leads_to_the_first_delivery_and_says_so():
    client = browser("data")
    first = upload(client, text([worker(1)]))
    again = upload(browser("reviewer"), text([worker(1)]), name="other.csv")
    assert again.headers["Location"] == first.headers["Location"]
    page = browser("data").get(first.headers["Location"])
    assert page.status_code == 200


@pytest.mark.parametrize(("content", "agreement", "said"), [
    (b"", AGREEMENT, "The file is empty."),
    (text([worker(1)]), "", "This field is required"),
])  # fmt: skip
def test_what_cannot_be_handed_in_is_said_beside_the_field_and_nothing_is_kept(content: bytes, agreement: str, said: str):
    answer = upload(browser("data"), content, agreement=agreement)
    assert answer.status_code == 400 and said in html(answer)


def test_a_file_over_the_limit_is_a_sentence_not_a_crash(settings):
    settings.SELARAS_UPLOAD_LIMIT = 2000
    answer = upload(browser("data"), text([worker(n) for n in range(200)]))
    assert answer.status_code == 400 and "The file is larger than 2.0\xa0KB" in html(answer).replace("&nbsp;", "\xa0")


@pytest.mark.parametrize(("who", "kept"), [(None, 0), ("data", 7)])
def test_a_file_from_somebody_who_has_not_signed_in_takes_no_room(who: str | None, kept: int):
    request = RequestFactory().post(reverse("account_login"), {"file": SimpleUploadedFile("x.csv", b"a;b;c\n1")})
    request.user = officer_by_email(BY_KEY[who].email) if who else AnonymousUser()
    upload = request.FILES["file"]
    assert (upload.size, len(upload.read())) == (kept, kept) and bool(upload.fault) is (who is None)


def test_a_full_disk_during_the_upload_is_a_sentence_not_a_crash():
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    client, content = browser("data"), text([worker(n) for n in range(5000)])
    sign()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        answer = upload(client, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert answer.status_code == 400 and "The disk is full" in html(answer)


def test_the_columns_screen_shows_shapes_never_values_and_reads_the_file_as_told():
    header = ["NOMOR SURAT PERJALANAN" if h == "NO. PASPOR" else h for h in HEADER]
    line = take(text([worker(1)], header))
    client = browser("data")
    page = html(client.get(reverse("delivery_columns", args=[line.id])))
    assert "No column was found for Passport." in page and "9" * 16 in page and NIK not in page and "AMINAH" not in page
    chosen = {**line.form["columns"], "passport": "NOMOR SURAT PERJALANAN"}
    wrong = client.post(reverse("delivery_columns", args=[line.id]), {**chosen, "name": ""})
    assert wrong.status_code == 400 and "No column was found for Name." in html(wrong)
    id_wrong = html(browser("data", "id").post(reverse("delivery_columns", args=[line.id]), {**chosen, "name": ""}))
    assert "1 hal perlu diperbaiki" in id_wrong and "%(" not in id_wrong
    right = client.post(reverse("delivery_columns", args=[line.id]), chosen)
    assert right.headers["Location"] == reverse("delivery", args=[line.id])
    assert run(line.id, job("intake")) == "taken_in"


def test_the_rejects_file_is_streamed_after_the_request_and_holds_the_row(tmp_path, settings):
    settings.SELARAS_WORK = str(tmp_path / "work")
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="")]))
    answer = browser("data", "id").get(reverse("delivery_rejects", args=[line.id]))
    assert answer.streaming and "attachment" in answer.headers["Content-Disposition"]
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert body.count("\r\n") == 2 and "name.missing" in body and NIK in body and "Baris ini tidak memiliki nama." in body
    assert list((tmp_path / "work").iterdir()) == []
    assert browser("auditor").get(reverse("delivery_rejects", args=[line.id])).status_code == 403


def test_cancel_and_retry_by_plain_forms():
    client = browser("data")
    where = upload(client, text([worker(1)])).headers["Location"]
    delivery_id = where.split("/")[-2]
    assert client.get(reverse("delivery_cancel", args=[delivery_id])).status_code == 302
    assert client.post(reverse("delivery_cancel", args=[delivery_id])).headers["Location"] == where
    assert "Stopped; nothing of it was kept." in html(client.get(where))
    refused = take(b"not a table")
    assert "Try again" in html(client.get(reverse("delivery", args=[refused.id])))
    assert client.post(reverse("delivery_retry", args=[refused.id])).status_code == 302
    assert look(refused.id).state == "received"


def test_the_pages_are_for_those_whose_role_holds_them_and_what_is_out_of_reach_is_not_there():
    line = take(text([worker(1)]))
    for who in ("village", "desk", "agency", "steering", "admin", "taipei"):
        for name, args in (("deliveries", []), ("delivery", [line.id]), ("delivery_hand_in", []), ("delivery_rejects", [line.id])):
            assert browser(who).get(reverse(name, args=args)).status_code == 403, (who, name)
    assert browser("auditor").get(reverse("delivery", args=[line.id])).status_code == 200
    assert browser("auditor").get(reverse("delivery_hand_in")).status_code == 403
    nowhere = "01a20000-0000-7000-8000-000000000000"
    assert browser("data").get(reverse("delivery", args=[nowhere])).status_code == 404
    assert Client().get(reverse("deliveries")).status_code == 302


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_answers_in_both_languages(language: str):
    client = browser("reviewer", language)
    taken = take(text([worker(1), worker(2, NAMA_LENGKAP=""), worker(3, NIK="3.2E+15")]))
    refused = take(b"%PDF-1.4 not a table")
    never = "Belum pernah dikirim" if language == "id" else "Never delivered"
    assert never in html(client.get(reverse("deliveries")))
    assert "PDF" in html(client.get(reverse("delivery", args=[refused.id]))).upper()
    page = html(client.get(reverse("delivery", args=[taken.id])))
    assert ("3,17E+15" if language == "id" else "3.17E+15") in page
    agreements = html(client.get(reverse("agreements")))
    assert AGREEMENT in agreements and ("Nama ibu" if language == "id" else "Mother&#x27;s name") in agreements


def test_filters_and_pages_stand_in_the_address():
    for number in range(3):
        deliver(text([worker(number)]), name=f"f{number}.csv")
    client = browser("data")
    assert html(client.get(reverse("deliveries"), {"source": "peduliwni"})).count("f0.csv") == 0
    assert "f0.csv" in html(client.get(reverse("deliveries"), {"state": "received", "source": "siskop2mi"}))
    assert "f2.csv" in html(client.get(reverse("deliveries"), {"page": "99999999"})), "a page that is no page is the first"
