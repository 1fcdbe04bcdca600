"""The card on paper: whoever verifies it without a network is told exactly what is known."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.passes.card import LARGEST_QR, Card, qr_of, sign_card
from selaras.engines.passes.coding import from_text, read_json, to_text
from selaras.engines.passes.keys import CARD, CREDENTIAL, ED25519, ES256, STATUS, Keys, new_key, read_keys
from selaras.engines.passes.status import REVOKED, SUSPENDED, StatusList, pack, sign_list
from selaras.engines.passes.verifying import GOOD, NOT_GOOD, UNSURE, looks_like_a_card
from selaras.engines.reason import Unfit
from tests.engines.passes.issuing import CARD_OF_SITI, HOUR, LIST, NOW, START, at_gate, codes, ring, status, token

DAY = timedelta(days=1)


def test_a_card_that_holds_says_what_it_is_and_that_the_holder_is_not_proved():
    found = at_gate(status()).verify(token(), NOW)
    assert found.outcome == GOOD and found.list_hours == 1
    assert found.says["name"] == "SITI AMINAH" and found.says["until"] == date(2028, 11, 1)
    assert codes(found.notes) == ["pass.list_age", "pass.holder_not_proved"]


def test_a_photograph_of_a_card_is_as_good_as_the_card_and_the_answer_says_so():
    gate, photographed = at_gate(status()), str(token())
    first, replayed = gate.verify(photographed, NOW), gate.verify(photographed, NOW + HOUR)
    assert first.outcome == replayed.outcome == GOOD, "nothing in the code tells a second showing from the first"
    assert replayed.notes[-1].params == {"why": "paper"} and codes(replayed.notes)[-1] == "pass.holder_not_proved"


@pytest.mark.parametrize("at", range(len(token())))
def test_a_card_altered_by_one_bit_is_refused(at):
    gate, text = at_gate(status()), token()
    for bit in range(7):
        altered = text[:at] + chr(ord(text[at]) ^ 1 << bit) + text[at + 1 :]
        found = gate.verify(altered, NOW)
        assert found.outcome == NOT_GOOD and found.says is None
        assert codes(found.against)[0] in ("pass.altered", "pass.not_a_pass", "pass.key_unknown")


@given(st.binary(min_size=1), st.integers(0, 400))
def test_bytes_altered_below_the_text_are_refused(mask, at):
    form, body, signature = token().split(".")
    raw = bytearray(from_text(body) + from_text(signature))
    changed = bytearray(raw)
    for n, byte in enumerate(mask):
        changed[(at + n) % len(raw)] ^= byte
    if changed != raw:
        cut = len(raw) - 64
        assert at_gate(status()).verify(f"{form}.{to_text(bytes(changed[:cut]))}.{to_text(bytes(changed[cut:]))}", NOW).outcome == NOT_GOOD


@given(st.text())
def test_any_text_is_answered(text):
    for shown in (text, f"SLR1.{text}", f"SLR1.{text}.{text}", f"{text}~{text}", to_text(text.encode()) + "~"):
        assert at_gate().verify(shown, NOW).outcome == NOT_GOOD


def test_days():
    soon = token(replace(CARD_OF_SITI, since=NOW.date() + DAY))
    assert codes(at_gate(status()).verify(soon, NOW).against) == ["pass.not_yet"]
    last = token(replace(CARD_OF_SITI, until=NOW.date()))
    assert at_gate(status()).verify(last, NOW).outcome == GOOD, "the last day is in time"
    over = token(replace(CARD_OF_SITI, until=NOW.date() - DAY))
    assert codes(at_gate(status()).verify(over, NOW).against) == ["pass.expired"]
    jakarta = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=7)))
    assert at_gate(status(made=jakarta - HOUR)).verify(last, jakarta).outcome == GOOD, "the day is that of who verifies"
    assert at_gate(status(made=jakarta - HOUR)).verify(last, jakarta + HOUR).outcome == NOT_GOOD
    with pytest.raises(Unfit):
        at_gate().verify(last, datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize(("state", "code"), [(REVOKED, "pass.revoked"), (SUSPENDED, "pass.suspended")])
def test_a_verifier_that_synced_before_and_one_that_synced_after(state, code):
    before, after = at_gate(status()), at_gate(status(), status({12345: state}, made=NOW))
    known = after.verify(token(), NOW)
    assert known.outcome == NOT_GOOD and codes(known.against) == [code]
    unknowing = before.verify(token(), NOW)
    assert unknowing.outcome == GOOD and unknowing.list_hours == 1, "it says how old its list is"
    later = before.verify(token(), NOW + 30 * HOUR)
    assert later.outcome == UNSURE and later.unsure[0].code == "pass.list_old" and later.unsure[0].params["hours"] == 31
    assert "pass.list_next_missed" in codes(later.unsure)
    assert after.verify(token(), NOW + 300 * HOUR).outcome == NOT_GOOD, "revoked stays revoked, however old the list"


def test_the_days_of_a_card_are_those_of_its_issuer_wherever_it_is_shown():
    first_minute = datetime(2026, 11, 20, tzinfo=timezone(7 * HOUR))
    gate, later = at_gate(status(made=first_minute - HOUR)), token(replace(CARD_OF_SITI, since=date(2026, 11, 20)))
    for offset in (-5, 0, 3, 8):
        shown = first_minute.astimezone(timezone(offset * HOUR))
        assert "pass.not_yet" not in codes(gate.verify(later, shown).against)
        assert "pass.not_yet" in codes(gate.verify(later, shown - HOUR / 60).against)


def test_half_a_character_in_a_code_is_no_pass():
    for said in (b'["\\ud800",1,2,3,4,5,6,7,8,9]', b'{"alg":"EdDSA","typ":"dc+sd-jwt","kid":"\\ud800"}'):
        with pytest.raises(Unfit, match="not_a_pass"):
            read_json(said)
    assert read_json(b'["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_without_a_list_or_with_one_that_cannot_be_believed_it_is_unsure():
    assert codes(at_gate().verify(token(), NOW).unsure) == ["pass.list_missing"]
    other = Keys((new_key(STATUS, ED25519, START),))
    for text, why in (
        (status(keys=other), "key_unknown"), (status()[:-9] + "A" * 9, "altered"), ("rubbish", "not_a_list"),
        (token(), "not_a_list"),
    ):  # fmt: skip
        found = at_gate(text).verify(token(), NOW)
        assert found.outcome == UNSURE and found.unsure[1].params == {"why": why}
    assert codes(at_gate(status(made=NOW + HOUR)).verify(token(), NOW).unsure) == ["pass.list_ahead"]
    far = replace(CARD_OF_SITI, status_index=10**6)
    assert codes(at_gate(status()).verify(token(far), NOW).unsure) == ["pass.list_short"]


def test_of_two_lists_the_newer_counts_whatever_their_order():
    old, new = status(made=NOW - 5 * HOUR), status({12345: REVOKED})
    assert at_gate(old, new).verify(token(), NOW).outcome == at_gate(new, old).verify(token(), NOW).outcome == NOT_GOOD


def test_a_list_that_would_fill_the_memory_is_refused():
    bomb = sign_list(StatusList(LIST, NOW, NOW + HOUR, bytes(1 << 23)), ring().signer(STATUS, START))
    assert len(bomb) < 20_000
    assert at_gate(bomb).verify(token(), NOW).unsure[1].params == {"why": "not_a_list"}


@given(st.dictionaries(st.integers(0, 999), st.sampled_from([0, 1, 2])))
def test_each_place_keeps_its_state(states):
    found = StatusList(LIST, NOW, NOW + HOUR, pack(states, 1000))
    assert all(found.at(index) == states.get(index, 0) for index in range(1000))
    assert found.at(1000) is None and found.at(-1) is None


def test_bits_lie_as_the_token_status_list_has_them():
    states = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]  # the example of the specification, whose third state we do not use
    packed = bytearray(3)
    for index, state in enumerate(states):
        packed[index // 4] |= state << 2 * (index % 4)
    assert packed.hex() == "c944f9"
    assert [StatusList(LIST, NOW, NOW, bytes(packed)).at(index) for index in range(12)] == states


# ---- keys ----


def test_keys_turn_and_retire():
    first, turn, later = ring(), date(2026, 11, 10), replace(CARD_OF_SITI, issued=date(2026, 11, 15))
    old_key = first.signer(CARD, START)
    second = first.turned(new_key(CARD, ED25519, turn))
    assert second.signer(CARD, turn - DAY).kid == old_key.kid, "until the day comes the old one signs, so that verifiers have time"
    assert second.signer(CARD, turn).kid != old_key.kid
    gate, old, new = at_gate(status(), keys=second), token(keys=second), token(later, second)
    assert gate.verify(old, NOW).outcome == gate.verify(new, NOW).outcome == GOOD, "what was signed before the turn holds"
    backdated = sign_card(later, old_key)
    found = gate.verify(backdated, NOW)
    assert codes(found.against) == ["pass.key_turned"] and found.says is None
    retired = at_gate(status(), keys=second.retired(old_key.kid))
    assert codes(retired.verify(old, NOW).against) == ["pass.key_retired"] and retired.verify(old, NOW).says is None
    assert retired.verify(new, NOW).outcome == GOOD
    assert codes(at_gate(status(), keys=first).verify(new, NOW).against) == ["pass.key_unknown"]
    assert codes(at_gate(keys=Keys()).verify(old, NOW).against) == ["pass.key_unknown"]


def test_a_key_has_one_use():
    alike = replace(ring().signer(CARD, START), use=STATUS)
    assert codes(at_gate(status(), keys=Keys((alike, ring().keys[1]))).verify(token(), NOW).against) == ["pass.key_unknown"]
    with pytest.raises(Unfit):
        sign_card(CARD_OF_SITI, ring().signer(STATUS, START))
    with pytest.raises(Unfit):
        sign_card(replace(CARD_OF_SITI, issued=START - DAY), ring().signer(CARD, START))
    with pytest.raises(Unfit):
        new_key(CARD, ES256, START)
    with pytest.raises(Unfit):
        ring().public().signer(CARD, START)


def test_a_card_is_signed_with_ed25519_and_nothing_else():
    alien = replace(new_key(CREDENTIAL, ES256, START), use=CARD)
    with pytest.raises(Unfit) as refused:
        read_keys(Keys((alien,)).as_json())
    assert refused.value.reason.code == "keys.not_what_it_says"
    kid, text = alien.kid, token()
    raw = from_text(text.split(".")[1]).replace(ring().signer(CARD, START).kid.encode(), kid.encode())
    found = at_gate(status(), keys=Keys((*ring().keys, alien))).verify(f"SLR1.{to_text(raw)}.{text.split('.')[2]}", NOW)
    assert found.outcome == NOT_GOOD and codes(found.against) == ["pass.altered"], "a key of the wrong kind vouches for nothing"


def test_a_set_of_keys_says_for_whom_it_speaks():
    keys = replace(ring(), issuer="https://selaras.example")
    assert read_keys(keys.public().as_json()) == keys.public() and keys.turned(new_key(CARD, ED25519, START)).issuer == keys.issuer
    assert "issuer" not in ring().as_json()


def test_a_set_of_keys_is_written_and_read_and_public_ones_hold_no_secret():
    keys = ring().turned(new_key(CARD, ED25519, START)).retired(ring().signer(CREDENTIAL, START, ES256).kid)
    assert read_keys(keys.as_json()) == keys
    public = keys.public().as_json()
    assert read_keys(public) == keys.public() and all("d" not in key for key in public["keys"])
    private = {value for key in keys.as_json()["keys"] for name, value in key.items() if name == "d"}
    assert len(private) == len(keys.keys) and not any(secret in str(public) for secret in private)


def test_sets_that_are_not_what_they_say_are_refused():
    good = ring().public().as_json()["keys"]
    swapped = {**good[0], "x": good[1]["x"]}
    for wrong, code in (
        ([good[0], good[0]], "keys.twice"), ([swapped], "keys.not_what_it_says"), ([{**good[0], "selaras_use": "all"}], "keys.not_what_it_says"),
        ([{**good[0], "alg": ES256}], "keys.not_what_it_says"), ([{"kid": "x"}], "keys.unreadable"), (["x"], "keys.unreadable"), (None, "keys.unreadable"),
        ([{**good[2], "x": "AAAA"}], "keys.not_what_it_says"),
    ):  # fmt: skip
        with pytest.raises(Unfit) as refused:
            read_keys({"keys": wrong})
        assert refused.value.reason.code == code
    with pytest.raises(Unfit):
        read_keys([])
    with pytest.raises(Unfit):
        ring().retired("nobody")


# ---- what stands on it ----


def test_a_card_holds_no_number_that_finds_her_elsewhere():
    assert set(Card.__dataclass_fields__) == {
        "number", "name", "birth_year", "country", "issued", "since", "until", "status_list", "status_index",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "x"}, {"number": "EKPMI 1"}, {"name": " "}, {"name": "A" * 121}, {"name": "A\nB"}, {"birth_year": 2027}, {"birth_year": 1800},
        {"country": "hk"}, {"until": START - DAY}, {"since": date(2029, 1, 1)}, {"issued": date(2019, 1, 1)}, {"status_index": -1}, {"status_list": "A/B"},
    ],
)  # fmt: skip
def test_what_cannot_stand_on_a_card_is_refused(wrong):
    with pytest.raises(Unfit):
        replace(CARD_OF_SITI, **wrong)


names = st.text(st.characters(categories=("L", "Zs", "Pd"), exclude_characters="\u2028\u2029"), min_size=1, max_size=60).filter(
    lambda name: name.strip() and name.isprintable() and len(name.encode()) <= 120
)


@given(names, st.one_of(st.none(), st.integers(1900, 2026)), st.integers(0, 2**31 - 1))
def test_every_card_fits_a_small_code_and_says_what_went_in(name, year, index):
    card = replace(CARD_OF_SITI, name=name, birth_year=year, status_index=index, number="EKPMI-" + "9" * 18)
    text = token(card)
    assert qr_of(text).version <= LARGEST_QR
    found = at_gate().verify(text, NOW)
    assert found.outcome == UNSURE and found.says["birth_year"] == year


def test_the_usual_card_is_version_11_and_a_reader_reads_it_back():
    code = qr_of(token())
    assert isinstance(code, segno.QRCode) and code.version <= 11 and code.error == "M"
    picture = np.array([[255 if not dark else 0 for dark in row] for row in code.matrix_iter(scale=4, border=4)], dtype=np.uint8)
    picture[60:84, 60:84] = 255  # a stain
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == token()


def test_an_address_may_stand_before_the_code():
    assert looks_like_a_card("https://selaras.example/kartu#" + token())
    assert at_gate(status()).verify("https://selaras.example/kartu#" + token(), NOW).outcome == GOOD
    assert not looks_like_a_card("https://selaras.example/")


def test_a_credential_key_or_kind_is_no_card():
    assert codes(at_gate(status()).verify(status(), NOW).against) == ["pass.not_a_pass"]
    assert ring().signer(CREDENTIAL, START).use == CREDENTIAL
