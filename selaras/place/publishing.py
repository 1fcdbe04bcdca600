"""Makes status lists: which cards no longer hold, signed anew whenever one is taken back, and by the clock."""

import datetime as dt

from django.utils import timezone

from selaras.engines.passes.keys import STATUS
from selaras.engines.passes.status import REVOKED, SIZE, SUSPENDED, StatusList, pack, sign_list
from selaras.place.models import Pass, PassList
from selaras.place.signing import card_keys, list_address

STATES = {Pass.State.SUSPENDED: SUSPENDED, Pass.State.REVOKED: REVOKED, Pass.State.REPLACED: REVOKED}
LASTS = dt.timedelta(hours=24)
"""So long a list is good for who has no network; a newer one is made every hour."""
ONE = dt.timedelta(seconds=1)
FULL = SIZE // 2
"""So many cards of one list are issued: places are drawn by chance, and beyond it too many would be taken."""


def list_to_issue_from() -> PassList:
    """Give the list in which a new card gets its place; the first is made here, later ones by the clock."""
    found = PassList.objects.order_by("-turn").first()
    return found or PassList.objects.get_or_create(turn=1, defaults={"name": name_of(1)})[0]


def name_of(turn: int) -> str:
    """Name a list as cards carry it."""
    return f"e-kpmi-{turn}"


def remake(turn: int) -> PassList:
    """Sign a list anew as the cards stand; call it with national reach.

    The list is locked before the cards are read: of two who take a card back at once the later one sees both.
    """
    row = PassList.objects.select_for_update(no_key=True).get(turn=turn)  # who issues a card in it meanwhile is not held up
    states = {
        place: int(STATES[Pass.State(state)])
        for place, state in Pass.objects.filter(status_list_id=turn, state__in=list(STATES)).values_list("place", "state")
    }
    made = timezone.now().replace(microsecond=0)
    if row.made is not None and made <= row.made:
        made = row.made + ONE  # verifiers take the newer of two
    row.made, row.next = made, made + LASTS
    found = StatusList(list_address(row.name), made, row.next, pack(states))
    row.signed = sign_list(found, card_keys().signer(STATUS, made.astimezone(dt.UTC).date()))
    row.save(update_fields=["signed", "made", "next"])
    return row
