"""The addresses of the register; none of them ever holds a number or a name."""

from django.urls import path

from selaras.doors.office.people import enter, family, find, merging, person, ways

urlpatterns = [
    path("", find.find, name="people_find"),
    path("found/<str:token>/", find.found, name="people_found"),
    path("new/", enter.new, name="people_new"),
    path("<uuid:person_id>/", person.person, name="person"),
    path("<uuid:person_id>/correct/", enter.change, name="person_correct"),
    path("<uuid:person_id>/add/<slug:what>/", enter.add, name="person_add"),
    path("<uuid:person_id>/who/", person.who, name="person_who"),
    path("<uuid:person_id>/numbers/<uuid:identifier_id>/", person.number, name="person_number"),
    path("<uuid:person_id>/sign-in/", ways.ways, name="person_ways"),
    path("<uuid:person_id>/sign-in/enrol/", ways.enrol, name="person_enrol"),
    path("<uuid:person_id>/sign-in/code/", ways.enrol_code, name="person_enrol_code"),
    path("<uuid:person_id>/sign-in/card/", ways.card, name="person_card"),
    path("<uuid:person_id>/sign-in/close/", ways.close, name="person_close"),
    path("<uuid:person_id>/sign-in/<uuid:way_id>/", ways.way, name="person_way"),
    path("<uuid:person_id>/family/", family.family, name="person_family"),
    path("<uuid:person_id>/family/<uuid:access_id>/", family.cut, name="person_family_cut"),
    path("<uuid:person_id>/merge/", merging.choose, name="person_merge"),
    path("<uuid:person_id>/merge/<uuid:other_id>/", merging.compare, name="person_merge_with"),
    path("<uuid:person_id>/unmerge/<uuid:event_id>/", merging.take_back, name="person_unmerge"),
]
