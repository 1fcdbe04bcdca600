"""The printed record of one decision for the worker: every line in both languages, the article, who decided, and a number to check it by."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
import typst
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.gate import words
from selaras.doors.office.journeys.words import RESULTS, VERDICTS, label
from selaras.doors.office.templatetags.face import day, moment
from selaras.place.queries.gate import Record, open_record

PAGE = Path(__file__).with_name("record.typ")
LANGUAGES = ("id", "en")


@guarded("place.open_record")
def record(request: OfficeRequest, decision_id: UUID) -> HttpResponse:
    """Give the record as a PDF; its name tells nothing of whose it is."""
    found = open_record(decision_id)
    # the public page: a police officer or a clerk at the airport needs no account to see that the paper is real
    address = request.build_absolute_uri(reverse("check_record", args=[found.decision.number]))
    answer = HttpResponse(printed(found, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.decision.number}.pdf"'
    return answer


def printed(found: Record, address: str) -> bytes:
    """Set the record as a PDF; what people wrote goes in as data, never as markup."""
    told = json.dumps(_told(found, address), ensure_ascii=False)
    return bytes(typst.compile(PAGE.read_bytes(), sys_inputs={"told": told}, format="pdf", ignore_system_fonts=True))


def both(text: Callable[[], Any]) -> list[str]:
    """Say something in Indonesian, then in English."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(str(text()))
    return said


def _told(found: Record, address: str) -> dict[str, Any]:
    one = found.decision
    code = BytesIO()
    segno.make(address, error="m", micro=False).save(code, kind="svg", border=2)
    return {
        "number": one.number, "name": found.name, "code": code.getvalue().decode(), "address": address,
        "kind": both(lambda: words.say(words.KINDS, one.kind)), "state": both(lambda: words.say(words.STATES, one.state)),
        "allow": one.kind == "allow", "scheme": both(lambda: label(found.scheme)),
        "country": both(lambda: words.country(found.country) or "—"),
        "on": both(lambda: day(one.on)), "law": both(lambda: day(found.started_on)), "by": one.by, "office": one.office,
        "at": both(lambda: moment(one.at)), "words": one.words, "proposed_by": one.proposed_by, "whole": one.whole,
        "lines": [_line(line, found) for line in one.lines],
    }  # fmt: skip


def _line(line: dict[str, Any], found: Record) -> dict[str, Any]:
    paper = line.get("paper") or {}
    evidence = [paper["masked"]] if paper.get("masked") else []
    checked = [text for text in (paper.get("verified_by"), paper.get("verified_office")) if text]
    return {
        "label": [line["label"], line["label_en"]], "value": line["value"], "word": both(lambda: words.say(words.VALUES, line["value"])),
        "reason": both(lambda: words.reason(line, found.started_on)), "basis": both(lambda: words.article(line["basis"])),
        "unsure": not line["decisive"], "manual": [line.get("manual", ""), line.get("manual_en", "")],
        "paper": both(lambda: " · ".join([*evidence, *_said(paper)])) if paper else ["", ""],
        "checked": ", ".join([*checked, *([paper["verified_at"][:16].replace("T", " ")] if checked and paper.get("verified_at") else [])]),
    }  # fmt: skip


def _said(paper: dict[str, Any]) -> list[str]:
    said = [words.say(RESULTS, paper["result"])] if paper.get("result") else []
    return [*said, words.say(VERDICTS, paper["verdict"])]
