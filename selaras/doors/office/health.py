"""Health, for those who keep the system running."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

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
