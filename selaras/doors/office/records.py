"""The rows of the registers behind one person, in the words of the person page; the page has opened her already."""

from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from selaras.doors.office.reason_sentences import reason_lines
from selaras.doors.office.review import FIELDS
from selaras.reconcile.queries.records import LinkLine, records_of

HOW: dict[str, str | Promise] = {
    "model": _l("linked by the model"),
    "judgement": _l("decided by reviewers"),
    "merge": _l("follows a merge of two records"),
    "undone": _l("put back when a judgement was undone"),
}


def records_for(person_id: UUID) -> list[dict[str, Any]]:
    """Give what office/people/_records.html shows."""
    return [
        {
            "line": line,
            "values": [(FIELDS[field], text) for field, text in line.values],
            "links": [_link(link) for link in line.links],
        }
        for line in records_of(person_id)
    ]


def _link(link: LinkLine) -> dict[str, Any]:
    return {"line": link, "how": HOW.get(link.how, link.how), "reasons": reason_lines(link.why)}
