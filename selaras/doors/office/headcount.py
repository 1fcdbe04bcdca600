"""The headcount: the answer as a sentence, the table, map and bars, and the same lines as a file."""

from typing import Any

import xlsxwriter
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import KINDS, as_file, csv_bytes, xlsx_bytes
from selaras.insight.queries.headcount import (
    CAPACITIES,
    EXPORT,
    LAST_KNOWN,
    PRESENT,
    Cell,
    CountryRow,
    Headcount,
    export_headcount,
    see_headcount,
)
from selaras.law.load import law

CAPACITY_WORDS: dict[str, str | Promise] = {
    "worker": gettext_lazy("worker"),
    "student": gettext_lazy("student"),
    "spouse": gettext_lazy("spouse"),
    "child": gettext_lazy("child"),
    "crew": gettext_lazy("crew member"),
    "other": gettext_lazy("other capacity"),
}
BARS = 15
COLUMNS: tuple[tuple[str, str | Promise], ...] = (
    ("matched", gettext_lazy("In both registers")),
    ("only_siskop2mi", gettext_lazy("Only SiskoP2MI")),
    ("only_peduliwni", gettext_lazy("Only Peduli WNI")),
    ("only_others", gettext_lazy("Only other registers")),
    ("duplicate_rows", gettext_lazy("Duplicate rows")),
    ("under_review", gettext_lazy("Under review")),
)
SEX: tuple[tuple[str, str | Promise], ...] = (
    ("women", gettext_lazy("Women")),
    ("men", gettext_lazy("Men")),
    ("sex_unknown", gettext_lazy("Sex not known")),
)
GONE: tuple[tuple[str, str | Promise], ...] = (
    ("returned", gettext_lazy("Returned")),
    ("dead", gettext_lazy("Died")),
    ("stale", gettext_lazy("Row too old")),
)


@guarded("insight.see_headcount")
def headcount(request: OfficeRequest) -> HttpResponse:
    """Show the headcount of the officer's countries, or of all."""
    capacity, sort = request.GET.get("capacity", ""), request.GET.get("sort", "-count")
    found = see_headcount(capacity, sort)
    if found is None:
        empty = {
            "title": _("Nothing was counted yet."),
            "text": _("The headcount is published after the first linkage of the registers."),
            "icon": "world",
        }
        return render(request, "office/headcount/none.html", {"empty": empty})
    english = get_language() == "en"
    context = {
        "found": found,
        "place": _place(found, english),
        "capacity_words": CAPACITY_WORDS.get(found.capacity, ""),
        "columns": _columns(),
        "rows": [_row(row, english) for row in found.rows],
        "figures": figures(found, english),
        "parts": _parts(found),
        "sources": [{"line": s, "name": s.name_en if english else s.name} for s in found.sources],
        "never": [s.name_en if english else s.name for s in found.sources if s.state == "never"],
        "late": [{"line": s, "name": s.name_en if english else s.name} for s in found.sources if s.state == "late"],
        "filters": _filters(found.capacity),
        "map": _chart(found, english, "map"),
        "bars": _chart(found, english, "bars"),
        "exports": _exports(request),
        "crumbs": [{"label": _("Headcount"), "url": ""}],
    }
    return render(request, "office/headcount/page.html", context)


def _name(row: CountryRow, english: bool) -> str:
    return (row.name_en if english else row.name) or row.iso3 or _("country not known")


def _place(found: Headcount, english: bool) -> str:
    if not found.countries:
        return ""
    names = {row.iso3: _name(row, english) for row in found.rows}
    return ", ".join(names.get(iso3, iso3) for iso3 in found.countries)


def _columns() -> list[dict[str, Any]]:
    plain = [{"key": key, "label": label, "numeric": True, "sortable": key == "matched"} for key, label in COLUMNS]
    gone = [{"key": key, "label": label, "numeric": True, "sortable": key == "stale"} for key, label in GONE]
    return [
        {"key": "country", "label": _("Country"), "sortable": True},
        {"key": "count", "label": _("Last known there"), "numeric": True, "sortable": True},
        *({"key": key, "label": label, "numeric": True, "sortable": key != "sex_unknown"} for key, label in SEX),
        *plain,
        {"key": "present", "label": _("Estimated present"), "numeric": True, "sortable": True},
        *gone,
    ]


def _row(row: CountryRow, english: bool) -> dict[str, Any]:
    return {
        "name": _name(row, english),
        "last_known": row.last_known,
        "present": row.present,
        "sexes": [_of_sex(row.last_known, key, label) for key, label in SEX],
        "parts": [(label, row.last_known.parts.get(key)) for key, label in COLUMNS],
        "gone": [(label, row.last_known.parts.get(key)) for key, label in GONE],
    }


def _of_sex(cell: Cell, key: str, label: str | Promise) -> dict[str, Any]:
    """How many of one sex, with the range where it was reckoned (not within a capacity, and not for several countries together)."""
    return {"label": label, "value": cell.parts.get(key), "low": cell.parts.get(f"{key}_low"), "high": cell.parts.get(f"{key}_high")}


