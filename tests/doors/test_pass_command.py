"""`selaras pass` as somebody at a gate runs it, with no network and no database, and as who keeps the keys runs it."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from django.utils import translation

from selaras.doors.cli.passes import pass_group
from selaras.doors.pass_sentences import SENTENCES, pass_sentence
from selaras.engines.passes.credential import present
from selaras.engines.passes.keys import CARD, read_keys
from selaras.engines.passes.status import REVOKED
from tests.early import ROOT
from tests.engines.passes.issuing import CARD_OF_SITI, HOUR, NOW, at_gate, credential, phone, ring, status, token

AT = ["--at", NOW.strftime("%Y-%m-%dT%H:%M%z")]


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(ring().public().as_json()))
    (tmp_path / "list").write_text(status())
    (tmp_path / "revoked").write_text(status({12345: REVOKED}, made=NOW))
    (tmp_path / "card").write_text(token() + "\n")
    return tmp_path


def run(*args):
    return CliRunner().invoke(pass_group, [str(arg) for arg in args])


def verify(desk, text, *more, lists=("list",)):
    named = [part for name in lists for part in ("--status", desk / name)]
    return run("verify", text, "--keys", desk / "keys.json", *named, *AT, *more)


def test_a_card_that_holds_in_both_languages(desk):
    said = verify(desk, desk / "card")
    assert said.exit_code == 0, said.output
    indonesian, english = said.output.split("\n\n")
    assert indonesian.startswith("Kartu ini berlaku.") and "1 jam yang lalu" in indonesian and "Nama: SITI AMINAH" in indonesian
    assert english.startswith("The card holds.") and "a picture of a card is as good as the card" in english
    assert "Year of birth: 1994" in english


def test_text_and_standard_input_are_read_like_a_file(desk):
    assert verify(desk, token()).exit_code == 0
    args = ["verify", "-", "--keys", str(desk / "keys.json"), "--status", str(desk / "list"), *AT]
    assert CliRunner().invoke(pass_group, args, input=token()).exit_code == 0


def test_revoked_unsure_and_rubbish(desk):
    said = verify(desk, desk / "card", lists=("list", "revoked"))
    assert said.exit_code == 1 and "Kartu ini telah dicabut" in said.output and "22 November 2026 12:00" in said.output
    said = verify(desk, desk / "card", lists=())
    assert said.exit_code == 3 and "daftar statusnya (7) tidak ada" in said.output
    said = verify(desk, desk / "card", "--hours", "0")
    assert said.exit_code == 3 and "more than 0 is too old" in said.output
    said = verify(desk, "hello")
    assert said.exit_code == 1 and "This is no worker's card" in said.output
    said = verify(desk, token()[:-1] + ("A" if token()[-1] != "A" else "Q"))
    assert said.exit_code == 1 and "SITI" not in said.output, "what is not believed is not shown"


def test_a_telephone_that_was_asked(desk):
    shown = present(credential(), ["name"], phone("ES256"), audience="gate", nonce="n1", at=NOW)
    (desk / "shown").write_text(shown)
    said = verify(desk, desk / "shown", "--audience", "gate", "--nonce", "n1", "--json")
    answer = json.loads(said.output)
    assert (said.exit_code, answer["outcome"], answer["says"]) == (0, "good", {"name": "SITI AMINAH"})
    assert [note["code"] for note in answer["notes"]] == ["pass.list_age", "pass.phone_proved"]
    assert verify(desk, desk / "shown", "--audience", "gate", "--nonce", "n2").exit_code == 1


def test_keys_that_cannot_be_used_are_one_sentence_in_each_language(desk):
    for wrong, words in (("[]", "Ini bukan berkas kunci."), ("{", "This is no file of keys.")):
        (desk / "keys.json").write_text(wrong)
        said = verify(desk, desk / "card")
        assert said.exit_code == 2 and words in said.output
    assert "cannot be read" in run("verify", "x", "--keys", desk / "none.json").output


def test_without_network_or_database(desk):
    """Sockets are taken away before the program starts, and no copy's settings are in its environment."""
    program = (
        "import socket, sys\n"
        "def none(*a, **k): raise SystemExit('a socket was opened')\n"
        "socket.socket.__init__ = socket.create_connection = socket.getaddrinfo = none\n"
        "from selaras.config.main import main\nmain()\n"
        "assert 'psycopg' not in sys.modules"
    )
    args = ["pass", "verify", str(desk / "card"), "--keys", str(desk / "keys.json"), "--status", str(desk / "list"), *AT]
    env = {"PYTHONPATH": str(ROOT), "SELARAS_VAR": str(desk / "var"), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, cwd=desk, env=env, timeout=100)
    assert done.returncode == 0 and done.stdout.startswith("Kartu ini berlaku."), done.stderr
    assert not (desk / "var").exists()


def test_keys_are_made_turned_withdrawn_and_published(tmp_path):
    file, today = tmp_path / "ring", datetime.now().astimezone().date()
    assert run("new-keys", file).exit_code == 0 and file.stat().st_mode & 0o077 == 0
    assert run("new-keys", file).exit_code == 1, "never written over"
    first = read_keys(json.loads(file.read_text())).signer(CARD, today).kid
    assert run("turn", file, "card", "--from", "2020-01-01").exit_code == 1
    assert run("turn", file, "card").exit_code == 0
    assert "is there already" in run("turn", file, "card").output, "a second turn by mistake"
    public = run("publish", file).output
    assert read_keys(json.loads(public)).find(first).state == "turned" and '"d"' not in public
    keys = read_keys(json.loads(file.read_text()))
    assert keys.signer(CARD, today).kid == first and keys.signer(CARD, today + timedelta(days=7)).kid != first
    assert run("retire", file, first, "--yes").exit_code == 0
    after = read_keys(json.loads(file.read_text()))
    assert after.find(first).state == "retired" and after.signer(CARD, today).kid != first, "somebody can still sign today"
    assert "There is no key nobody" in run("retire", file, "nobody", "--yes").output
    file.chmod(0o644)
    assert "chmod 600" in run("turn", file, "card").output


def test_every_reason_of_the_engine_has_its_sentence():
    sources = "".join(path.read_text() for path in (ROOT / "selaras/engines/passes").glob("*.py"))
    codes = set(re.findall(r'"((?:pass|keys)\.[a-z_]+)"', sources))
    assert len(codes) > 20 and codes <= set(SENTENCES)


def test_each_sentence_is_whole():
    gate = at_gate(status(made=NOW - 50 * HOUR))
    for when in (NOW, NOW + timedelta(days=800)):
        found = gate.verify(token(CARD_OF_SITI), when)
        for language in ("id", "en"):
            with translation.override(language):
                for reason in (*found.against, *found.unsure, *found.notes):
                    assert "%(" not in pass_sentence(reason) and len(pass_sentence(reason)) > 20
