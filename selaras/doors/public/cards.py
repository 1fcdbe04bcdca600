"""Is this worker's card good? By the server, or on the device itself with no network; and the keys and lists that verifiers fetch."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from selaras.doors.guard import public
from selaras.doors.office.templatetags.face import day
from selaras.doors.pass_sentences import OUTCOMES, SENTENCES, age_text, pass_sentence
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, english
from selaras.engines.passes.verifying import GOOD, MOST_HOURS, NOT_GOOD, UNSURE, Verdict
from selaras.law.load import law
from selaras.place.queries.verifying import check_shown, published_keys, published_list

BODY = 64 * 1024  # bytes of a form with a file; beyond it the file is dropped
LONGEST = 20_000  # characters of a card or credential; the longest that is issued has some 2,000
FRESH = 300  # seconds for which a cache may keep keys and lists
CAMERA = "camera=(self), microphone=(), geolocation=()"
LABELS: dict[str, str | Promise] = {
    "name": _("Name"),
    "birth_year": _("Year of birth"),
    "birth_date": _("Date of birth"),
    "country": _("Country of work"),
    "number": _("Card number"),
    "issued": _("Issued"),
    "since": _("Valid from"),
    "until": _("Valid until"),
    "scheme": _("Way"),
    "agency": _("Agency"),
    "employer": _("Employer"),
}
DAYS = ("issued", "since", "until", "birth_date")
ON_DEVICE = (
    "pass.not_a_pass", "pass.altered", "pass.key_unknown", "pass.key_retired", "pass.key_turned", "pass.not_yet", "pass.expired",
    "pass.revoked", "pass.suspended", "pass.list_missing", "pass.list_untrusted", "pass.list_short", "pass.list_ahead", "pass.list_old",
    "pass.list_next_missed", "pass.list_age", "pass.holder_not_proved",
)  # fmt: skip


class Shown(forms.Form):
    """What was shown: pasted, or as a file."""

    text = forms.CharField(
        label=_("What stands in the code"), required=False, max_length=LONGEST, strip=True,
        help_text=_("Scan the code with any reader and paste its text here; or the text that a telephone showed."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a file that was sent to you"), required=False)

    def clean(self) -> dict[str, Any]:
        """Take the file where nothing was pasted; refuse when there is neither."""
        told: dict[str, Any] = super().clean() or {}
        upload = told.get("file")
        if not told.get("text") and upload is not None:
            told["text"] = upload.read(LONGEST + 1).decode("utf-8", errors="replace")
        if not told.get("text") and not self.errors:
            self.add_error("text", _("Paste the text of the code, or choose a file."))
        return told


# Nothing is changed by asking, and nothing of what is asked is kept.
@csrf_exempt
@public
@paced
def check_card(request: HttpRequest) -> HttpResponse:
    """Say whether a card holds: good, not good or unsure, each reason as a sentence, and what this answer cannot know."""
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) <= BODY:
        # What comes from strangers is dropped unread elsewhere; a card is small enough to be held in memory and forgotten.
        request.upload_handlers = [MemoryFileUploadHandler(request)]
    form = Shown(request.POST, request.FILES) if request.method == "POST" else Shown()
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _answer(check_shown(form.cleaned_data["text"]))
    return render(request, "public/card/check.html", context, status=422 if form.is_bound and form.errors else 200)


def _answer(found: Verdict) -> dict[str, object]:
    said = found.says or {}
    return {
        "found": found, "outcome": OUTCOMES[found.outcome], "good": found.outcome == GOOD, "bad": found.outcome == NOT_GOOD,
        "unknown": found.outcome == UNSURE, "reasons": [pass_sentence(r) for r in (*found.against, *found.unsure)],
        "notes": [pass_sentence(r) for r in found.notes],
        "said": [(LABELS[name], _shown(name, value)) for name in LABELS if (value := said.get(name)) not in (None, "")],
        "today": timezone.localdate(),
    }  # fmt: skip


def _shown(name: str, value: Any) -> str:
    if name == "country":
        return f"{country(str(value))} ({value})"
    if name == "scheme":
        row = law().scheme(str(value), timezone.localdate())
        return str(value) if row is None else row.label_en if english() else row.label
    if name in DAYS and isinstance(value, str):  # a credential writes its days as text
        value = parse_date(value) or value
    return day(value) if isinstance(value, dt.date) else str(value)


@public
@paced
def here(request: HttpRequest) -> HttpResponse:
    """Give the page that verifies on the device itself: it keeps keys and lists, works with no network, and may use the camera."""
    context = {
        "sentences": [{"code": code, "text": " ".join(str(part) for part in SENTENCES[code]).strip()} for code in ON_DEVICE],
        "outcomes": [{"code": code, "text": text} for code, text in OUTCOMES.items()],
        "labels": [{"name": name, "text": LABELS[name]} for name in ("name", "birth_year", "country", "number", "since", "until")],
        "most_hours": MOST_HOURS, "language": get_language() or "id",
        "ages": [age_text(0), age_text(1), age_text(2).replace("2", "{hours}")],
    }  # fmt: skip
    answer = render(request, "public/card/here.html", context)
    answer["Permissions-Policy"] = CAMERA
    return answer


@public
def helper(request: HttpRequest) -> HttpResponse:
    """Give the script that keeps the verifier's page on the device, so that it opens with no network."""
    files = [reverse("card_here"), *(static(name) for name in ("public/public.css", "public/card.js", "office/mark.svg"))]
    return render(request, "public/card/helper.js", {"files": json.dumps(files)}, content_type="text/javascript; charset=utf-8")


@public
@paced
def keys(request: HttpRequest) -> HttpResponse:
    """Give the public keys of cards, credentials and lists, and where the lists are; for any verifier, of any state."""
    return _open(JsonResponse(published_keys(), json_dumps_params={"indent": 1}))


@public
@paced
def status(request: HttpRequest, status_list: str) -> HttpResponse:
    """Give a status list whole, so that nobody learns whose card is looked at; with when it was made and when the next is due."""
    found = published_list(status_list)
    if found is None:
        raise Http404("not there")
    made, etag = int(found.made.timestamp()), quote_etag(f"{found.name}-{found.made.timestamp():.0f}")
    answer = _open(HttpResponse(found.signed, content_type="application/statuslist+jwt"))
    answer["Last-Modified"], answer["ETag"] = http_date(made), etag
    answer["Expires"] = http_date(min(found.next.timestamp(), timezone.now().timestamp() + FRESH))
    conditional: HttpResponse = get_conditional_response(request, etag=etag, last_modified=made, response=answer)
    return conditional


def _open(answer: HttpResponse) -> HttpResponse:
    """Let anybody's page fetch it, and caches keep it for a few minutes."""
    answer["Cache-Control"] = f"public, max-age={FRESH}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