def figures(found: Headcount, english: bool) -> list[dict[str, Any]]:
    """Give both figures as the partial _figure.html shows them."""
    source = " · ".join((s.name_en if english else s.name).split(",")[0] for s in found.sources if s.state != "never")
    late = [s.delivered_at for s in found.sources if s.state == "late" and s.delivered_at]
    made = []
    for indicator, cell in ((LAST_KNOWN, found.last_known), (PRESENT, found.present)):
        row = law().indicator(indicator, found.as_of)
        made.append(
            {
                "label": row.label_en if english else row.label,
                "value": cell.count,
                "unit": _("persons"),
                "low": cell.low,
                "high": cell.high,
                "as_of": found.as_of,
                "source": source,
                "definition": row.definition_en if english else row.definition,
                "stopped_since": max(late) if late else None,
            }
        )
    return made


def _parts(found: Headcount) -> list[dict[str, Any]]:
    """The parts of the whole, each with what it means."""
    means: dict[str, str] = {
        "women": _("Persons of whom most rows say that she is a woman."),
        "men": _("Persons of whom most rows say that he is a man."),
        "sex_unknown": _("Persons of whom no row tells the sex, or as many rows say one as the other."),
        "matched": _("Persons who stand in SiskoP2MI and in Peduli WNI."),
        "only_siskop2mi": _("Persons who stand in SiskoP2MI alone: placed, but never reported to a mission."),
        "only_peduliwni": _("Persons who stand in Peduli WNI alone: reported, but not placed through the ministry."),
        "only_others": _("Persons who stand in neither, but in the border's, social security's or the government's lists."),
        "duplicate_rows": _("Rows that say again what another row of the same register says of the same person."),
        "under_review": _("Persons with a row of whom a reviewer still has to say whether it is hers."),
        "returned": _("Persons whose return was written down on or after the day of their latest row."),
        "dead": _("Persons whose death was written down."),
        "stale": _("Persons whose latest row is older than a contract or passport lasts."),
    }
    of_sex = [_of_sex(found.last_known, key, label) | {"means": means[key]} for key, label in SEX]
    return of_sex + [
        {"label": label, "value": found.last_known.parts.get(key), "means": means[key]} for key, label in COLUMNS + GONE
    ]


def _filters(capacity: str) -> dict[str, Any]:
    options = [{"value": "", "label": _("all capacities"), "chosen": not capacity}]
    options += [{"value": c, "label": CAPACITY_WORDS[c], "chosen": c == capacity} for c in CAPACITIES]
    return {"query": None, "selects": [{"name": "capacity", "label": _("Capacity"), "options": options}]}


def _chart(found: Headcount, english: bool, kind: str) -> dict[str, Any]:
    rows = sorted((r for r in found.rows if r.iso3), key=lambda r: (-r.last_known.count, r.name))
    shown = rows if kind == "map" else rows[:BARS]
    first = ", ".join(f"{_name(r, english)} {_whole(r.last_known.count)}" for r in rows[:3])
    return {
        "id": kind,
        "kind": kind,
        "title": _("Persons by last known country, on the map") if kind == "map" else _("The countries with most persons"),
        "summary": _("Most are last known in: %(first)s.") % {"first": first} if first else "",
        "unit": _("persons"),
        "data": [
            {
                "iso3": r.iso3, "name": _name(r, english), "value": r.last_known.count, "low": r.last_known.low,
                "high": r.last_known.high,
                "note": _("estimated present: %(count)s") % {"count": _whole(r.present.count)},
            }
            for r in shown
        ],
        "columns": [_("Country"), _("Last known there"), _("Estimated present")],
        "rows": [[_name(r, english), r.last_known.count, r.present.count] for r in shown],
    }


def _whole(value: int) -> str:
    text = f"{value:,}"
    return text if get_language() == "en" else text.replace(",", ".")


def _exports(request: OfficeRequest) -> list[dict[str, str]]:
    query = request.GET.urlencode()
    tail = f"?{query}" if query else ""
    return [
        {"url": reverse("headcount_export", args=[form]) + tail, "label": label}
        for form, label in (("csv", "CSV"), ("xlsx", "XLSX"))
    ]


@guarded("insight.export_headcount")
def export(request: OfficeRequest, form: str) -> HttpResponse:
    """Hand out exactly the lines that are shown."""
    if form not in KINDS:
        raise Http404
    capacity, sort = request.GET.get("capacity", ""), request.GET.get("sort", "-count")
    rows = export_headcount(capacity, sort)
    day = rows[0]["as_of"] if rows else timezone.localdate().isoformat()
    name = f"headcount-{day}{'-' + capacity if capacity in CAPACITIES else ''}"
    cells = [[row[column] for column in EXPORT] for row in rows]
    body = csv_bytes(EXPORT, cells) if form == "csv" else xlsx_bytes("headcount", EXPORT, cells, _definitions)
    return as_file(body, name, form)


def _definitions(book: xlsxwriter.Workbook) -> None:
    words = book.add_worksheet("definitions")
    for at, indicator in enumerate((LAST_KNOWN, PRESENT)):
        row = law().indicator(indicator, timezone.localdate())
        words.write_row(at, 0, [indicator, row.definition, row.definition_en])
