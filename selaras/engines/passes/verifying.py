"""Whether a card holds, found out with no network: what speaks against it, what cannot be known here, and what it does not prove.

A verifier with the public keys and the last status list it got can know that a card was issued, was not altered, holds on this day,
and was not revoked when that list was made. It cannot know whether the card was revoked since, which is why the age of the list is
part of each answer. It cannot know that whoever shows a card on paper is the one named on it: a photograph of a card is as good as the
card. So the answer for paper always says that the holder is not proved: hold the name and year of birth against a passport and a
face. A credential on a phone is bound to a key that does not leave the phone; when it answers the verifier's own fresh question, the
phone at least is proved (the person beside it still is not).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from selaras.engines.passes.card import FORM, Card, take_apart
from selaras.engines.passes.credential import E_KPMI, TYPES, Presented, take_presented
from selaras.engines.passes.keys import CARD, CREDENTIAL, RETIRED, Key, Keys
from selaras.engines.passes.status import REVOKED, SUSPENDED, VALID, StatusList, read_list
from selaras.engines.reason import Reason, Unfit

GOOD, NOT_GOOD, UNSURE = "good", "not_good", "unsure"
MOST_HOURS = 24
AHEAD = timedelta(minutes=10)  # by which clocks may differ
PROOF_SECONDS = 300
ISSUERS_TIME = timezone(timedelta(hours=7))  # days on a card are counted in Jakarta, wherever it is shown


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out: against the card, not to be known here, and what to bear in mind; what it says, once it is believed."""

    kind: str
    against: tuple[Reason, ...] = ()
    unsure: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    says: Mapping[str, Any] | None = None
    list_hours: int | None = None

    @property
    def outcome(self) -> str:
        """Give good, not good, or unsure (nothing against it, but not everything could be known)."""
        return NOT_GOOD if self.against else UNSURE if self.unsure else GOOD


