"""The addresses of the office door, one module a room."""

from django.urls import URLPattern, URLResolver, include, path

from selaras.doors.office import demo, health, home, ledger, offices

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", home.home, name="home"),
    path("post/", home.change_post, name="change_post"),
    path("demo/", demo.cast, name="demo_cast"),
    path("demo/<slug:key>/", demo.sign_in, name="demo_sign_in"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verification/", ledger.verify, name="ledger_verify"),
    path("people/", include("selaras.doors.office.people.urls")),
    path("offices/", offices.offices, name="offices"),
    path("health/", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("account/", include("selaras.doors.office.account_urls")),
    path("language/", include("django.conf.urls.i18n")),
]
