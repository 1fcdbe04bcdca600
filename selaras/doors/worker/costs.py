"""What she paid on her way, item by item, what the law says of each, and one more payment that she writes down herself."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts import words
from selaras.doors.office.contracts.forms import Amount
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.journeys.words import article, label, say
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.doors.worker.home import as_file
from selaras.doors.worker.journey import her_journey
from selaras.law.shapes import CostItem
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.place.actions.costs import add_cost
from selaras.place.queries.costs import CostLine, Costs, open_receipt, see_costs

PART = 256 * 1024
# What the law says of a payment, and what she can do.
ANSWERS: dict[str, tuple[str | Promise, str | Promise]] = {
    "allowed": (_("The law lets this be asked of you."), ""),
    "forbidden": (
        _("The law says that this must not be asked of you."),
        _("Keep what shows that you paid. You can ask for it back: show this page at any desk or mission, which helps you free of charge."),
    ),
    "unsure": (
        _("Whether this may be asked of you is disputed."),
        _("Keep what shows that you paid, and ask at any desk or mission."),
    ),
    "unknown": (
        _("No rule was found that lets this be asked of you."),
        _("Silence is no permission: keep what shows that you paid, and ask at any desk or mission."),
    ),
}  # fmt: skip


class Paid(Once):
    """A payment as she tells it: what for, how much, when; a photograph or her own voice in the place of a receipt."""

    item = forms.ChoiceField(label=_("What did you pay for?"))
    amount = Amount(label=_("How much?"), required=False)
    currency = forms.CharField(
        label=_("In which money?"), max_length=3, initial="IDR",
        help_text=_("IDR is rupiah, HKD Hong Kong dollar, TWD Taiwan dollar, MYR ringgit, SAR riyal."),
    )  # fmt: skip
    paid_on = date_field(_("On which day?"), _("Leave it empty for today."))
    receipt = forms.FileField(
        label=_("Photograph or voice note"), required=False, help_text=_("Of the receipt, or you tell it in your own words."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/*,audio/*"}),
    )  # fmt: skip
    words = forms.CharField(label=_("To whom did you pay, and what were you told?"), required=False, max_length=500)

    def __init__(self, *args: Any, items: tuple[CostItem, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.choices = [(row.id, label(row)) for row in items]

    def clean_currency(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()


@own_page("place.see_costs")
def costs(request: OwnRequest) -> HttpResponse:
    """Show what she paid, with the total first; take one more payment."""
    journey_id = her_journey(request.person_id)
    if journey_id is None:
        return render(request, "worker/costs.html", {"view": None})
    view = see_costs(journey_id)
    form = Paid(request.POST or None, request.FILES or None, items=view.items)
    if request.method == "POST" and form.is_valid() and _add(form, view):
        return HttpResponseRedirect(reverse("worker_costs"))
    hers = [line for line in view.lines if not line.taken_back_by]
    context = {
        "view": view, "lines": [_line(line) for line in hers], "form": form if view.open else None,
        "total": f"Rp{words.amount(view.by_worker)}" if view.by_worker is not None else "",
        "nothing": view.by_worker == 0, "months": words.amount(view.months) if view.months else "",
        "wage": f"{words.amount(view.wage[0])} {view.wage[1]}" if view.wage else "",
        "forbidden": sum(line.legality.value == "forbidden" and line.payer == "worker" for line in hers),
    }  # fmt: skip
    return render(request, "worker/costs.html", context, status=422 if form.errors else 200)


def _add(form: Paid, view: Costs) -> bool:
    told = form.cleaned_data
    upload = told["receipt"]
    if upload is not None and getattr(upload, "fault", ""):
        form.add_error("receipt", words.fault(upload.fault, {}))
        return False
    scan = Scan(upload.chunks(PART), upload.name or "") if upload is not None else None
    try:
        add_cost(
            journey_id=view.journey_id, item=told["item"], payer="worker", amount=told["amount"], currency=told["currency"],
            paid_on=told["paid_on"], words=told["words"], once=told["once"], receipt=scan,
        )  # fmt: skip
    except Unfit as unfit:
        for fault in unfit.faults:
            form.add_error(fault.field if fault.field in form.fields else None, words.fault(fault.code, fault.params))
        return False
    return True


def _line(line: CostLine) -> dict[str, Any]:
    english = get_language() == "en"
    mine = line.payer == "worker"
    what, following = ANSWERS[line.legality.value] if mine else ("", "")
    return {
        "line": line, "item": label(line.item) if line.item else "", "amount": words.amount(line.amount), "mine": mine,
        "payer": say(words.PAYERS, line.payer), "what": what, "next": following, "basis": article(line.legality.basis) if mine else "",
        "who": ", ".join(say(words.PAYERS, payer) for payer in line.legality.payers if payer != "worker"),
        "note": line.legality.note_en if english else line.legality.note, "bad": mine and line.legality.value == "forbidden",
        "voice": line.receipt in ("ogg", "mp3", "amr", "webm", "wav", "m4a"),
    }  # fmt: skip


@own_page("place.open_receipt")
def receipt(request: OwnRequest, cost_id: UUID) -> Any:
    """Hand the receipt of one of her payments over as a file."""
    found = open_receipt(cost_id)
    return as_file(found.name, found.media_type, found.size, found.parts)
