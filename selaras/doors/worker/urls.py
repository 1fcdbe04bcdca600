"""The addresses of the worker's door."""

from django.conf import settings
from django.urls import path

from selaras.doors.worker import abroad, card, costs, family, home, passkeys, signin, ways

urlpatterns = [
    path("", home.home, name="worker_home"),
    path("in/", signin.sign_in, name="worker_sign_in"),
    path("in/code/", signin.code, name="worker_code"),
    path("in/card/", signin.card, name="worker_card"),
    path("in/passkey/", passkeys.enter, name="worker_passkey"),
    path("out/", signin.out, name="worker_out"),
    path("papers/", home.papers, name="worker_papers"),
    path("papers/<uuid:file_id>/", home.paper, name="worker_paper"),
    path("report/", abroad.abroad, name="worker_abroad"),
    path("report/<slug:report>/", abroad.tell, name="worker_tell"),
    path("report/<uuid:report_id>/correct/", abroad.amend, name="worker_amend"),
    path("costs/", costs.costs, name="worker_costs"),
    path("costs/<uuid:cost_id>/receipt/", costs.receipt, name="worker_cost_receipt"),
    path("who/", home.who, name="worker_who"),
    path("card/", card.card, name="worker_own_card"),
    path("card/<uuid:pass_id>/paper/", card.paper, name="worker_card_paper"),
    path("card/<uuid:pass_id>/phone/", card.phone, name="worker_card_phone"),
    path("card/<uuid:pass_id>/lost/", card.lost, name="worker_card_lost"),
    path("family/", family.family, name="worker_family"),
    path("family/<uuid:access_id>/", family.change, name="worker_family_change"),
    path("family/<uuid:access_id>/withdraw/", family.withdraw, name="worker_family_withdraw"),
    path("relatives/", family.relatives, name="worker_relatives"),
    path("relatives/<uuid:access_id>/<uuid:file_id>/", family.paper, name="worker_shared_paper"),
    path("sign-in/", ways.ways, name="worker_ways"),
    path("sign-in/phone/", ways.new_phone, name="worker_phone"),
    path("sign-in/phone/code/", ways.phone_code, name="worker_phone_code"),
    path("sign-in/<uuid:way_id>/stop/", ways.stop, name="worker_way_stop"),
    path("sign-in/passkey/", passkeys.make, name="worker_passkey_new"),
    path("sign-in/passkey/<uuid:passkey_id>/remove/", passkeys.remove, name="worker_passkey_remove"),
    path("sign-in/end/", ways.end, name="worker_end_sessions"),
]
if settings.SELARAS_MODE != "production":
    urlpatterns.append(path("outbox/", signin.messages_sent, name="worker_outbox"))
