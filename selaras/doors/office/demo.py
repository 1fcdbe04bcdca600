"""In the demo only: the cast and a few workers, one click to sign in as each; a production configuration refuses to start with it."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from selaras.doors.guard import public
from selaras.doors.office.language import KEY
from selaras.doors.worker.guard import begin
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.law.load import law
from selaras.samples.cast import CAST
from selaras.samples.own_pages import OWN_PAGES, way_in


def _only_in_the_demo() -> None:
    if not settings.SELARAS_DEMO_SIGN_IN or settings.SELARAS_MODE == "production":
        raise Http404("not there")


@public
def cast(request: HttpRequest) -> HttpResponse:
    """List the cast, with who each is and what she may see."""
    _only_in_the_demo()
    today = timezone.localdate()
    members = [
        {
            "member": m,
            "story": m.story_en if get_language() == "en" else m.story_id,
            "office": office_by_key(m.office_key),
            "role": law().role(m.role, today),
        }
        for m in CAST
        if officer_by_email(m.email) is not None
    ]
    own = [
        {"page": page, "story": page.story_en if get_language() == "en" else page.story_id}
        for page in OWN_PAGES
        if way_in(page.key) is not None
    ]
    return render(request, "public/cast.html", {"members": members, "own": own})


@public
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one member of the cast."""
    _only_in_the_demo()
    if request.method != "POST":
        return HttpResponseRedirect(reverse("demo_cast"))
    member = next((m for m in CAST if m.key == key), None)
    officer = officer_by_email(member.email) if member else None
    if officer is None:
        raise Http404("not there")
    get_adapter(request).login(request, officer)
    # Everybody shares the demo's cast: the language in which one reads the list of them goes on.
    request.session[KEY] = get_language()
    return HttpResponseRedirect(reverse("home"))


@public
def own_page(request: HttpRequest, key: str) -> HttpResponse:
    """Open the own page of a worker or a mother of the demo, as if her telephone had answered."""
    _only_in_the_demo()
    if request.method != "POST":
        return HttpResponseRedirect(reverse("demo_cast"))
    opened = way_in(key)
    if opened is None:
        raise Http404("not there")
    return begin(request, opened, "demo")
