"""The messages room: a short text is put into the outbox, sealed; a job hands it to the gateway that the settings name."""

import datetime as dt
from urllib.parse import quote

import apprise
from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.ground import queue
from selaras.ground.models import Notice

# Short, without names, and without a word that a stranger who reads the screen could take for a kind of case.
TEXTS: dict[str, str | Promise] = {
    "sign_in_code": _("Selaras: your code is %(code)s. It holds for %(minutes)s minutes. Tell it to nobody, whoever asks."),
    "desk_code": _("Selaras: %(code)s. Say this code to the officer before you, and to nobody on the telephone."),
    "new_phone": _("Selaras: %(code)s. Type this code on the page to use this telephone for signing in."),
    "phone_waits": _("Selaras: another telephone was named for your account. It takes over on %(at)s. Was it not you? Sign in and stop it."),
    "phone_replaced": _("Selaras: another telephone was named for your account before an officer, and this one no longer signs in."),
    "enrolled": _("Selaras: this telephone now signs in to your own page."),
    "card_printed": _("Selaras: a card for signing in was printed for you at %(office)s. Was it not you? Go to any desk or mission."),
    "passkey_added": _("Selaras: a passkey was added to your page. Was it not you? Sign in and take it away."),
    "closed": _("Selaras: signing in to your page was stopped by an officer. Go to any desk or mission to open it again."),
}

TRIES = 5


def configured() -> bool:
    """Say whether this copy has a gateway; without one, messages stay in the outbox."""
    return bool(settings.SELARAS_NOTICE_URL)


def put(kind: str, to: str, *, language: str = "id", lasts: dt.timedelta = dt.timedelta(days=1), **values: str | int) -> Notice:
    """Put a message into the outbox in the reader's language; an empty address is written like any other and reaches nobody."""
    with translation.override(language):
        text = str(TEXTS[kind]) % values
    notice = Notice.objects.create(
        kind=kind, to=to, text=text, until=timezone.now() + lasts, state=Notice.State.WAITING if to else Notice.State.NOBODY
    )
    if configured():
        queue.put("selaras.ground.jobs.send", queue="notices", lock="notices", once="notices", timestamp=0)
    return notice


def hand_to_gateway(to: str, text: str) -> bool:
    """Hand one message to the gateway; say whether it was taken."""
    gateway = apprise.Apprise()
    if not gateway.add(str(settings.SELARAS_NOTICE_URL).replace("{to}", quote(to.removeprefix("+"), safe=""))):
        return False
    return bool(gateway.notify(body=text))
