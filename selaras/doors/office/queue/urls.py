"""The addresses of what waits on a device."""

from django.urls import path

from selaras.doors.office.queue import pages

urlpatterns = [
    path("", pages.queue, name="queue"),
    path("token/", pages.token, name="queue_token"),
    path("worker.js", pages.script, name="queue_script"),
]
