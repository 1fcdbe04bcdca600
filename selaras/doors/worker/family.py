"""What she shares with her family, kind by kind; and, for a relative, what is shared with him."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.citing import cite
from selaras.doors.office.journeys.words import paper_name
from selaras.doors.office.people import words
from selaras.doors.office.people.faults import tell
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.doors.worker.home import as_file, paper_words
from selaras.people.actions.family import DAYS, RELATIONS, name_family, share_family, withdraw_family
from selaras.people.faults import Unfit
from selaras.people.queries.family import FamilyLine, kinds_of_papers, open_shared_paper, see_family, see_relatives

BASIS = "UU18:6(3)"
KIND_WORDS: words.Words = {
    "condition": _("How I am, whether I am in trouble, and when I come home"),
    "property": _("All that is mine, should I die"),
    "contact": _("That an office passes messages between us"),
}


OTHER = "other"


def _kinds() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("What may this relative know? Tick only what you want; you can change it any day."),
        choices=list(KIND_WORDS.items()), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


def kind_of_paper(kind: str) -> str:
    """Name a kind of papers as the law does; what is of no kind is the other papers that an office keeps for her."""
    return gettext("Other papers that an office keeps for me") if kind == OTHER else paper_name(kind, timezone.localdate())


class Papers(forms.Form):
    """Of which papers a relative has copies: those that are there to be ticked, and what was ticked before."""

    def __init__(self, *args: Any, papers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if papers:
            self.fields["papers"] = forms.MultipleChoiceField(
                label=_("Copies of which papers? A contract says where you work."), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(kind, kind_of_paper(kind)) for kind in papers],
            )  # fmt: skip


class Name(Papers):
    """A relative, and what she may know; nothing is ticked beforehand."""

    name = forms.CharField(label=_("Name of the relative, as on the identity card"), max_length=160)
    relation = forms.ChoiceField(label=_("This is my"), choices=[(r, words.RELATIONS[r]) for r in RELATIONS])
    kinds = _kinds()


class Kinds(Papers):
    """What one relative may know from now on."""

    kinds = _kinds()


def _line(line: FamilyLine, there: list[str]) -> dict[str, Any]:
    offered = list(dict.fromkeys([*there, *(line.papers or ())]))
    ticked = there if line.papers is None else line.papers
    return {
        "line": line, "relation": words.say(words.RELATIONS, line.relation), "all": line.papers is None,
        "form": Kinds(initial={"kinds": line.kinds, "papers": ticked}, papers=offered, auto_id=f"k{line.id.hex[-6:]}_%s"),
    }  # fmt: skip


@own_page("people.see_family")
def family(request: OwnRequest) -> HttpResponse:
    """List her relatives; name one more: the word for the desk is shown once."""
    there = kinds_of_papers(request.person_id)
    form, word = Name(request.POST or None, papers=there), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            word = name_family(name=data["name"], relation=data["relation"], kinds=data["kinds"], papers=data.get("papers", ())).word
        except Unfit as unfit:
            tell(form, unfit, {})
        else:
            form = Name(papers=there)
    lines = [_line(line, there) for line in see_family(request.person_id).lines if not line.withdrawn]
    context = {"form": form, "word": word, "lines": lines, "days": DAYS, "basis": cite(BASIS), "no_papers": not there}
    return render(request, "worker/family.html", context, status=422 if form.errors else 200)


@require_POST
@own_page("people.share_family")
def change(request: OwnRequest, access_id: UUID) -> HttpResponse:
    """Change what one relative may know."""
    share_family(access_id=access_id, kinds=request.POST.getlist("kinds"), papers=request.POST.getlist("papers"))
    return HttpResponseRedirect(reverse("worker_family"))


@require_POST
@own_page("people.withdraw_family")
def withdraw(request: OwnRequest, access_id: UUID) -> HttpResponse:
    """Withdraw everything from one relative."""
    withdraw_family(access_id=access_id)
    return HttpResponseRedirect(reverse("worker_family"))


@own_page("people.see_relatives")
def relatives(request: OwnRequest) -> HttpResponse:
    """Show what is shared with whoever asks."""
    lines = [
        {"line": line, "papers": [{"line": paper, "name": paper_words(paper)} for paper in line.papers or ()]}
        for line in see_relatives(request.person_id).lines
    ]
    return render(request, "worker/relatives.html", {"lines": lines, "basis": cite(BASIS)})


@own_page("people.open_shared_paper")
def paper(request: OwnRequest, access_id: UUID, file_id: UUID) -> Any:
    """Hand a copy of a shared paper over as a file."""
    found = open_shared_paper(request.person_id, access_id, file_id)
    return as_file(found.name, found.media_type, found.size, found.parts)
