"""The addresses of what came after departure; none of them ever holds a personal number or a name."""

from django.urls import path

from selaras.doors.office.after import pages

urlpatterns = [
    path("journeys/<uuid:journey_id>/after/", pages.after, name="after"),
    path("journeys/<uuid:journey_id>/after/<slug:report>/", pages.report, name="after_report"),
]
