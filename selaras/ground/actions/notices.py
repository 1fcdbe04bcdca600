"""Verbs on the outbox: send what waits, remove what is past its day."""

import datetime as dt

from django.utils import timezone

from selaras.ground.act import act, note
from selaras.ground.models import Notice
from selaras.ground.notices import TRIES, hand_to_gateway
from selaras.law.load import law


@act
def send_notices(*, most: int = 50) -> int:
    """Send what waits, the oldest first; give how many are still waiting. What has run out is not sent any more."""
    now = timezone.now()
    waiting = Notice.objects.filter(state=Notice.State.WAITING)
    waiting.filter(until__lte=now).update(state=Notice.State.FAILED)
    sent = 0
    # Two workers never take the same message: the second skips what the first has locked.
    for notice in waiting.filter(until__gt=now).select_for_update(skip_locked=True).order_by("made_at")[:most]:
        taken = hand_to_gateway(notice.to, notice.text)
        notice.tries += 1
        if taken or notice.tries >= TRIES:
            notice.state = Notice.State.SENT if taken else Notice.State.FAILED
        notice.save(update_fields=["tries", "state"])
        sent += taken
    note(count=sent)
    return waiting.count()


@act
def remove_notices() -> int:
    """Remove messages past their day; give how many."""
    days = law().clock("keep_notice", timezone.localdate()).days or 0
    gone, _ = Notice.objects.filter(made_at__lt=timezone.now() - dt.timedelta(days=days)).delete()
    note(count=gone)
    return gone
