"""The addresses: public pages, the worker's door, sign-in, the office door, health."""

from django.urls import include, path

urlpatterns = [
    path("", include("selaras.doors.public.urls")),
    path("worker/", include("selaras.doors.worker.urls")),
    path("", include("selaras.doors.office.urls")),
]

handler400 = "selaras.doors.office.errors.bad_request"
handler403 = "selaras.doors.office.errors.refused"
handler404 = "selaras.doors.office.errors.not_there"
handler500 = "selaras.doors.office.errors.server_fault"
