"""Is this job order real? By its number, or by the code that its QR holds; with how many places are left."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from selaras.doors.guard import public
from selaras.doors.public.asking import Ask
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, told
from selaras.market.jobs import job_name
from selaras.market.queries.agencies import licensed_on
from selaras.market.queries.countries import country_open
from selaras.market.queries.orders import job_order, order_stands, sip2mi_for


@csrf_exempt
@public
@paced
def orders(request: HttpRequest) -> HttpResponse:
    """Ask for a job order by its number or code."""
    form = Ask(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = job_order(form.cleaned_data["q"])
        if found is not None:
            return HttpResponseRedirect(reverse("check_order", args=[found.code]))
        context |= {"asked": form.cleaned_data["q"], "unknown": True}
    return render(request, "public/check/orders.html", context, status=422 if form.errors else 200)


@public
@paced
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether this job order is real and runs today, whose it is, and how many places are left; an employer at home has no name."""
    line = job_order(code)
    if line is None:
        raise Http404("not there")
    today = timezone.localdate()
    stands = order_stands(line, today)
    others = [licensed_on(line.agency, today), sip2mi_for(line.agency, line.number, today)]
    open_there = country_open(line.country, line.job, today, line.agency)
    context = {
        "line": line,
        "answer": stands,
        "said": told(stands),
        "all_met": stands.met and open_there.met and all(a.met for a in others),
        "others": [{"met": a.met, "said": told(a)} for a in others if stands.met or not a.met],
        "closed": None if open_there.met else open_there.code,
        "country": country(line.country),
        "job": job_name(line.job, get_language() or "id"),
        "today": today,
    }
    return render(request, "public/check/order.html", context)
