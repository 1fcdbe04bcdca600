"""The quality of a linkage by a drawn sample: draw, read pair after pair without the model's view, see precision and recall."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.review import VERDICT_WORDS, asked_id, two_rows
from selaras.engines.linkage.clerical import Share
from selaras.ground.act import may
from selaras.reconcile.actions.sampling import LARGEST, SMALLEST, draw_sample, read_drawn, unread_drawn
from selaras.reconcile.queries.sampling import next_drawn, see_drawn, see_sample

USUAL = 400
"""How many pairs are offered to be drawn: a day's reading, and an interval of a few in a hundred."""


@guarded("reconcile.see_sample")
def sample(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Show the sample of a run: the result so far, or the offer to draw one."""
    page = see_sample(run_id)
    quality = page.quality
    context = {
        "page": page,
        "shares": [] if quality is None else [
            (_("Of the pairs that are linked, so many are one person (precision)"), _percent(quality.precision)),
            (_("Of the pairs that are one person, so many are linked (recall)"), _percent(quality.recall)),
        ],
        "read": sum(line.read for line in page.strata),
        "strata": [{"line": line, "name": _stratum(line.linked, line.low, line.high)} for line in page.strata if line.pairs],
        "may_draw": bool(page.strata) and page.size is None and may(request.actor, "reconcile.draw_sample"),
        "may_read": bool(page.left) and may(request.actor, "reconcile.read_drawn"),
        "least": SMALLEST, "most": LARGEST, "usual": USUAL,
        "crumbs": [
            {"label": _("Linkage runs"), "url": reverse("runs")},
            {"label": _("One run"), "url": reverse("run", args=[run_id])},
            {"label": _("Quality"), "url": ""},
        ],
    }  # fmt: skip
    return render(request, "office/review/sample.html", context)


def _percent(share: Share) -> tuple[float, float, float]:
    return share.value * 100, share.low * 100, share.high * 100


def _stratum(linked: bool, low: float, high: float) -> str:
    parts = {key: number_format(f"{share * 100:g}") for key, share in (("low", low), ("high", high))}
    if linked:
        return _("linked; the model says %(low)s to %(high)s in 100") % parts
    return _("not linked; the model says %(low)s to %(high)s in 100") % parts


@require_POST
@guarded("reconcile.draw_sample")
def draw(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Draw the sample of a run, and begin to read it."""
    size = request.POST.get("size", "")
    draw_sample(run_id, int(size) if size.isdigit() and len(size) < 6 else 0)
    return HttpResponseRedirect(reverse("sample_next", args=[run_id]))


@guarded("reconcile.see_drawn")
def next_one(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Go to the pair that is read next; to the result when all are read."""
    found = next_drawn(run_id, asked_id(request.GET.get("after", "")))
    last = asked_id(request.GET.get("last", ""))
    if found is None:
        return HttpResponseRedirect(reverse("sample", args=[run_id]))
    return HttpResponseRedirect(reverse("drawn", args=[found]) + (f"?last={last}" if last else ""))


@guarded("reconcile.see_drawn")
def drawn(request: OfficeRequest, drawn_id: UUID) -> HttpResponse:
    """Show one drawn pair: two rows side by side, and nothing of what the model thinks."""
    page = see_drawn(drawn_id)
    last = asked_id(request.GET.get("last", ""))
    context: dict[str, Any] = {
        "page": page,
        "number": page.turn + 1,
        **two_rows(page),
        "said": VERDICT_WORDS.get(page.verdict, ""),
        "may_read": may(request.actor, "reconcile.read_drawn"),
        "last": last if last != page.id else None,
        "crumbs": [
            {"label": _("One run"), "url": reverse("run", args=[page.run_id])},
            {"label": _("Quality"), "url": reverse("sample", args=[page.run_id])},
            {"label": _("One drawn pair"), "url": ""},
        ],
    }
    return render(request, "office/review/drawn.html", context)


@require_POST
@guarded("reconcile.read_drawn")
def say(request: OfficeRequest, drawn_id: UUID) -> HttpResponse:
    """Take a reading, then show the next pair."""
    read = read_drawn(drawn_id, request.POST.get("verdict", ""))
    return HttpResponseRedirect(f"{reverse('sample_next', args=[read.sample.run_id])}?last={drawn_id}")


@require_POST
@guarded("reconcile.unread_drawn")
def undo(request: OfficeRequest, drawn_id: UUID) -> HttpResponse:
    """Take one's own reading back, and show the pair again."""
    unread_drawn(drawn_id)
    messages.success(request, _("Your reading was taken back."))
    return HttpResponseRedirect(reverse("drawn", args=[drawn_id]))
