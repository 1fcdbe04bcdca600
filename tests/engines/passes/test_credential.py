"""The card on the phone: she shows what she chooses, and proves that it is her phone."""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from selaras.engines.passes.coding import from_text, to_text
from selaras.engines.passes.credential import E_KPMI, OPEN, Bound, chosen, digest_of, issue, present, statements
from selaras.engines.passes.jose import signed
from selaras.engines.passes.keys import CREDENTIAL, ED25519, ES256
from selaras.engines.passes.verifying import GOOD, NOT_GOOD
from selaras.engines.reason import Unfit
from tests.engines.passes.issuing import HOUR, LIST, NOW, at_gate, codes, credential, phone, ring, status

ASKED = {"audience": "gate 3", "nonce": "n-81"}


def shown(show=("name",), *, alg=ES256, holder=ES256, of=None, at=NOW, **asked):
    return present(of or credential(alg=alg, holder=holder), show, phone(holder), at=at, **(ASKED | asked))


@pytest.mark.parametrize("alg", [ES256, ED25519])
@pytest.mark.parametrize("holder", [ES256, ED25519])
def test_only_what_is_shown_is_known_and_the_phone_is_proved(alg, holder):
    text = shown(alg=alg, holder=holder)
    found = at_gate(status()).verify(text, NOW, **ASKED)
    assert (found.outcome, found.says) == (GOOD, {"name": "SITI AMINAH"})
    assert codes(found.notes) == ["pass.list_age", "pass.phone_proved"]
    readable = "".join(from_text(part).decode("latin-1") for part in text.replace("~", ".").split(".") if part)
    assert "SITI AMINAH" in readable and "EKPMI-7F3K9Q2D" not in readable and "1994" not in readable


@settings(max_examples=30)
@given(st.dictionaries(st.text(min_size=1, max_size=9).filter(lambda n: n not in OPEN), st.text(max_size=20), min_size=1, max_size=8), st.data())
def test_any_choice_of_any_statements(said, data):
    show = data.draw(st.sets(st.sampled_from(sorted(said))))
    found = at_gate(status()).verify(shown(show, of=credential(said)), NOW, **ASKED)
    assert found.outcome == GOOD and found.says == {name: said[name] for name in show}


def test_somebody_elses_answer_is_refused():
    gate, text = at_gate(status()), shown()
    for asked, why in (
        ({"audience": "gate 3", "nonce": "another"}, "nonce"), ({"audience": "gate 4", "nonce": "n-81"}, "audience"),
    ):  # fmt: skip
        found = gate.verify(text, NOW, **asked)
        assert found.outcome == NOT_GOOD and found.against[0].params == {"why": why}
    assert gate.verify(text, NOW + HOUR, **ASKED).against[0].params == {"why": "time"}, "an answer kept for later"
    stolen = present(credential(), ["name"], phone(ED25519), at=NOW, **ASKED)
    assert gate.verify(stolen, NOW, **ASKED).against[0].params == {"why": "signature"}, "the thief's phone"
    less = text.split("~")
    more = "~".join([less[0], *credential().split("~")[1:2], *less[1:]])
    assert gate.verify(more, NOW, **ASKED).outcome == NOT_GOOD, "a statement slipped in"
    fewer = "~".join([less[0], less[-1]])
    assert gate.verify(fewer, NOW, **ASKED).against[0].params == {"why": "other_statements"}


def test_without_a_proof_or_a_question_the_holder_is_not_proved():
    gate = at_gate(status())
    whole = gate.verify(credential(), NOW, **ASKED)
    assert whole.outcome == GOOD and whole.notes[-1].params == {"why": "no_proof"}
    assert gate.verify(shown(), NOW).notes[-1].params == {"why": "not_asked"}


def test_status_and_days_hold_for_it_too():
    assert codes(at_gate(status({12345: 1})).verify(shown(), NOW, **ASKED).against) == ["pass.revoked"]
    assert codes(at_gate(status()).verify(shown(of=credential(since=NOW + HOUR)), NOW, **ASKED).against) == ["pass.not_yet"]
    assert codes(at_gate(status()).verify(shown(of=credential(since=NOW - 2 * HOUR, until=NOW)), NOW, **ASKED).against) == ["pass.expired"]
    other = status(name="https://elsewhere.example/status/7")
    assert codes(at_gate(other).verify(shown(), NOW, **ASKED).unsure) == ["pass.list_missing"], "another issuer's list of that name"
    retired = at_gate(status(), keys=ring().retired(ring().signer(CREDENTIAL, NOW.date(), ES256).kid)).verify(shown(), NOW, **ASKED)
    assert codes(retired.against) == ["pass.key_retired"] and retired.says is None


