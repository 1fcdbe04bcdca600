"""Her own page: where she is, her papers, and who opened her record and why."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from selaras.doors.citing import cite
from selaras.doors.office.journeys.words import paper_name
from selaras.doors.office.people import words
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.doors.worker.journey import journey_of
from selaras.doors.worker.lines import line_words
from selaras.ground.queries.desks import missions_of
from selaras.people.queries.herself import PaperLine, open_paper, papers_of_her_own, see_herself
from selaras.people.queries.surviving import surviving
from selaras.people.queries.watching import who_opened

SAFE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp", "audio/mpeg", "audio/ogg"})
"""What a browser is told that a file is; everything else is bytes to be saved."""

COPIES = "UU18:6"


@own_page()
def home(request: OwnRequest) -> HttpResponse:
    """Say where she is on her way, who has it now and since when; family is led to what is shared with it."""
    if request.own.kind == "family":
        return HttpResponseRedirect(reverse("worker_relatives"))
    her = see_herself(request.person_id)
    context = {
        "her": her,
        "place": words.country(her.country) if her.country else "",
        "source": words.say(words.SOURCES, her.source) if her.source else "",
        "journey": journey_of(her.id),
        "missions": missions_of(her.country) if her.country else [],
    }
    return render(request, "worker/home.html", context)


@own_page()
def papers(request: OwnRequest) -> HttpResponse:
    """List her papers."""
    found = [{"line": line, "name": paper_words(line)} for line in papers_of_her_own(request.person_id)]
    return render(request, "worker/papers.html", {"papers": found, "basis": cite(COPIES)})


def paper_words(line: PaperLine) -> str:
    """Name a paper as the law names its kind; a file that is of no kind by its own name."""
    return paper_name(line.kind, timezone.localdate()) if line.kind else line.name


@own_page("people.open_paper")
def paper(request: OwnRequest, file_id: UUID) -> Any:
    """Hand one of her papers over as a file."""
    found = open_paper(request.person_id, file_id)
    return as_file(found.name, found.media_type, found.size, found.parts)


def as_file(name: str, media_type: str, size: int, parts: Iterator[bytes]) -> StreamingHttpResponse:
    """Hand something over to be saved; a browser runs none of it."""
    kind = media_type if media_type in SAFE else "application/octet-stream"
    answer = StreamingHttpResponse(parts, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Content-Length"] = str(size)
    return answer


@own_page("people.who_opened")
def who(request: OwnRequest) -> HttpResponse:
    """Say in words who opened her record, when, from which office and why."""
    watched = who_opened(surviving(request.person_id))
    lines = [told for line in watched.lines if (told := line_words(line, request.own.address)) is not None]
    return render(request, "worker/who.html", {"lines": lines})
