"""The addresses of the register; none of them ever holds a number or a name."""

from django.urls import path

from selaras.doors.office.people import enter, find, merging, person

urlpatterns = [
    path("", find.find, name="people_find"),
    path("found/<str:token>/", find.found, name="people_found"),
    path("new/", enter.new, name="people_new"),
    path("<uuid:person_id>/", person.person, name="person"),
    path("<uuid:person_id>/correct/", enter.change, name="person_correct"),
    path("<uuid:person_id>/add/<slug:what>/", enter.add, name="person_add"),
    path("<uuid:person_id>/who/", person.who, name="person_who"),
    path("<uuid:person_id>/numbers/<uuid:identifier_id>/", person.number, name="person_number"),
    path("<uuid:person_id>/merge/", merging.choose, name="person_merge"),
    path("<uuid:person_id>/merge/<uuid:other_id>/", merging.compare, name="person_merge_with"),
    path("<uuid:person_id>/unmerge/<uuid:event_id>/", merging.take_back, name="person_unmerge"),
]
