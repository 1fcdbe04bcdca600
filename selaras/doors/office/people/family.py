"""Family at the desk: joining a relative by her word, and cutting at once what endangers a worker."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys.words import paper_name
from selaras.doors.office.people import words
from selaras.doors.office.refusals import SENTENCES
from selaras.ground.act import Refused
from selaras.people.actions.family import cut_family, join_family, restore_family
from selaras.people.queries.family import see_family

KIND_WORDS: words.Words = {
    "condition": _("condition, problems and return"), "property": _("property, should she die"),
    "papers": _("copies of documents and contract"), "contact": _("communication"),
}  # fmt: skip


OTHER = "other"


class Join(forms.Form):
    """The word that a relative was given."""

    word = forms.CharField(
        label=_("The word that her relative abroad gave her"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _paper(kind: str) -> str:
    return gettext("Other papers that are kept for her") if kind == OTHER else paper_name(kind, timezone.localdate())


@guarded("people.see_family")
def family(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Show what a worker shares with whom; join the person before the desk to a relative."""
    form = Join(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            join_family(person_id=person_id, word=form.cleaned_data["word"])
        except Refused as refusal:
            if refusal.code != "family_word_unknown":
                raise
            form.add_error("word", " ".join(str(part) for part in SENTENCES[refusal.code]))
        else:
            messages.success(request, gettext("Joined. She signs in to see what is shared with her."))
            return HttpResponseRedirect(reverse("person_family", args=[person_id]))
    found = see_family(person_id)
    lines = [
        {
            "line": line,
            "relation": words.say(words.RELATIONS, line.relation),
            "kinds": [words.say(KIND_WORDS, kind) for kind in line.kinds],
            "papers": [_paper(kind) for kind in line.papers or ()],
        }
        for line in found.lines
    ]
    crumbs = [
        {"label": gettext("Find a person"), "url": reverse("people_find")},
        {"label": gettext("Person"), "url": reverse("person", args=[person_id])},
        {"label": gettext("Family"), "url": ""},
    ]
    context = {"found": found, "lines": lines, "form": form, "crumbs": crumbs}
    return render(request, "office/people/family.html", context, status=422 if form.errors else 200)


@require_POST
@guarded("people.cut_family", "people.restore_family")
def cut(request: OfficeRequest, person_id: UUID, access_id: UUID) -> HttpResponse:
    """Cut what a relative sees, or let her see it again."""
    if request.POST.get("do") == "restore":
        restore_family(access_id=access_id)
    else:
        cut_family(access_id=access_id)
    return HttpResponseRedirect(reverse("person_family", args=[person_id]))
