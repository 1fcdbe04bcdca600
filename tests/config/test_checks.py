"""A production start that would be unsafe is refused, with each fault named, and no way leads round the refusal."""

import copy
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from selaras.config import checks
from selaras.config.environment import SettingFault
from selaras.engines.passes.keys import fresh_keys
from selaras.ground.keyring import new_ring, write_ring

ROOT = Path(__file__).parents[2]


def databases(app="selaras_app", ledger="selaras_ledger", owner=None):
    """Give the three addresses of a server of one's own."""
    found = {
        "default": {**copy.deepcopy(settings.DATABASES["default"]), "NAME": "selaras", "USER": app},
        "ledger": {**copy.deepcopy(settings.DATABASES["ledger"]), "NAME": "selaras", "USER": ledger},
    }
    return {**found, "owner": {**found["default"], "USER": owner}} if owner else found


def ring_for(folder, made_for="production", mode=0o600):
    path = folder / f"{made_for}.json"
    write_ring(path, new_ring(made_for))
    path.chmod(mode)
    return str(path)


def card_keys_for(folder, made_for="", mode=0o600, since=None):
    path = folder / f"cards-{made_for}{since}.json"
    write_ring(path, fresh_keys(since or timezone.localdate()).as_json() | {"made_for": made_for})
    path.chmod(mode)
    return str(path)


@pytest.fixture
def sound(settings, tmp_path):
    """A production configuration with nothing wrong."""
    settings.SELARAS_MODE = "production"
    settings.SELARAS_EMBEDDED = settings.SELARAS_DEMO_SIGN_IN = False
    settings.SELARAS_KEYS = ring_for(tmp_path)
    settings.SELARAS_CARD_KEYS = card_keys_for(tmp_path)
    settings.ALLOWED_HOSTS = ["selaras.go.id"]
    settings.SELARAS_PUBLIC_URL = "https://selaras.go.id"
    settings.DATABASES = databases()
    return settings


def ids():
    return [fault.id for fault in checks.unsafe_settings()]


def test_a_sound_configuration_is_not_refused(sound):
    assert ids() == []
    checks.refuse(checks.unsafe_settings())


