"""The addresses of the card; none of them ever holds its number or a name."""

from django.urls import path

from selaras.doors.office.cards import pages

urlpatterns = [
    path("journeys/<uuid:journey_id>/card/", pages.cards, name="cards"),
    path("journeys/<uuid:journey_id>/card/<slug:card_act>/", pages.do, name="card_do"),
    path("cards/<uuid:pass_id>/", pages.paper, name="card_paper"),
]
