"""Keys, a card, a list and a credential to try verifiers on; invented."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

from selaras.engines.passes.card import Card, sign_card
from selaras.engines.passes.credential import E_KPMI, Bound, issue
from selaras.engines.passes.keys import CARD, CREDENTIAL, ED25519, ES256, STATUS, Key, Keys, new_key
from selaras.engines.passes.status import StatusList, pack, sign_list
from selaras.engines.passes.verifying import Verifier, verifier

START = date(2026, 11, 1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIST = "https://selaras.example/status/7"
CARD_OF_SITI = Card("EKPMI-7F3K9Q2D", "SITI AMINAH", 1994, "HKG", START, START, date(2028, 11, 1), "7", 12345)


@cache
def ring() -> Keys:
    return Keys(
        tuple(
            new_key(use, alg, START)
            for use, alg in ((CARD, ED25519), (STATUS, ED25519), (CREDENTIAL, ES256), (CREDENTIAL, ED25519))
        )
    )


@cache
def phone(alg: str) -> Key:
    return new_key(CREDENTIAL, alg, START)


def token(card: Card = CARD_OF_SITI, keys: Keys | None = None) -> str:
    return sign_card(card, (keys or ring()).signer(CARD, card.issued))


def status(states=None, *, made: datetime = NOW - HOUR, keys: Keys | None = None, name: str = LIST) -> str:
    return sign_list(StatusList(name, made, made + 24 * HOUR, pack(states or {})), (keys or ring()).signer(STATUS, made.date()))


def credential(said=None, *, alg: str = ES256, holder: str = ES256, since: datetime = NOW, until: datetime = NOW + 700 * 24 * HOUR) -> str:
    said = {"name": "SITI AMINAH", "birth_year": 1994, "number": "EKPMI-7F3K9Q2D"} if said is None else said
    bound = Bound("https://selaras.example", E_KPMI, NOW, since, until, LIST, 12345)
    return issue(said, bound, dict(phone(holder).public().jwk), ring().signer(CREDENTIAL, NOW.date(), alg))


def at_gate(*lists: str, keys: Keys | None = None, most_hours: int = 24) -> Verifier:
    return verifier((keys or ring()).public(), lists, most_hours)


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]