FAULTS = {
    "E000": lambda s, t: setattr(s, "SELARAS_MODE", "prod"),
    "E001 embedded": lambda s, t: setattr(s, "SELARAS_EMBEDDED", True),
    "E001 no app": lambda s, t: s.DATABASES["default"].update(NAME="not-started"),
    "E001 no ledger": lambda s, t: s.DATABASES["ledger"].update(NAME="not-started"),
    "E002": lambda s, t: setattr(s, "SELARAS_DEMO_SIGN_IN", True),
    "E003 demo": lambda s, t: setattr(s, "SELARAS_KEYS", ring_for(t, "demo")),
    "E003 missing": lambda s, t: setattr(s, "SELARAS_KEYS", str(t / "none.json")),
    "E003 open": lambda s, t: setattr(s, "SELARAS_KEYS", ring_for(t, mode=0o644)),
    "E004 none": lambda s, t: setattr(s, "ALLOWED_HOSTS", []),
    "E004 any": lambda s, t: setattr(s, "ALLOWED_HOSTS", ["selaras.go.id", "*"]),
    "E005": lambda s, t: setattr(s, "DATABASES", databases(ledger="selaras_app")),
    "E006 app": lambda s, t: setattr(s, "DATABASES", databases(owner="selaras_app")),
    "E006 ledger": lambda s, t: setattr(s, "DATABASES", databases(owner="selaras_ledger")),
    "E008": lambda s, t: setattr(s, "SELARAS_HOURLY_LIMITS", False),
    "E009 missing": lambda s, t: setattr(s, "SELARAS_CARD_KEYS", str(t / "none.json")),
    "E009 open": lambda s, t: setattr(s, "SELARAS_CARD_KEYS", card_keys_for(t, mode=0o644)),
    "E009 demo": lambda s, t: setattr(s, "SELARAS_CARD_KEYS", card_keys_for(t, "demo")),
    "E009 none signs": lambda s, t: setattr(s, "SELARAS_CARD_KEYS", card_keys_for(t, since=timezone.localdate() + timedelta(2))),
    "E007": lambda s, t: setattr(s, "SELARAS_PUBLIC_URL", "http://selaras.go.id"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_alone_and_says_what_to_do(sound, tmp_path, name):
    FAULTS[name](sound, tmp_path)
    assert ids() == [f"selaras.{name[:4]}"]
    with pytest.raises(SettingFault, match=f"refusing to start:\n  selaras.{name[:4]}: "):
        checks.refuse(checks.unsafe_settings())


def test_the_demo_and_the_tests_are_not_refused(settings):
    for mode in ("demo", "test"):
        settings.SELARAS_MODE = mode
        settings.SELARAS_DEMO_SIGN_IN = True
        assert ids() == []


def test_database_roles_that_are_too_strong_are_refused(settings, committed):
    settings.SELARAS_MODE = "production"
    assert checks.unsafe_roles() == []
    for alias in ("default", "ledger"):
        own = connections[alias].settings_dict
        before = {k: own[k] for k in ("USER", "PASSWORD")}
        connections[alias].close()
        own.update({k: connections["owner"].settings_dict[k] for k in before})
        try:
            found = checks.unsafe_roles()
        finally:
            connections[alias].close()
            own.update(before)
        assert [(f.id, f.msg) for f in found] == [("selaras.E008", "the database role selaras_owner owns tables")]


def test_a_database_that_does_not_answer_is_no_reason_to_end(settings, committed, caplog):
    settings.SELARAS_MODE = "production"
    caplog.set_level("WARNING", "selaras")
    own = connections["default"].settings_dict
    before = own["HOST"]
    connections["default"].close()
    own["HOST"] = "/nowhere-at-all"
    try:
        assert checks.unsafe_roles() == []
    finally:
        connections["default"].close()
        own["HOST"] = before
    assert "its roles were not checked" in caplog.text


def start(tmp_path, *command, **more):
    """Start Selaras in a process of its own with an environment of production."""
    environment = {
        "PATH": os.environ["PATH"],
        "SELARAS_MODE": "production",
        "SELARAS_VAR": str(tmp_path),
        "SELARAS_KEYS": ring_for(tmp_path),
        "SELARAS_CARD_KEYS": card_keys_for(tmp_path),
        "SELARAS_HOSTS": "selaras.go.id",
        "SELARAS_PUBLIC_URL": "https://selaras.go.id",
        "DATABASE_URL": "postgresql://selaras_app:x@127.0.0.1:1/selaras",
        "DATABASE_LEDGER_URL": "postgresql://selaras_ledger:x@127.0.0.1:1/selaras",
        "DJANGO_SETTINGS_MODULE": "selaras.config.settings",
        **more,
    }
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100
    )


def test_the_command_line_refuses_and_names_every_fault_at_once(tmp_path):
    made = start(
        *(tmp_path, "-m", "selaras", "ledger", "verify"),
        DATABASE_URL=None, SELARAS_DEMO_SIGN_IN="yes", SELARAS_HOSTS="*", SELARAS_KEYS=ring_for(tmp_path, "demo"), SELARAS_PUBLIC_URL=None,
    )  # fmt: skip
    assert made.returncode == 2 and made.stdout == ""
    assert made.stderr.startswith("selaras: refusing to start:\n")
    assert [line.split(":")[0].strip() for line in made.stderr.splitlines()[1:]] == [
        f"selaras.E00{n}" for n in (1, 2, 3, 4, 7)
    ]
    assert not (tmp_path / "pg").exists(), "no embedded database is started on the way"


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import selaras.config.wsgi"),
        ("-c", "import django; django.setup()"),
        ("-m", "django", "runserver", "127.0.0.1:0", "--noreload"),
    ],
    ids=["wsgi", "setup", "django-admin"],
)
def test_no_way_leads_round_the_refusal(tmp_path, command):
    made = start(tmp_path, *command, SELARAS_DEMO_SIGN_IN="yes")
    assert made.returncode != 0
    assert "selaras.E002: the demo sign-in is on" in made.stderr, made.stderr[-600:]


def test_the_same_way_is_open_to_a_sound_configuration(tmp_path):
    made = start(tmp_path, "-c", "import selaras.config.wsgi; print('open')")
    assert (made.returncode, made.stdout) == (0, "open\n"), made.stderr[-600:]
    assert "its roles were not checked" in made.stderr
