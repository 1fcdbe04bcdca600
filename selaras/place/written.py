"""What is kept of a judgement: each line in both languages with value, reason, article, paper, verifier and time, as plain JSON."""

from typing import Any

from selaras.law.shapes import Evidence
from selaras.people.queries.papers import PaperLine
from selaras.place.case import Looked
from selaras.place.judging import Judged


def lines_as_judged(looked: Looked) -> list[dict[str, Any]]:
    """Give every line, with a number masked and nothing of a health result but the result."""
    return [_line(one, looked) for one in looked.judgement.lines]


def _line(one: Judged, looked: Looked) -> dict[str, Any]:
    row, line = one.row, one.line
    paper = looked.papers.get(one.paper)
    rule = looked.rules.get(paper.kind if paper else row.evidence)
    return {
        "rule": row.id, "group": row.group, "label": row.label, "label_en": row.label_en, "basis": row.basis,
        "hold_basis": row.hold_basis or row.basis, "value": line.value, "code": line.reason.code,
        "params": {key: list(value) if isinstance(value, tuple) else value for key, value in line.reason.params.items()},
        "reason_basis": one.basis, "decisive": line.decisive, "through": bool(row.through), "speaks": one.speaks,
        "note": row.note if row.unsure else "", "note_en": row.note_en if row.unsure else "",
        **(_manual(rule) if line.reason.code in ("evidence_unverified", "evidence_unverifiable") and rule else {}),
        **({"paper": _paper(paper, rule)} if paper else {}),
    }  # fmt: skip


def _manual(rule: Evidence) -> dict[str, str]:
    """Name the way by hand that the law leaves open while a partner's system does not answer."""
    return {"feed": rule.feed, "manual": rule.manual, "manual_en": rule.manual_en} if rule.manual else {}


def _paper(paper: PaperLine, rule: Evidence | None) -> dict[str, Any]:
    return {
        "fact": str(paper.id), "kind": paper.kind, "label": rule.label if rule else paper.kind,
        "label_en": rule.label_en if rule else paper.kind, "masked": paper.masked, "issuer": paper.issuer,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else "",
        "valid_until": paper.valid_until.isoformat() if paper.valid_until else "", "result": paper.value, "verdict": paper.verdict,
        "path": paper.path, "verified_by": paper.verified_by, "verified_office": paper.verified_office,
        "verified_at": paper.verified_at.isoformat() if paper.verified_at else "",
    }  # fmt: skip
