"""The addresses of the pages of officers."""

from django.urls import path

from selaras.doors.office.officers import accounts, listing, postings

urlpatterns = [
    path("", listing.officers, name="officers"),
    path("new/", postings.enter, name="officer_new"),
    path("<uuid:officer_id>/", listing.officer, name="officer"),
    path("<uuid:officer_id>/post/", postings.post, name="officer_post"),
    path("<uuid:officer_id>/postings/<uuid:posting_id>/move/", postings.move, name="posting_move"),
    path("<uuid:officer_id>/postings/<uuid:posting_id>/end/", postings.end, name="posting_end"),
    path("<uuid:officer_id>/<slug:change>/", accounts.account, name="officer_change"),
]
