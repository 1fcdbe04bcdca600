"""The addresses of the gate; none of them ever holds a personal number or a name."""

from django.urls import path

from selaras.doors.office.gate import pages, record

urlpatterns = [
    path("", pages.queue, name="gate_queue"),
    path("check/", pages.check, name="gate_check"),
    path("<uuid:journey_id>/", pages.gate, name="gate"),
    path("<uuid:journey_id>/<slug:act>/", pages.do, name="gate_do"),
    path("decisions/<uuid:decision_id>/record/", record.record, name="gate_record"),
]
