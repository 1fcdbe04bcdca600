"""The pages of training: courses with their seats, who is enrolled, how it ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import asked_file, files_of, list_file, window
from selaras.doors.office.market.changing import Change, acts_of, ask_once_more, listed, once, search
from selaras.doors.office.market.forms import Why
from selaras.doors.office.paging import PAGE, Pages, at_page
from selaras.doors.office.prepare.back import taking_back
from selaras.doors.office.prepare.forms import CourseForm, End, Enrol
from selaras.doors.office.prepare.words import COURSE_PAYERS, COURSES, ENROLMENTS, say
from selaras.doors.office.refusals import sentence
from selaras.doors.office.templatetags.face import number, short_day
from selaras.ground.act import Refused, may
from selaras.prepare.actions.training import (
    cancel_enrolment,
    close_course,
    complete_enrolment,
    enrol,
    open_course,
    take_back_end,
)
from selaras.prepare.queries.training import (
    CourseLine,
    EnrolmentLine,
    see_course,
    see_courses,
    see_enrolment,
    see_training,
)


def _open(**told: Any) -> str:
    return reverse("course", args=[open_course(**told).pk])


def _close(course_id: UUID, reason: str) -> None:
    close_course(course_id=course_id, words=reason)


def _cancel(enrolment_id: UUID, reason: str) -> None:
    cancel_enrolment(enrolment_id=enrolment_id, words=reason)


def _complete(enrolment_id: UUID, result: str, **told: Any) -> None:
    complete_enrolment(enrolment_id=enrolment_id, passed=result == "completed", **told)


def _take_back(enrolment_id: UUID, reason: str) -> None:
    take_back_end(enrolment_id=enrolment_id, words=reason)


OPEN = Change(
    "prepare.open_course",
    CourseForm,
    gettext_lazy("Announce a course"),
    gettext_lazy("The seats are counted: nobody is enrolled beyond them."),
    gettext_lazy("Announce"),
    gettext_lazy("Announced."),
    _open,
)
CLOSE = Change(
    "prepare.close_course",
    Why,
    gettext_lazy("Close the course"),
    gettext_lazy("Nobody is enrolled any more. Who is enrolled stays."),
    gettext_lazy("Close"),
    gettext_lazy("Closed."),
    _close,
)
ENDS: dict[str, Change] = {
    "cancel": Change(
        "prepare.cancel_enrolment",
        Why,
        gettext_lazy("Cancel the enrolment"),
        gettext_lazy("The seat is free again."),
        gettext_lazy("Cancel the enrolment"),
        gettext_lazy("Cancelled."),
        _cancel,
    ),
    "end": Change(
        "prepare.complete_enrolment",
        End,
        gettext_lazy("Say how the course ended"),
        gettext_lazy("The certificate is added as a paper on the page of the journey, with its scan, and verified there."),
        gettext_lazy("Say so"),
        gettext_lazy("Written down."),
        _complete,
    ),
    "take-back": taking_back("prepare.take_back_end", gettext_lazy("Take back how it ended"), _take_back),
}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Say where a page of training stands."""
    return [{"label": _("Training"), "url": reverse("courses")}, *({"label": label, "url": url} for label, url in more)]


@guarded("prepare.see_courses")
def courses(request: OfficeRequest) -> HttpResponse:
    """List the courses with the seats that are left."""
    text, kind, over = request.GET.get("q", "").strip()[:80], request.GET.get("kind", ""), request.GET.get("show") == "all"
    kind = kind if kind in COURSES else ""
    found = see_courses(kind=kind, text=text, over=over, **window(request))
    rows = [
        {
            "url": reverse("course", args=[line.id]),
            "cells": [line.title, say(COURSES, line.kind), line.body, _days(line), say(COURSE_PAYERS, line.payer), line.left, line.seats],
        }
        for line in found.rows
    ]
    heads = (_("Course"), _("Kind"), _("Training body"), _("Days"), _("Paid by"))
    columns = [*((head, False) for head in heads), (_("Seats left"), True), (_("Seats"), True)]
    files = files_of(request)
    if form := asked_file(request):
        return list_file("courses", form, [label for label, _number in columns], [row["cells"] for row in rows])
    filters = search(
        text, _("Course, job, language or body"), ("kind", _("Kind"), list(COURSES.items()), kind),
        ("show", _("Show"), [("all", _("also what is over"))], "all" if over else ""),
    )  # fmt: skip
    filters["selects"][1]["options"][0]["label"] = _("what still takes somebody")
    context = {
        "answer": ngettext("%(shown)s seat is left", "%(shown)s seats are left", found.left) % {"shown": number(found.left)},
        "lead": _("Courses in skills, languages and financial literacy, with who pays."),
        "table": listed(request, columns, rows, found.total, filters=filters, exports=files, empty={"title": _("No course fits.")}),
        "acts": [{"url": reverse("course_new"), "label": OPEN.heading}] if may(request.actor, OPEN.verb) else [],
        "crumbs": [{"label": _("Training"), "url": ""}],
    }
    return render(request, "office/market/list.html", context)


