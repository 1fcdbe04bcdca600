"""The addresses of journeys; none of them ever holds a number or a name."""

from django.urls import path

from selaras.doors.office.journeys import aiming, doing, page, papers, queue

urlpatterns = [
    path("", queue.today, name="today"),
    path("enter/", queue.enter, name="entry_new"),
    path("<uuid:journey_id>/", page.journey, name="journey"),
    path("<uuid:journey_id>/steps/<slug:step>/<slug:doing>/", doing.step, name="journey_step"),
    path("<uuid:journey_id>/lead/", aiming.lead, name="journey_lead"),
    path("<uuid:journey_id>/end/<slug:how>/", doing.end, name="journey_end"),
    path("<uuid:journey_id>/again/", doing.restart, name="journey_again"),
    path("<uuid:journey_id>/papers/add/<slug:kind>/", papers.add, name="paper_add"),
    path("<uuid:journey_id>/papers/<uuid:fact_id>/newer/", papers.replace, name="paper_replace"),
    path("<uuid:journey_id>/papers/<uuid:fact_id>/verify/", papers.verify, name="paper_verify"),
    path("<uuid:journey_id>/papers/<uuid:fact_id>/number/", papers.number, name="paper_number"),
    path("<uuid:journey_id>/papers/<uuid:fact_id>/scan/", papers.scan, name="paper_scan"),
]
