"""The addresses of the public door; none of them can hold a personal number."""

from django.urls import path

from selaras.doors.public import agencies, cards, costs, countries, desks, front, orders, records, steps

urlpatterns = [
    path("", front.front, name="front"),
    path("check/agency/", agencies.agencies, name="check_agencies"),
    path("check/agency/<slug:agency>/", agencies.agency, name="check_agency"),
    path("check/job-order/", orders.orders, name="check_orders"),
    path("check/job-order/<slug:code>/", orders.order, name="check_order"),
    path("check/record/", records.records, name="check_records"),
    path("check/record/<slug:number>/", records.record, name="check_record"),
    # What cards and credentials name: these addresses stay where they are.
    path("check/card/", cards.check_card, name="check_card"),
    path("check/card/here/", cards.here, name="card_here"),
    path("check/card/here/helper.js", cards.helper, name="card_helper"),
    path("check/card/keys.json", cards.keys, name="card_keys"),
    path("check/card/status/<slug:status_list>", cards.status, name="card_status"),
    path("check/country/", countries.countries, name="check_countries"),
    path("check/cost/", costs.costs, name="check_costs"),
    path("steps/", steps.schemes, name="schemes"),
    path("steps/<slug:scheme>/", steps.scheme, name="scheme"),
    path("desk/", desks.desks, name="desks"),
    path("desk/<slug:area>/", desks.desk, name="desk"),
]
