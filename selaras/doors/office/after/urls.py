"""The addresses of what came after departure; none of them ever holds a personal number or a name."""

from django.urls import path

from selaras.doors.office.after import amending, pages

urlpatterns = [
    path("journeys/<uuid:journey_id>/after/", pages.after, name="after"),
    path("journeys/<uuid:journey_id>/after/<slug:report>/", pages.report, name="after_report"),
    path("journeys/<uuid:journey_id>/after/<uuid:report_id>/correct/", amending.amend, name="after_amend"),
]
