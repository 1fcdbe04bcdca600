"""The addresses of the office door, one module a room."""

from django.urls import URLPattern, URLResolver, include, path

from selaras.doors.office import health, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", home.home, name="home"),
    path("post/", home.change_post, name="change_post"),
    path("health/", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
