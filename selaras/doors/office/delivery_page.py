"""What the page of a delivery shows: counts, what was found, notes and rows set aside, as rows of words and numbers."""

import re
from collections.abc import Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from selaras.doors.office.note_sentences import NOTES
from selaras.doors.office.reject_sentences import column, sentence
from selaras.doors.office.templatetags.face import mask
from selaras.reconcile.queries.deliveries import DeliveryLine, Feed, RejectLine

_NUMBER = re.compile(r"\d{6,}")


def feeds_shown(found: Sequence[Feed]) -> list[dict[str, Any]]:
    """Each register with when it last came; one that is late or never came says so, and is no zero."""
    english = get_language() == "en"
    return [{"feed": feed, "name": feed.name_en if english else feed.name} for feed in found]


def counts_of(line: DeliveryLine) -> list[dict[str, Any]]:
    """The counts of a delivery that was taken in."""
    if line.state != "taken_in":
        return []
    words = {
        "new": _("new"), "changed": _("changed"), "same": _("as before"), "doubled": _("twice in the file"),
        "withdrawn": _("withdrawn"), "rejected": _("set aside"),
    }  # fmt: skip
    return [{"label": label, "value": line.counts.get(key, 0)} for key, label in words.items()]


def form_lines(line: DeliveryLine) -> list[tuple[str, str]]:
    """What was found of the file's form."""
    form = line.form
    if not form:
        return []
    marks = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("bar")}
    rows = [
        (_("Kind"), str(form["kind"]).upper()),
        (_("Size"), filesizeformat(form["size"])),
        (_("Encoding"), form["encoding"]),
        (_("Separator"), marks.get(form["delimiter"] or "", "")),
        (_("Sheet"), form["sheet"]),
        (_("Header in line"), str(form["header_line"]) if form["header_line"] else ""),
        (_("Headings"), str(len(form["header"])) if "header" in form else ""),
    ]
    return [(label, value) for label, value in rows if value]


def notes_of(line: DeliveryLine) -> list[dict[str, Any]]:
    """What was noted in rows that were kept, the most frequent first, with the first lines it stands in."""
    found = [{"text": str(NOTES[code]), "column": "", "count": None, "lines": ""} for code in line.form.get("notes", ()) if code in NOTES]
    for name, code, count, lines in sorted(line.counts.get("notes", ()), key=lambda note: -note[2]):
        shown = ", ".join(str(number) for number in lines[:8])
        found.append({
            "text": sentence(code).what, "column": column(name) if name else "", "count": count,
            "lines": shown + (" …" if count > 8 else ""),
        })  # fmt: skip
    return found


def rejects_shown(found: Sequence[RejectLine]) -> list[dict[str, Any]]:
    """Rows set aside, with the sentence of each; long numbers are masked here, the download holds them."""
    return [
        {
            "line": reject.line,
            "column": column(reject.column) if reject.column else "",
            "value": _NUMBER.sub(lambda number: mask(number.group()), reject.value or "")[:80],
            "sentence": sentence(reject.code, reject.params),
        }
        for reject in found
    ]