@settings(max_examples=200)
@given(st.floats(0, 1, exclude_max=True), st.sampled_from("AZaz09-_.~{"))
def test_one_altered_letter_is_refused(where, letter):
    text = shown(("name", "number"))
    at = int(where * len(text))
    assume(letter != text[at])
    assert at_gate(status()).verify(text[:at] + letter + text[at + 1 :], NOW, **ASKED).outcome == NOT_GOOD


def forged(change, alg=ES256):
    """The credential with its claims changed, signed again by the right key: what a faulty issuer might send."""
    jwt, *rest = credential().split("~")
    claims = json.loads(from_text(jwt.split(".")[1]))
    change(claims, rest)
    return "~".join([signed(claims, ring().signer(CREDENTIAL, NOW.date(), alg), "dc+sd-jwt"), *rest])


def test_statements_that_the_credential_does_not_know_or_that_change_its_own_are_refused():
    def put(name, value, twice=False):
        def change(claims, rest):
            statement = to_text(json.dumps(["salt", name, value]).encode())
            claims["_sd"] += [digest_of(statement)] * (2 if twice else 1)
            rest.insert(0, statement)

        return change

    gate = at_gate(status())
    assert gate.verify(forged(put("job", "carer")), NOW).says["job"] == "carer"
    for change in (put("exp", 1), put("_sd", []), put("iss", "x"), put("name", "TWICE"), put("job", "x", twice=True)):
        assert gate.verify(forged(change), NOW).outcome == NOT_GOOD
    for wrong in ({"exp": "soon"}, {"status": None}, {"_sd_alg": "md5"}, {"_sd": "x"}, {"nbf": 10**30}):
        assert gate.verify(forged(lambda claims, rest, wrong=wrong: claims.update(wrong)), NOW).outcome == NOT_GOOD


def test_what_a_known_key_signed_for_another_purpose_or_issuer_is_refused():
    gate, named = at_gate(status()), at_gate(status(), keys=replace(ring(), issuer="https://selaras.example"))
    for claim in ("https://selaras.example/training", None, 7):
        found = gate.verify(forged(lambda claims, rest, claim=claim: claims.update(vct=claim)), NOW)
        assert codes(found.against) == ["pass.other_kind"] and found.says is None
    assert named.verify(credential(), NOW).outcome == GOOD
    for claim in ("https://elsewhere.example", "", None):
        found = named.verify(forged(lambda claims, rest, claim=claim: claims.update(iss=claim)), NOW)
        assert codes(found.against) == ["pass.other_issuer"] and found.says is None
    elsewhere = forged(lambda claims, rest: claims.update(iss="https://elsewhere.example"))
    assert gate.verify(elsewhere, NOW).outcome == GOOD, "keys that say nothing of their issuer vouch by themselves"


def test_a_credential_without_a_phone_shows_what_is_chosen_and_proves_no_phone():
    bound = Bound("https://selaras.example", E_KPMI, NOW, NOW, NOW + 24 * HOUR, LIST, 12345)
    whole = issue({"name": "SITI AMINAH", "birth_year": 1994}, bound, None, ring().signer(CREDENTIAL, NOW.date(), ES256))
    assert statements(whole) == {"name": "SITI AMINAH", "birth_year": 1994}
    found = at_gate(status()).verify(chosen(whole, ["name"]), NOW, **ASKED)
    assert (found.outcome, found.says, found.notes[-1].params) == (GOOD, {"name": "SITI AMINAH"}, {"why": "no_proof"})
    proved = present(whole, ["name"], phone(ES256), at=NOW, **ASKED)
    assert at_gate(status()).verify(proved, NOW, **ASKED).against[0].params == {"why": "no_key"}
    with pytest.raises(Unfit):
        chosen(whole, ["address"])


def test_the_header_does_not_choose_the_algorithm():
    jwt, *rest = credential().split("~")
    head, body, signature = jwt.split(".")
    for alg in ("none", "HS256", "ES384", "EdDSA"):
        header = to_text(json.dumps({**json.loads(from_text(head)), "alg": alg}).encode())
        for tail in ("", signature):
            assert at_gate(status()).verify("~".join([f"{header}.{body}.{tail}", *rest]), NOW).outcome == NOT_GOOD


def test_what_cannot_be_issued_or_shown_is_refused():
    for said in ({}, {"exp": 1}, {str(n): n for n in range(65)}):
        with pytest.raises(Unfit):
            credential(said)
    with pytest.raises(Unfit):
        shown(["address"])
