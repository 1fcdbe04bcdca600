"""The pages of the placement credit (KUR): a calculator, the requests with the lender's clock, those of one journey."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys import words as journey_words
from selaras.doors.office.market.changing import KNOWN, Change, acts_of, ask_once_more, listed, search
from selaras.doors.office.market.forms import Why
from selaras.doors.office.market.words import rupiah
from selaras.doors.office.paging import PAGE, at_page
from selaras.doors.office.prepare.back import taking_back
from selaras.doors.office.prepare.forms import AnswerCredit, AskCredit, Calculate
from selaras.doors.office.prepare.words import CREDITS, say
from selaras.doors.office.refusals import sentence
from selaras.doors.office.templatetags.face import number, short_day
from selaras.engines.money import Schedule
from selaras.ground.act import Refused, may
from selaras.people.faults import Fault, Unfit
from selaras.prepare.actions.credits import (
    answer_credit,
    ask_credit,
    take_back_credit_answer,
    withdraw_credit,
)
from selaras.prepare.credit import schedule_of, terms_on
from selaras.prepare.queries.credits import (
    CreditLine,
    Credits,
    see_credit,
    see_credit_request,
    see_credits,
)

BASIS = "PERMEN18_25:14"
MAY_COME = {"asked": ("answer", "withdraw"), "granted": ("take-back",), "refused": ("take-back",)}
MONEY = ("amount", "ceiling", "above")


def _answer(request_id: UUID, result: str, **told: Any) -> None:
    answer_credit(request_id=request_id, granted=result == "granted", **told)


def _withdraw(request_id: UUID, reason: str) -> None:
    withdraw_credit(request_id=request_id, words=reason)


def _take_back(request_id: UUID, reason: str) -> None:
    take_back_credit_answer(request_id=request_id, words=reason)


ENDS: dict[str, Change] = {
    "answer": Change(
        "prepare.answer_credit",
        AnswerCredit,
        gettext_lazy("Answer the request"),
        gettext_lazy("A no says why: the person may read it."),
        gettext_lazy("Answer"),
        gettext_lazy("Answered."),
        _answer,
    ),
    "withdraw": Change(
        "prepare.withdraw_credit",
        Why,
        gettext_lazy("Withdraw the request"),
        gettext_lazy("A new request may be made afterwards."),
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdrawn."),
        _withdraw,
    ),
    "take-back": taking_back("prepare.take_back_credit_answer", gettext_lazy("Take the answer back"), _take_back),
}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Say where a page of the credit stands."""
    return [{"label": _("Placement credit (KUR)"), "url": reverse("credits")}, *({"label": label, "url": url} for label, url in more)]


def tell(form: forms.Form, unfit: Unfit) -> None:
    """Write each fault beside its field, amounts in rupiah and papers by their names."""
    for fault in unfit.faults:
        text = str(KNOWN[fault.code])
        form.add_error(fault.field if fault.field in form.fields else None, text % _params(fault) if fault.params else text)


def _params(fault: Fault) -> dict[str, Any]:
    told = {name: rupiah(value) if name in MONEY else value for name, value in fault.params.items()}
    if "paper" in told:
        told["paper"] = journey_words.paper_name(told["paper"], timezone.localdate())
    return told


@guarded("prepare.see_credits")
def credits(request: OfficeRequest) -> HttpResponse:
    """List the requests with the lender's clock."""
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    state = state if state in CREDITS else ""
    found = see_credits(state=state, text=text, offset=(at_page(request) - 1) * PAGE, limit=PAGE)
    whole = may(request.actor, "prepare.see_credit")
    rows = [
        {
            "url": reverse("journey_credit", args=[line.journey_id]) if whole else reverse("credit_request", args=[line.id]),
            "cells": [
                line.name, line.lender, line.amount, {"text": say(CREDITS, _state(line)), "tag": "red" if line.overdue else ""},
                short_day(line.asked_on), short_day(line.due),
            ],
        }
        for line in found.rows
    ]  # fmt: skip
    columns = [
        (_("Person"), False), (_("Lender"), False), (_("Amount (rupiah)"), True), (_("State"), False), (_("Asked on"), False),
        (_("Answer due"), False),
    ]  # fmt: skip
    filters = search(text, _("Name"), ("state", _("State"), list(CREDITS.items()), state))
    context = {
        "answer": _late(found),
        "lead": _("A lender answers within five working days: %(basis)s.") % {"basis": journey_words.article(BASIS)},
        "table": listed(request, columns, rows, found.total, filters=filters, empty={"title": _("No request was made.")}),
        "acts": [{"url": reverse("credit_calculator"), "label": _("Calculator")}],
        "crumbs": [{"label": _("Placement credit (KUR)"), "url": ""}],
    }
    return render(request, "office/market/list.html", context)


def _state(line: CreditLine) -> str:
    return "overdue" if line.overdue else line.state


def _late(found: Credits) -> str:
    if not found.overdue:
        return _("No lender is overdue")
    return ngettext("%(shown)s answer of a lender is overdue", "%(shown)s answers of lenders are overdue", found.overdue) % {
        "shown": number(found.overdue)
    }


