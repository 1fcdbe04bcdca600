"""Health and metrics for those who keep the system running."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from selaras.doors.guard import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception:  # whatever is wrong with the database, the answer is the same
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse({"database": "up"})


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the counters in Prometheus form: counts and times only."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
