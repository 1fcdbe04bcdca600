"""A list as a file for spreadsheets: exactly the lines and columns that are shown, of all its pages; no cell of it runs as a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from selaras.doors.guard import OfficeRequest
from selaras.doors.office.paging import PAGE, at_page

MOST = 20_000
"""The lines of one file; who needs more narrows the list down."""
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """Give a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_RUNS) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Give rows as CSV, with the mark by which spreadsheets read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], more: Callable[[xlsxwriter.Workbook], object] | None = None
) -> bytes:
    """Give rows as a workbook; `more` adds sheets of its own."""
    out = io.BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, told) as book:
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True})
        sheet.write_row(0, 0, list(columns), bold)
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, [cell if cell is not None else "" for cell in row])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(0, len(columns) - 1), 14)
        if more is not None:
            more(book)
    return out.getvalue()


def as_file(body: bytes, name: str, form: str) -> HttpResponse:
    """Hand a file out."""
    response = HttpResponse(body, content_type=KINDS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def asked_file(request: OfficeRequest) -> str:
    """Say in which form a list is asked for as a file; empty: as a page."""
    form = request.GET.get("file", "")
    return form if form in KINDS else ""


def window(request: OfficeRequest) -> dict[str, Any]:
    """Say which lines of a list a question is to give: one page, or all for a file, which the question then writes into its ledger line."""
    form = asked_file(request)
    return {"offset": 0, "limit": MOST, "file": form} if form else {"offset": (at_page(request) - 1) * PAGE, "limit": PAGE, "file": ""}


def files_of(request: OfficeRequest) -> list[dict[str, str]]:
    """Give the links to a list as a file, with the same filters."""
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for form in KINDS:
        query["file"] = form
        found.append({"url": f"?{query.urlencode()}", "label": form.upper()})
    return found


def list_file(name: str, form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Hand a list out as a file: its cells as the page shows them."""
    lines = [[cell.get("text", "") if isinstance(cell, dict) else cell for cell in row] for row in rows]
    body = csv_bytes(columns, lines) if form == "csv" else xlsx_bytes(name, columns, lines)
    return as_file(body, f"{name}-{timezone.localdate().isoformat()}", form)
