"""The addresses of contracts and costs; none of them ever holds a personal number or a name."""

from django.urls import path

from selaras.doors.office.contracts import costs, pages

urlpatterns = [
    path("journeys/<uuid:journey_id>/contracts/", pages.contracts, name="contracts"),
    path("journeys/<uuid:journey_id>/contracts/write/<slug:document>/", pages.write, name="contract_write"),
    path("journeys/<uuid:journey_id>/contracts/report/", pages.report, name="contract_report"),
    path("journeys/<uuid:journey_id>/costs/", costs.costs, name="costs"),
    path("costs/<uuid:cost_id>/receipt/", costs.receipt, name="cost_receipt"),
    path("costs/months-of-pay/", costs.months, name="months_of_pay"),
    path("costs/months-of-pay/export/", costs.months_file, name="months_of_pay_export"),
]
