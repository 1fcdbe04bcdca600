"""The worker's card: how many a second one process verifies with no network, and how large the printed code is."""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from benchmarks.machine import stamp, table
from selaras.engines.passes.card import Card, qr_of, sign_card
from selaras.engines.passes.credential import Bound, issue, present
from selaras.engines.passes.keys import CARD, CREDENTIAL, ED25519, ES256, STATUS, Keys, new_key
from selaras.engines.passes.status import REVOKED, SIZE, StatusList, pack, sign_list
from selaras.engines.passes.verifying import GOOD, NOT_GOOD, verifier

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = date(2026, 1, 1)
NAMES = ("SITI", "NUR AINI", "SRI WAHYUNINGSIH", "DEWI RATNASARI BINTI ABDULLAH", "N" * 60, "N" * 120)


def rate(call: Callable[[int], object], times: int, rounds: int) -> dict[str, float]:
    """Give how many a second of CPU, as the median of some rounds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for number in range(times):
            call(number)
        found.append(times / (time.process_time() - began))
    return {"a second": round(statistics.median(found)), "slowest round": round(min(found)), "fastest": round(max(found))}


def main() -> None:
    """Issue cards, verify them, revoke some and verify again; then the size of codes by the length of the name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(stamp())
    random = Random(4)
    keys = Keys(tuple(new_key(use, alg, START) for use, alg in (
        (CARD, ED25519), (STATUS, ED25519), (CREDENTIAL, ES256), (CREDENTIAL, ED25519),
    )))  # fmt: skip
    places = random.sample(range(SIZE), asked.cards)
    base = Card("EKPMI-00000000", NAMES[3], 1994, "HKG", START, START, date(2028, 1, 1), "7", 0)
    cards = [replace(base, number=f"EKPMI-{n:08}", status_index=place) for n, place in enumerate(places)]
    tokens = [sign_card(card, keys.signer(CARD, START)) for card in cards]
    revoked = set(random.sample(places, asked.cards // 10))
    lists = [
        sign_list(StatusList("https://x/7", NOW - timedelta(hours=ago), NOW, pack(states)), keys.signer(STATUS, START))
        for ago, states in ((48, {}), (1, dict.fromkeys(revoked, REVOKED)))
    ]
    before, after = (verifier(keys.public(), one, 72) for one in (lists[:1], lists))
    wrong = sum(before.verify(token, NOW).outcome != GOOD for token in tokens)
    missed = sum(
        (after.verify(token, NOW).outcome == NOT_GOOD) != (card.status_index in revoked) for token, card in zip(tokens, cards, strict=True)
    )  # fmt: skip
    print(f"{len(tokens)} cards, {len(revoked)} revoked: {wrong} refused by a verifier that synced before, {missed} mistaken by one after")
    altered = [token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:] for token in tokens]
    print(f"{sum(after.verify(token, NOW).outcome != NOT_GOOD for token in altered)} of {len(altered)} altered cards accepted")
    if wrong or missed:
        raise SystemExit("a verifier was mistaken")
    rows = [
        {"what": "card on paper, verified", **rate(lambda n: after.verify(tokens[n], NOW), len(tokens), asked.rounds)},
        {"what": "card, signed", **rate(lambda n: sign_card(cards[n], keys.signer(CARD, START)), len(tokens), asked.rounds)},
        {"what": "status list of 131,072, read", **rate(lambda _: verifier(keys.public(), lists[1:]), 50, asked.rounds)},
    ]
    for alg in (ES256, ED25519):
        phone = new_key(CREDENTIAL, alg, START)
        bound = Bound("https://x", "https://x/e-kpmi", NOW, NOW, NOW + timedelta(days=700), "https://x/7", next(iter(set(places) - revoked)))
        said = {"name": NAMES[3], "birth_year": 1994, "number": "EKPMI-00000000", "country": "HKG", "until": "2028-01-01"}
        whole = issue(said, bound, dict(phone.public().jwk), keys.signer(CREDENTIAL, START, alg))
        shown = present(whole, ["name", "until"], phone, audience="gate", nonce="n", at=NOW)
        if after.verify(shown, NOW, audience="gate", nonce="n").outcome != GOOD:
            raise SystemExit("a credential was not accepted")
        measured = rate(lambda _, s=shown: after.verify(s, NOW, audience="gate", nonce="n"), asked.cards // 4, asked.rounds)  # type: ignore[misc]
        rows.append({"what": f"credential with proof of the phone, {alg}, {len(shown)} characters", **measured})
    print(f"\none core\n\n{table(rows)}\n")
    sizes = []
    for name in NAMES:
        token = sign_card(replace(base, name=name), keys.signer(CARD, START))
        code, linked = qr_of(token), qr_of("https://selaras.example.go.id/kartu#" + token)
        sizes.append({
            "name": f"{len(name)} letters", "token": len(token), "version": code.version, "modules": code.symbol_size(border=0)[0],
            "version with an address": linked.version,
        })  # fmt: skip
    print(table(sizes))
    print(f"\nstatus list of {SIZE:,} places: {len(lists[0]):,} characters empty, {len(lists[1]):,} with {len(revoked):,} revoked")


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks passes")
