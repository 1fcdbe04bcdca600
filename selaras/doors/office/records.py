"""The rows of the registers behind one person, in the words of the person page; the page has opened her already."""

from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from selaras.doors.office.reason_sentences import reason_lines
from selaras.doors.office.review import FIELDS
from selaras.reconcile.queries.records import LinkLine, records_of

HOW: dict[str, str | Promise] = {
    "model": gettext_lazy("linked by the model"),
    "judgement": gettext_lazy("decided by reviewers"),
    "merge": gettext_lazy("follows a merge of two records"),
    "undone": gettext_lazy("put back when a judgement was undone"),
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
