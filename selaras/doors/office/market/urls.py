"""The addresses of the pages of lawful demand."""

from django.urls import path

from selaras.doors.office.market import agencies, countries, orders, parties

urlpatterns = [
    path("agencies/", agencies.agencies, name="market_agencies"),
    path("agencies/<slug:agency>/", agencies.agency, name="market_agency"),
    path("agencies/<slug:agency>/<slug:agency_act>/", agencies.agency_change, name="market_agency_change"),
    path("parties/", parties.parties, name="market_parties"),
    path("parties/new/", parties.enter, name="market_party_new"),
    path("parties/<slug:party>/", parties.party, name="market_party"),
    path("parties/<slug:party>/standings/<uuid:standing_id>/lift/", parties.lift, name="market_lift"),
    path("parties/<slug:party>/<slug:party_act>/", parties.party_change, name="market_party_change"),
    path("job-orders/", orders.orders, name="job_orders"),
    path("job-orders/new/", orders.ask, name="job_order_new"),
    path("job-orders/<uuid:order_id>/", orders.order, name="job_order"),
    path("job-orders/<uuid:order_id>/<slug:order_act>/", orders.order_change, name="job_order_change"),
    path("permits/", orders.permits, name="permits"),
    path("permits/<uuid:permit_id>/<slug:permit_act>/", orders.permit_change, name="permit_change"),
    path("cooperations/", orders.cooperations, name="cooperations"),
    path("cooperations/<uuid:cooperation_id>/<slug:cooperation_act>/", orders.cooperation_change, name="cooperation_change"),
    path("countries/", countries.statuses, name="country_statuses"),
    path("countries/new/", countries.status_new, name="country_status_new"),
    path("countries/<uuid:status_id>/withdraw/", countries.status_withdraw, name="country_status_withdraw"),
    path("recruiting/", countries.recruiting, name="recruiting"),
    path("recruiting/new/", countries.recruiting_new, name="recruiting_new"),
]
