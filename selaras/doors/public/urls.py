"""The addresses of the public door."""

from django.urls import path

from selaras.doors.public import front

urlpatterns = [path("", front.front, name="front")]
