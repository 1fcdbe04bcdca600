"""The addresses of the office door, one module a room."""

from django.urls import URLPattern, URLResolver, include, path

from selaras.doors.office import demo, headcount, health, home, ledger, metrics, offices, review, runs

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", home.home, name="home"),
    path("post/", home.change_post, name="change_post"),
    path("demo/", demo.cast, name="demo_cast"),
    path("demo/<slug:key>/", demo.sign_in, name="demo_sign_in"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verification/", ledger.verify, name="ledger_verify"),
    path("people/", include("selaras.doors.office.people.urls")),
    path("offices/", offices.offices, name="offices"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="run_start"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("runs/<uuid:run_id>/progress/", runs.progress, name="run_progress"),
    path("runs/<uuid:run_id>/cancel/", runs.cancel, name="run_cancel"),
    path("review/", review.queue, name="review"),
    path("review/next/", review.next_one, name="review_next"),
    path("review/<uuid:pair_id>/", review.pair, name="review_pair"),
    path("review/<uuid:pair_id>/judge/", review.say, name="review_judge"),
    path("review/<uuid:pair_id>/undo/", review.undo, name="review_undo"),
    path("headcount/", headcount.headcount, name="headcount"),
    path("headcount/export/<slug:form>/", headcount.export, name="headcount_export"),
    path("health/", health.health, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("account/", include("selaras.doors.office.account_urls")),
    path("language/", include("django.conf.urls.i18n")),
]
