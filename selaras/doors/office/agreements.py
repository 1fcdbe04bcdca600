"""The page of agreements: which are in force, and what each clause lets flow."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.agreements.queries import see_agreements
from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.reject_sentences import column
from selaras.reconcile.sources import registers

KINDS: dict[str, str | Promise] = {
    "mou": gettext_lazy("Memorandum of understanding"),
    "pks": gettext_lazy("Cooperation agreement (PKS)"),
    "g_to_g": gettext_lazy("Agreement between governments"),
    "perda": gettext_lazy("Regional regulation"),
}
PURPOSES: dict[str, str | Promise] = {"reconcile": gettext_lazy("one register of persons")}


@guarded("agreements.see_agreements")
def agreements(request: OfficeRequest) -> HttpResponse:
    """List the agreements with their clauses."""
    known = registers()
    shown = [
        {
            "line": line,
            "kind": KINDS.get(line.kind, line.kind),
            "clauses": [
                {
                    "line": clause,
                    "register": known[clause.source].name if clause.source in known else clause.source,
                    "purpose": PURPOSES.get(clause.purpose, clause.purpose),
                    "columns": [column(name) for name in clause.columns],
                }
                for clause in line.clauses
            ],
        }
        for line in see_agreements()
    ]
    context = {
        "agreements": shown,
        "in_force": sum(row["line"].holds for row in shown),
        "crumbs": [{"label": _("Agreements"), "url": ""}],
    }
    return render(request, "office/agreements/list.html", context)
