"""Verbs on the places of a job order: take one, give one back; counted in the database, so never more than there are.

The count moves in one statement that asks for room at the same time. Two who take the last place at once wait for each other there,
and the second is told that it is gone. A key tells a double click from a second worker.
"""

import datetime as dt
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.market.answers import need
from selaras.market.deciding import may_have_new, own_agency, written
from selaras.market.models import JobOrder, TakenPlace
from selaras.market.queries.countries import country_open
from selaras.market.queries.orders import job_order_on, sip2mi_for
from selaras.people.actions.parties import locked_party


@act
def take_place(*, number: str, once: str, day: dt.date | None = None, holder: UUID | None = None) -> TakenPlace:
    """Take one place of a job order of one's own agency; the same key again gives the same place, however often it is sent.

    `holder` is the journey for which it is taken; the caller holds the lock on its person.
    """
    day = day or timezone.localdate()
    order = _order(number)
    once = written(once, "key_missing")[:80]
    own_agency(order.agency)
    there = TakenPlace.objects.filter(order=order, once=once).first()
    if there is None:
        # Locked, so that a suspension or a closing at this moment comes before or after, never between.
        may_have_new(locked_party(order.agency.key), day)
        need(job_order_on(number, day))
        need(sip2mi_for(order.agency.key, number, day))
        need(country_open(order.country_id, order.job, day, order.agency.key))
        there, made = TakenPlace.objects.get_or_create(order=order, once=once, defaults={"taken_by": current().address, "holder": holder})
        if made:
            free = JobOrder.objects.filter(pk=order.pk, state="attested", taken__lt=F("places"))
            if not free.update(taken=F("taken") + 1):
                raise Refused("order_full", "PP59:47", number=order.number)
            note(order=str(order.pk), agency=order.agency.key, place=once)
    if there.given_back_at is not None:
        raise Refused("place_given_back")
    return there


@act
def give_back_place(*, number: str, once: str, reason: str) -> TakenPlace:
    """Give a place back, because the worker withdrew or was refused; the same key again changes nothing more."""
    order = _order(number)
    own_agency(order.agency)
    reason = written(reason)
    locked_party(order.agency.key)  # as when a place is taken: the agency first, then the order, so that two never wait for each other
    there = TakenPlace.objects.select_for_update(no_key=True).filter(order=order, once=once).first()
    if there is None:
        raise NotThere("not there")
    if there.holder is not None and current().kind != "job":
        raise Refused("place_of_a_journey")
    if there.given_back_at is None:
        there.given_back_at, there.given_back_by, there.reason = timezone.now(), current().address, reason
        there.save(update_fields=["given_back_at", "given_back_by", "reason"])
        JobOrder.objects.filter(pk=order.pk).update(taken=F("taken") - 1)
        note(order=str(order.pk), agency=order.agency.key, place=once)
    return there


def _order(number: str) -> JobOrder:
    row = JobOrder.objects.filter(number=number).select_related("agency").first()
    if row is None:
        raise NotThere("not there")
    return row
