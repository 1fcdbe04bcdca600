"""Entering an officer, posting her, moving and ending postings."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.context import role_words
from selaras.doors.office.officers.forms import End, Enter, Post
from selaras.doors.office.officers.listing import crumbs
from selaras.doors.office.refusals import sentence
from selaras.doors.office.signin import send_first_message
from selaras.ground.act import Refused
from selaras.ground.actions.officers import add_officer, end_posting, move_officer, post_officer
from selaras.ground.queries.officers import PostingLine, office_looked_after, officer_seen, own_office, see_officer

# Which field a refusal stands beside; any other refusal has a page of its own.
BESIDE = {
    "officer_exists": "email", "not_yours_to_give": "role", "role_not_here": "role", "unknown_role": "role", "same_posting": "office",
    "ends_before_it_begins": "until",
}  # fmt: skip


def _beside(form: forms.Form, fault: Refused) -> None:
    field = BESIDE.get(fault.code)
    if field is None or field not in form.fields:
        raise fault
    told = sentence(fault)
    form.add_error(field, f"{told.what} {told.next}")


@guarded("ground.add_officer")
def enter(request: OfficeRequest) -> HttpResponse:
    """Enter an officer with her first posting, and send her the message by which she sets a password."""
    form = Enter(request.POST or None, initial=_office(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():  # a posting that is refused leaves no officer without one
                officer = add_officer(email=data["email"], name=data["name"], locale=data["locale"])
                post_officer(officer=officer, office=data["office"], role=data["role"], since=data["since"])
        except Refused as fault:
            _beside(form, fault)
        else:
            send_first_message(request, officer)
            messages.success(
                request,
                _(
                    "Entered. The message to set a password is on its way; the second step is set up at the first sign-in."
                ),
            )
            return HttpResponseRedirect(reverse("officer", args=[officer.pk]))
    return _page(
        request, form, _("Enter an officer"), _("Enter"), reverse("officers"), crumbs((_("Enter an officer"), ""))
    )


def _office(request: OfficeRequest) -> dict[str, Any]:
    """Give the office to begin with: the one from whose list one comes, else one's own."""
    try:
        chosen = office_looked_after(UUID(request.GET.get("office", "")))
    except ValueError:
        chosen = None
    own = chosen or own_office()
    return {"office": own.key} if own else {}


@guarded("ground.post_officer")
def post(request: OfficeRequest, officer_id: UUID) -> HttpResponse:
    """Give an officer one more posting."""
    line = see_officer(officer_id)
    form = Post(request.POST or None, initial=_office(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            post_officer(
                officer=officer_seen(officer_id), office=data["office"], role=data["role"], since=data["since"]
            )
        except Refused as fault:
            _beside(form, fault)
        else:
            return _done(request, officer_id, _("Posted."))
    return _about(request, form, line, _("One more posting"), _("Post"))


def _posting(line: Any, posting_id: UUID) -> PostingLine:
    found = next((p for p in line.postings if p.id == posting_id and (p.changeable or p.over)), None)
    if found is None:
        raise Http404
    return found


def _over(request: OfficeRequest, officer_id: UUID) -> HttpResponse:
    """Answer the second press of a button, and a page that was left open."""
    messages.info(request, _("This posting is over already."))
    return HttpResponseRedirect(reverse("officer", args=[officer_id]))


@guarded("ground.move_officer")
def move(request: OfficeRequest, officer_id: UUID, posting_id: UUID) -> HttpResponse:
    """Move an officer to another office or role: the posting before ends the day before."""
    line = see_officer(officer_id)
    posting = _posting(line, posting_id)
    if posting.over:
        return _over(request, officer_id)
    form = Post(request.POST or None, initial={"office": posting.office_key, "role": posting.role})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            move_officer(posting_id=posting_id, office=data["office"], role=data["role"], since=data["since"])
        except Refused as fault:
            _beside(form, fault)
        else:
            return _done(request, officer_id, _("Moved."))
    return _about(request, form, line, _("Move to another office or role"), _("Move"), posting)


@guarded("ground.end_posting")
def end(request: OfficeRequest, officer_id: UUID, posting_id: UUID) -> HttpResponse:
    """End a posting."""
    line = see_officer(officer_id)
    posting = _posting(line, posting_id)
    if posting.over:
        return _over(request, officer_id)
    form = End(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_posting(posting_id=posting_id, until=form.cleaned_data["until"])
        except Refused as fault:
            _beside(form, fault)
        else:
            return _done(request, officer_id, _("The posting ends on that day."))
    return _about(request, form, line, _("End the posting"), _("End the posting"), posting)


def _done(request: OfficeRequest, officer_id: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("officer", args=[officer_id]))


def _about(
    request: OfficeRequest, form: forms.Form, line: Any, heading: str, submit: str, posting: PostingLine | None = None
) -> HttpResponse:
    url = reverse("officer", args=[line.id])
    lead = f"{line.name}: {role_words(posting.role)}, {posting.office}" if posting else line.name
    return _page(request, form, heading, submit, url, crumbs((line.name, url), (heading, "")), lead)


def _page(
    request: OfficeRequest,
    form: forms.Form,
    heading: str,
    submit: str,
    back: str,
    way: list[dict[str, str]],
    lead: str = "",
) -> HttpResponse:
    context = {"form": form, "heading": heading, "lead": lead, "submit": submit, "cancel_url": back, "crumbs": way}
    return render(request, "office/officers/form.html", context, status=422 if form.errors else 200)