@guarded("prepare.see_credits")
def calculator(request: OfficeRequest) -> HttpResponse:
    """Lay a loan out by today's terms; nothing of it is kept."""
    form = Calculate(request.GET or None)
    plan: Schedule | None = None
    today = timezone.localdate()
    if request.GET and form.is_valid():
        data = form.cleaned_data
        try:
            plan = schedule_of(int(data["amount"]), data["months"], data["instalments"], today)
        except Unfit as unfit:
            tell(form, unfit)
    terms = terms_on(today)
    context = {
        "form": form, "plan": plan_shown(plan) if plan else None, "terms": terms, "ceiling": rupiah(terms.ceiling),
        "note": journey_words.note(terms), "percent": f"{number(terms.rate_percent)} %", "basis": journey_words.article(terms.basis),
        "crumbs": crumbs((_("Calculator"), "")),
    }  # fmt: skip
    return render(request, "office/prepare/calculator.html", context)


def plan_shown(plan: Schedule) -> dict[str, Any]:
    """Give a schedule in words and amounts."""
    return {
        "rows": [
            {name: number(getattr(one, name)) for name in ("month", "principal", "interest", "total", "left")} for one in plan.instalments
        ],
        "count": len(plan.instalments), "first": plan.instalments[0].month, "monthly": rupiah(plan.instalments[0].total),
        "interest": rupiah(plan.interest), "paid": rupiah(plan.paid),
        "carried": rupiah(plan.notes[0].params["amount"]) if plan.notes else "",
    }  # fmt: skip


@guarded("prepare.see_credit")
def of_journey(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show the requests of a journey, and make one."""
    view = see_credit(journey_id)
    may_ask = may(request.actor, "prepare.ask_credit")
    form = AskCredit(request.POST or None)
    if request.method == "POST" and not may_ask:
        raise Refused("not_your_role")
    if request.method == "POST" and form.is_valid() and _asked(request, form, view.journey_id):
        return HttpResponseRedirect(reverse("journey_credit", args=[view.journey_id]))
    context = {
        "view": view, "form": form if may_ask and (view.possible or form.errors) else None,
        "lacking": [journey_words.paper_name(kind, timezone.localdate()) for kind in view.lacking],
        "rows": [shown(request, line) for line in view.rows],
        "answer": _answer_line(view.rows),
        "crumbs": [
            {"label": _("Journey"), "url": reverse("journey", args=[view.journey_id])}, {"label": _("Placement credit (KUR)"), "url": ""},
        ],
    }  # fmt: skip
    return render(request, "office/prepare/credit.html", context, status=422 if form.errors else 200)


def shown(request: OfficeRequest, line: CreditLine) -> dict[str, Any]:
    """Give a request in words, with the buttons of what the actor may do to it."""
    return {
        "line": line, "state": say(CREDITS, _state(line)), "amount": rupiah(line.amount),
        "acts": acts_of(request, ENDS, "credit_end", line.id, MAY_COME.get(line.state, ())),
        "clock": {"due": line.due, "overdue": line.overdue, "met": line.answered_on, "basis": journey_words.article(BASIS)},
        "earlier": [{"line": one, "state": say(CREDITS, one.state)} for one in line.earlier],
    }  # fmt: skip


@guarded("prepare.see_credit_request")
def one(request: OfficeRequest, request_id: UUID) -> HttpResponse:
    """Show one request: what a lender sees of it, and nothing else of the person."""
    line = see_credit_request(request_id)
    context = {"row": shown(request, line), "crumbs": crumbs((line.name, ""))}
    return render(request, "office/prepare/credit_request.html", context)


def _answer_line(rows: tuple[CreditLine, ...]) -> str:
    if not rows:
        return _("no credit was asked for")
    return f"{rupiah(rows[0].amount)}, {say(CREDITS, _state(rows[0]))}"


def _asked(request: OfficeRequest, form: AskCredit, journey_id: UUID) -> bool:
    """Make the request; what is wrong stands beside its field, and nothing typed is lost."""
    data = form.cleaned_data
    told = {name: data[name] for name in ("lender", "months", "instalments", "tax_number", "once")}
    try:
        done = ask_credit(journey_id=journey_id, amount=int(data["amount"]), **told)
    except Unfit as unfit:
        tell(form, unfit)
        return False
    except Refused as fault:
        said = sentence(fault)
        form.add_error(None, f"{said.what} {said.next}")
        return False
    messages.success(request, _("This was asked already.") if done.again else _("Asked. The lender's clock runs."))
    return True


@guarded("prepare.answer_credit", "prepare.withdraw_credit", "prepare.take_back_credit_answer")
def end(request: OfficeRequest, request_id: UUID, credit_act: str) -> HttpResponse:
    """Answer the request, withdraw it, or take the answer back."""
    line = see_credit_request(request_id)
    if credit_act not in ENDS:
        raise Http404("not there")
    whole = may(request.actor, "prepare.see_credit")
    back = reverse("journey_credit", args=[line.journey_id]) if whole else reverse("credit_request", args=[line.id])
    lead = f"{line.name}: {line.lender}, {rupiah(line.amount)}"
    return ask_once_more(request, ENDS[credit_act], back, crumbs((line.name, back)), lead, request_id=request_id)