@dataclass(frozen=True, slots=True)
class Verifier:
    """What somebody who verifies holds: public keys, status lists, and for how many hours a list is good enough."""

    keys: Keys
    lists: Mapping[str, StatusList]
    untrusted: tuple[Reason, ...] = ()
    most_hours: int = MOST_HOURS

    def verify(self, text: str, now: datetime, *, audience: str | None = None, nonce: str | None = None) -> Verdict:
        """Verify a card's token or a presented credential at a moment with its time zone (the days are those of that zone)."""
        if now.tzinfo is None:
            raise Unfit("now.without_zone")
        try:
            if "~" in text:
                return self._credential(text, now, audience, nonce)
            return self._card(text, now)
        except Unfit as fault:
            code = fault.reason.code if fault.reason.code == "pass.altered" else "pass.not_a_pass"
            return Verdict("unknown", (Reason(code),))

    def _card(self, text: str, now: datetime) -> Verdict:
        token = take_apart(text)
        key = self.keys.find(token.kid)
        if key is None or key.use != CARD:
            return Verdict(CARD, (Reason("pass.key_unknown", {"key": token.kid[:16]}),))
        if not token.is_signed_by(key):
            return Verdict(CARD, (Reason("pass.altered"),))
        card = token.card()
        distrust = _key_faults(key, card.issued)
        against = [*distrust, *_day_faults(now.astimezone(ISSUERS_TIME).date(), card.since, card.until)]
        more, unsure, notes, hours = self._status(card.status_list, card.status_index, now)
        notes.append(Reason("pass.holder_not_proved", {"why": "paper"}))
        says = None if distrust else _says(card)
        return Verdict(CARD, (*against, *more), tuple(unsure), tuple(notes), says, hours)

    def _credential(self, text: str, now: datetime, audience: str | None, nonce: str | None) -> Verdict:
        found = take_presented(text)
        key = self.keys.find(found.jwt.kid)
        if found.jwt.typ not in TYPES or key is None or key.use != CREDENTIAL:
            return Verdict(CREDENTIAL, (Reason("pass.key_unknown", {"key": found.jwt.kid[:16]}),))
        if not found.jwt.is_signed_by(key):
            return Verdict(CREDENTIAL, (Reason("pass.altered"),))
        said = found.said()
        claims = found.jwt.claims
        try:
            since, until = (datetime.fromtimestamp(claims[name], now.tzinfo) for name in ("nbf", "exp"))
            issued = datetime.fromtimestamp(claims["iat"], UTC).date()
            place = claims["status"]["status_list"]
            uri, index = str(place["uri"]), int(place["idx"])
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            raise Unfit("pass.not_a_pass") from None
        distrust = _key_faults(key, issued)
        distrust += self._foreign(found)
        against = list(distrust)
        if now < since:
            against.append(Reason("pass.not_yet", {"since": since.date()}))
        if now >= until:
            against.append(Reason("pass.expired", {"until": until.date()}))
        more, unsure, notes, hours = self._status(uri, index, now)
        wrong = found.wrong_proof(audience, nonce, now, PROOF_SECONDS)
        if wrong == "none" or (wrong is None and nonce is None):
            notes.append(Reason("pass.holder_not_proved", {"why": "no_proof" if wrong else "not_asked"}))
        elif wrong:
            against.append(Reason("pass.proof_wrong", {"why": wrong}))
        else:
            notes.append(Reason("pass.phone_proved"))
        says = None if distrust else said
        return Verdict(CREDENTIAL, (*against, *more), tuple(unsure), tuple(notes), says, hours)

    def _foreign(self, found: Presented) -> list[Reason]:
        """Say what is wrong when a known key signed something that is no card, or for somebody else than the issuer of these keys."""
        kind, issuer = (found.jwt.claims.get(name) for name in ("vct", "iss"))
        if kind != E_KPMI:
            return [Reason("pass.other_kind", {"kind": str(kind)[:80]})]
        if not isinstance(issuer, str) or not issuer or (self.keys.issuer and issuer != self.keys.issuer):
            return [Reason("pass.other_issuer", {"issuer": str(issuer)[:80]})]
        return []

    def _status(
        self, name: str, index: int, now: datetime
    ) -> tuple[list[Reason], list[Reason], list[Reason], int | None]:
        """What the status list says, and how old it is: a list that is too old still tells of what was revoked before it.

        A card on paper names its list by the last part of the name alone, a credential by the whole.
        """
        found = self.lists.get(name.rpartition("/")[2])
        if found is None or name not in (found.name, found.short):
            return [], [Reason("pass.list_missing", {"list": name}), *self.untrusted], [], None
        state, age = found.at(index), now - found.made
        hours = max(0, int(age.total_seconds() // 3600))
        params = {"hours": hours, "made": found.made}
        if state == REVOKED:
            return [Reason("pass.revoked", params)], [], [], hours
        if state == SUSPENDED:
            return [Reason("pass.suspended", params)], [], [], hours
        unsure = []
        if state != VALID:
            unsure.append(Reason("pass.list_short", {"list": name}))
        if age < -AHEAD:
            unsure.append(Reason("pass.list_ahead", {"made": found.made}))
        if age > timedelta(hours=self.most_hours):
            unsure.append(Reason("pass.list_old", {**params, "most": self.most_hours}))
        if now >= found.next:  # its maker says that a newer one speaks now
            unsure.append(Reason("pass.list_next_missed", {"next": found.next}))
        return [], unsure, [Reason("pass.list_age", params)], hours


def verifier(keys: Keys, lists: Iterable[str], most_hours: int = MOST_HOURS) -> Verifier:
    """Take keys and signed lists in: of two lists of one name the newer counts, and one that cannot be believed counts for nothing."""
    held: dict[str, StatusList] = {}
    untrusted = []
    for text in lists:
        found = read_list(text.strip(), keys)
        if isinstance(found, Reason):
            untrusted.append(found)
        elif found.short not in held or held[found.short].made < found.made:
            held[found.short] = found
    return Verifier(keys, held, tuple(untrusted), most_hours)


def _key_faults(key: Key, issued: date) -> list[Reason]:
    if key.state == RETIRED:
        return [Reason("pass.key_retired", {"key": key.kid})]
    if not key.signs_on(issued):
        return [Reason("pass.key_turned", {"key": key.kid, "issued": issued})]
    return []


def _day_faults(day: date, since: date, until: date) -> list[Reason]:
    if day < since:
        return [Reason("pass.not_yet", {"since": since})]
    return [Reason("pass.expired", {"until": until})] if day > until else []


def _says(card: Card) -> dict[str, Any]:
    names = ("number", "name", "birth_year", "country", "issued", "since", "until")
    return {name: getattr(card, name) for name in names}


def looks_like_a_card(text: str) -> bool:
    """Say whether a text is meant to be a card's token, for a scanner that sees many codes."""
    return text.strip().rpartition("#")[2].startswith(f"{FORM}.")
