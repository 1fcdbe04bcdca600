"""What was found of a file's form, without anything personal in it, and which heading is read as which column."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selaras.engines.reading import CANONICAL, Form, check_mapping, load_layouts, propose_mapping, recognise
from selaras.reconcile.models import Mapping

BY_LAYOUT = "layout"
SHOWN_HEADINGS = 300

_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")


class NotMapped(Exception):
    """A person must say which column is which."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__("unmapped")
        self.faults = faults


class WrongRegister(Exception):
    """The header is that of another register than the one the file was handed in as."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__("layout.other")
        self.found, self.expected = found, expected


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which heading is read as which canonical column, who said so, and what is unclear (then no mapping)."""

    columns: dict[str, str]
    mapping_id: UUID | None
    by_hand: frozenset[str]
    faults: list[dict[str, Any]]


def header_hash(header: list[str] | tuple[str, ...]) -> str:
    """Give the hash by which a header is known again."""
    return hashlib.sha256(json.dumps(list(header), ensure_ascii=False).encode()).hexdigest()


def choose_mapping(source: str, layout: str, form: Form) -> Chosen:
    """Take the mapping saved for this header, else the known layout when the header fits it fully, else none.

    A known register with a column missing, renamed or doubled is not read by guess: linking people without their
    passports would be worse than asking. Raises WrongRegister for the header of another one.
    """
    key = header_hash(form.header)
    saved = Mapping.objects.filter(source_id=source, header_hash=key).first()
    if saved is not None:
        columns = {name: heading for name, heading in saved.columns.items() if heading}
        by_hand = frozenset() if saved.made_by == BY_LAYOUT else frozenset(columns)
        return Chosen(columns, saved.pk, by_hand, [])
    known = recognise(form.header)
    if known is not None and known.name != layout:
        raise WrongRegister(known.title, load_layouts()[layout].title)
    columns = {name: p.heading for name, p in propose_mapping(form.header).items() if p.heading}
    if known is None:
        return Chosen(columns, None, frozenset(), [])
    columns = {name: heading for name, heading in known.mapping(form.header).items() if heading}
    faults = check_mapping(form.header, columns)
    if faults:
        return Chosen(columns, None, frozenset(), [{"code": f.code, "params": dict(f.params)} for f in faults])
    saved, _ = Mapping.objects.get_or_create(
        source_id=source, header_hash=key, defaults={"columns": columns, "made_by": BY_LAYOUT}
    )
    return Chosen(columns, saved.pk, frozenset(), [])


def as_json(form: Form, chosen: Chosen) -> dict[str, Any]:
    """Give what was found, for the page of the delivery and the screen on which columns are chosen."""
    proposals = propose_mapping(form.header)
    return {
        "kind": form.kind, "size": form.size, "encoding": form.encoding, "delimiter": form.delimiter, "sheet": form.sheet,
        "header_line": form.header_line, "header_rows": form.header_rows, "lines": form.lines, "cut": form.cut,
        "notes": [fault.code for fault in form.notes],
        "header": list(form.header),
        "header_hash": header_hash(form.header),
        "sample": [[masked(cell) for cell in row[:SHOWN_HEADINGS]] for row in form.sample],
        "proposals": {name: [proposals[name].heading, proposals[name].confidence] for name in CANONICAL},
        "columns": chosen.columns,
        "faults": chosen.faults,
    }  # fmt: skip


def masked(cell: str) -> str:
    """Give the shape of a cell: digits as 9, letters as X or x; enough to tell a passport from a date, and nobody's."""
    shape = _DIGIT.sub("9", cell[:40])
    return _LETTER.sub(lambda found: "X" if found.group().isupper() else "x", shape)