def _days(line: CourseLine) -> str:
    return f"{short_day(line.since)} – {short_day(line.until)}"


@guarded("prepare.open_course")
def new(request: OfficeRequest) -> HttpResponse:
    """Announce a course."""
    change = Change(OPEN.verb, OPEN.form, OPEN.heading, OPEN.about, OPEN.submit, OPEN.done, OPEN.do, {"once": once()})
    return ask_once_more(request, change, reverse("courses"), crumbs())


@guarded("prepare.see_course")
def course(request: OfficeRequest, course_id: UUID) -> HttpResponse:
    """Show one course and who is enrolled."""
    page = see_course(course_id, **window(request))
    if form := asked_file(request):
        heads = [_("Person"), _("State"), _("Ended on"), _("Written down by")]
        told = [(row, short_day(row.ended_on) if row.ended_on else "") for row in page.enrolled]
        cells = [[row.name, say(ENROLMENTS, row.state), ended, row.ended_by] for row, ended in told]
        return list_file("enrolled", form, heads, cells)
    own = request.actor.national or page.line.office == request.actor.office  # only who announced it closes it
    may_close = may(request.actor, CLOSE.verb) and own and page.line.state == "open"
    context = {
        "line": page.line, "kind": say(COURSES, page.line.kind), "payer": say(COURSE_PAYERS, page.line.payer), "days": _days(page.line),
        "enrolled": [shown(one) for one in page.enrolled], "page": Pages(at_page(request), PAGE, page.total, page.enrolled),
        "exports": files_of(request), "may_person": may(request.actor, "prepare.see_training"),
        "acts": [{"url": reverse("course_close", args=[course_id]), "label": CLOSE.heading}] if may_close else [],
        "crumbs": crumbs((page.line.title, "")),
    }  # fmt: skip
    return render(request, "office/prepare/course.html", context)


def _acts(request: OfficeRequest, line: EnrolmentLine) -> list[dict[str, Any]]:
    may_come = {"enrolled": ("end", "cancel"), "completed": ("take-back",), "failed": ("take-back",)}
    return acts_of(request, ENDS, "enrolment_end", line.id, may_come.get(line.state, ()))


def shown(line: EnrolmentLine) -> dict[str, Any]:
    """Give an enrolment in words."""
    earlier = [{"line": one, "state": say(ENROLMENTS, one.state)} for one in line.earlier]
    return {
        "line": line, "state": say(ENROLMENTS, line.state), "kind": say(COURSES, line.course.kind), "days": _days(line.course),
        "earlier": earlier,
    }  # fmt: skip


@guarded("prepare.close_course")
def close(request: OfficeRequest, course_id: UUID) -> HttpResponse:
    """Take no more enrolments into a course."""
    line = see_course(course_id).line
    back = reverse("course", args=[course_id])
    return ask_once_more(request, CLOSE, back, crumbs((line.title, back)), line.title, course_id=course_id)


@guarded("prepare.see_training")
def person(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Show the courses of a person, and enrol her in one with seats left."""
    may_enrol = may(request.actor, "prepare.enrol")
    if request.method == "POST" and not may_enrol:
        raise Refused("not_your_role")
    her = see_training(person_id)
    form = Enrol(request.POST or None, courses=[(str(line.id), _free(line)) for line in her.free])
    if request.method == "POST" and form.is_valid():
        try:
            done = enrol(course_id=UUID(form.cleaned_data["course"]), person_id=her.person_id)
        except Refused as fault:
            said = sentence(fault)
            form.add_error("course", f"{said.what} {said.next}")
        else:
            messages.success(request, _("Enrolled already.") if done.again else _("Enrolled."))
            return HttpResponseRedirect(reverse("person_training", args=[her.person_id]))
    now = sum(line.state == "enrolled" for line in her.enrolments)
    context = {
        "her": her, "now": now, "form": form if may_enrol else None,
        "rows": [shown(line) | {"acts": _acts(request, line)} for line in her.enrolments],
        "crumbs": [{"label": _("Person"), "url": reverse("person", args=[her.person_id])}, {"label": _("Training"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/prepare/training.html", context, status=422 if form.errors else 200)


def _free(line: CourseLine) -> str:
    left = ngettext("%(shown)s seat is left", "%(shown)s seats are left", line.left) % {"shown": number(line.left)}
    return f"{line.title}, {line.body}, {_days(line)}: {left}"


@guarded("prepare.cancel_enrolment", "prepare.complete_enrolment", "prepare.take_back_end")
def enrolment(request: OfficeRequest, enrolment_id: UUID, enrolment_act: str) -> HttpResponse:
    """Cancel an enrolment, say how the course ended, or take that back."""
    line = see_enrolment(enrolment_id)
    if enrolment_act not in ENDS:
        raise Http404("not there")
    back = reverse("person_training", args=[line.person_id])
    lead = f"{line.name}: {line.course.title}, {line.course.body}"
    return ask_once_more(request, ENDS[enrolment_act], back, crumbs((line.name, back)), lead, enrolment_id=enrolment_id)
