"""What a run found to be mended: the faults as a file for the offices, and a shared number opened for a stated reason."""

import csv
import io
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.people import words
from selaras.doors.office.review import FIELDS
from selaras.doors.office.run_report import column_of, fault_of, place_of, register_name
from selaras.ground.act import may
from selaras.people.queries.numbers import REASONS
from selaras.reconcile.queries.findings import download_faults, open_shared_number


@guarded("reconcile.download_faults")
def faults_file(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Hand the faults out as a CSV, one line a register, office and kind of fault, with the first rows that have it."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=";")
    heads = [_("Register"), _("Office"), _("Column"), _("Fault"), _("Rows"), _("All rows of this office"), _("The first row ids")]
    lines.writerow([*heads, _("Fault code"), _("Place code")])
    for fault in download_faults(run_id):
        cells = [
            register_name(fault.source), place_of(fault.place), column_of(fault.code), fault_of(fault.code), fault.rows, fault.of,
            " ".join(fault.examples), fault.code, fault.place,
        ]  # fmt: skip
        lines.writerow([_harmless(str(cell)) for cell in cells])
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="faults-{str(run_id)[:8]}.csv"'
    return answer


def _harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return "'" + text if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) else text


@require_POST
@guarded("reconcile.open_shared_number")
def shared(request: OfficeRequest, run_id: UUID, at: int) -> HttpResponse:
    """Open one number that many share: the answer to a POST, never an address; it names the persons who bear it."""
    opened = open_shared_number(run_id, at, request.POST.get("reason", ""))
    context = {
        "opened": opened,
        "kind": FIELDS[opened.kind],
        "may_open_person": may(request.actor, "people.open_person"),
        "crumbs": [
            {"label": _("Linkage runs"), "url": reverse("runs")},
            {"label": _("One run"), "url": reverse("run", args=[run_id])},
            {"label": _("Number"), "url": ""},
        ],
    }
    return render(request, "office/runs/shared_open.html", context)


def open_reasons() -> list[dict[str, str]]:
    """List the reasons for which a number is opened."""
    return [{"value": r, "label": words.say(words.OPEN_REASONS, r)} for r in REASONS]
