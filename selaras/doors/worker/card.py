"""Her card (E-KPMI): what it shows to whom, its last day, how to renew it; on paper, on the telephone, and what to do when it is lost."""

from base64 import b64encode
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from segno import DataOverflowError

from selaras.doors.office.cards.pages import as_paper
from selaras.doors.office.cards.words import REASONS, STATES, refusal
from selaras.doors.office.people.words import say
from selaras.doors.public.cards import LABELS
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.ground.act import Refused
from selaras.place.actions.passes import suspend_pass
from selaras.place.queries.passes import ALWAYS, open_credential, open_pass, see_own_pass

SOON = 60  # days before its last day in which she is told to renew


class Lost(forms.Form):
    """Her card is gone: nobody shall go on using it."""

    reason = forms.ChoiceField(
        label=_("What happened?"), choices=[(code, REASONS[code]) for code in ("lost", "stolen")], widget=forms.RadioSelect
    )


class Show(forms.Form):
    """What the card for the telephone shows; nothing is ticked beforehand but what every verifier asks for."""

    show = forms.MultipleChoiceField(
        label=_("What may they see? Tick only what they need; the card's number is always shown."), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, statements: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["show"]
        field.choices = [(name, LABELS[name]) for name in LABELS if name in statements and name not in ALWAYS]
        field.initial = ["name", "birth_year"]


@own_page("place.see_own_pass")
def card(request: OwnRequest) -> HttpResponse:
    """Show her card as it stands."""
    return _page(request, {})


@own_page("place.open_pass")
def paper(request: OwnRequest, pass_id: UUID) -> HttpResponse:
    """Hand her card over as a PDF."""
    return as_paper(open_pass(pass_id))


@require_POST
@own_page("place.open_credential")
def phone(request: OwnRequest, pass_id: UUID) -> HttpResponse:
    """Hand over the card for the telephone with what she ticked: on the screen as a code and a text, or as a file."""
    own = see_own_pass(request.person_id)
    form = Show(request.POST, statements=own.statements)
    if not form.is_valid():
        return _page(request, {"show": form})
    found = open_credential(pass_id, form.cleaned_data["show"])
    if "save" in request.POST:
        answer = HttpResponse(found.text, content_type="application/dc+sd-jwt")
        answer["Content-Disposition"] = f'attachment; filename="{found.card.number}.sd-jwt"'
        return answer
    shown = [LABELS[name] for name in LABELS if name in ALWAYS or name in form.cleaned_data["show"]]
    context = {"text": found.text, "code": _code(found.text), "shown": shown, "picked": form.cleaned_data["show"], "pass_id": pass_id}
    return render(request, "worker/card_phone.html", context)


@require_POST
@own_page("place.suspend_pass")
def lost(request: OwnRequest, pass_id: UUID) -> HttpResponse:
    """Suspend her card because it is gone; a desk or mission issues another in its place, or lifts it when it is found."""
    form = Lost(request.POST)
    if form.is_valid():
        try:
            suspend_pass(pass_id=pass_id, reason=form.cleaned_data["reason"])
        except Refused as fault:
            sentence = refusal(fault.code, fault.params)
            if sentence is None:
                raise
            form.add_error(None, sentence)
        else:
            return HttpResponseRedirect(reverse("worker_own_card"))
    return _page(request, {"lost": form})


def _page(request: OwnRequest, sent: dict[str, forms.Form]) -> HttpResponse:
    own, today = see_own_pass(request.person_id), timezone.localdate()
    newest = own.lines[0] if own.lines else None
    context = {
        "card": newest, "state": say(STATES, newest.state) if newest else "", "reason": say(REASONS, newest.reason) if newest else "",
        "good": newest is not None and newest.state == "in_force" and not newest.key_retired,
        "soon": newest is not None and newest.state == "in_force" and (newest.until - today).days <= SOON,
        "show": sent.get("show") or Show(statements=own.statements), "lost": sent.get("lost") or Lost(),
        "earlier": [(line, say(STATES, line.state)) for line in own.lines[1:]],
    }  # fmt: skip
    return render(request, "worker/own_card.html", context, status=422 if any(form.errors for form in sent.values()) else 200)


def _code(text: str) -> str:
    """Draw a text as a code for the screen, as part of the page; nothing when it is too long for one."""
    try:
        code = segno.make(text, error="l", micro=False, boost_error=False)
    except DataOverflowError:
        return ""
    out = BytesIO()
    code.save(out, kind="png", scale=3, border=4)
    return b64encode(out.getvalue()).decode()
