"""`selaras pass`: verify a worker's card with no network and no database, and keep the keys that sign cards."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click
from django.utils.translation import gettext as _

from selaras.doors.cli.both import in_each_language
from selaras.doors.pass_sentences import OUTCOMES, pass_sentence
from selaras.engines.passes.keys import SIGNS, Keys, fresh_keys, new_key, read_keys
from selaras.engines.passes.verifying import GOOD, MOST_HOURS, NOT_GOOD, UNSURE, Verdict, verifier
from selaras.engines.reason import Reason, Unfit
from selaras.ground.keyring import write_ring

FILE = click.Path(path_type=Path, dir_okay=False)
EXIT = {GOOD: 0, NOT_GOOD: 1, UNSURE: 3}
LARGEST = 16 << 20
NOTICE = timedelta(days=7)  # in which verifiers fetch a new key


class Said(click.ClickException):
    """A file that cannot be used: one sentence in each language."""

    exit_code = 2

    def __init__(self, name: str, reason: Reason) -> None:
        super().__init__(f"{name}: {reason.code}")
        self.name, self.reason = name, reason

    def show(self, file: IO[Any] | None = None) -> None:
        """Print both sentences."""
        for _language in in_each_language():
            click.echo(f"{self.name}: {pass_sentence(self.reason)}", err=True)


@click.group(name="pass")
def pass_group() -> None:
    """Verify a worker's card, and keep the keys that sign cards."""


@pass_group.command()
@click.argument("file_or_text")
@click.option("--keys", "keys_file", required=True, type=FILE, help="The public keys, as the ministry published them.")
@click.option("--status", "lists", multiple=True, type=FILE, help="A status list; name as many as you hold.")
@click.option("--hours", default=MOST_HOURS, show_default=True, type=click.IntRange(0), help="How old a list may be.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Verify as of this moment; default: now.")
@click.option("--audience", help="What the telephone was told that you are.")
@click.option("--nonce", help="The question that the telephone was asked; without it no telephone is proved.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(
    file_or_text: str, keys_file: Path, lists: tuple[Path, ...], hours: int, at: datetime | None, audience: str | None,
    nonce: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Verify what stands in FILE_OR_TEXT: a card's code, or a credential that a telephone presented ("-" reads it from standard input).

    Exit code 0: it holds. 1: it does not. 3: nothing speaks against it, but not everything could be checked.
    """
    gate = verifier(_keys(keys_file), [_read(path) for path in lists], hours)
    now = at.astimezone() if at else datetime.now().astimezone()
    found = gate.verify(_shown(file_or_text), now, audience=audience, nonce=nonce)
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, default=_written))
    else:
        for number, _language in enumerate(in_each_language()):
            click.echo(("\n" if number else "") + "\n".join(_lines(found)))
    raise SystemExit(EXIT[found.outcome])


def _lines(found: Verdict) -> list[str]:
    labels = {
        "number": _("Card number"), "name": _("Name"), "birth_year": _("Year of birth"), "country": _("Country of work"),
        "issued": _("Issued"), "since": _("Valid from"), "until": _("Valid until"),
    }  # fmt: skip
    lines = [str(OUTCOMES[found.outcome])]
    lines += [f"- {pass_sentence(reason)}" for reason in (*found.against, *found.unsure, *found.notes)]
    said = found.says or {}
    return lines + [f"  {labels.get(name, name)}: {value}" for name, value in said.items() if value is not None]


def _plain(found: Verdict) -> Mapping[str, Any]:
    def codes(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
        return [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]

    return {
        "outcome": found.outcome, "kind": found.kind, "against": codes(found.against), "unsure": codes(found.unsure),
        "notes": codes(found.notes), "says": found.says, "list_hours": found.list_hours,
    }  # fmt: skip


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(file_or_text: str) -> str:
    """What a scanner read, from the words themselves, a file, or standard input."""
    if file_or_text == "-":
        return click.get_text_stream("stdin").read(LARGEST)
    is_file = len(file_or_text) < 255 and Path(file_or_text).is_file()
    return _read(Path(file_or_text)) if is_file else file_or_text


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise click.ClickException(f"{path} is larger than {LARGEST >> 20} MB, so it is none of this.")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error


def _keys(path: Path) -> Keys:
    try:
        return read_keys(json.loads(_read(path)))
    except Unfit as fault:
        raise Said(path.name, fault.reason) from fault
    except (ValueError, RecursionError):
        raise Said(path.name, Reason("keys.unreadable")) from None


# ---- the keys that sign ----


@pass_group.command("new-keys")
@click.argument("ring", type=FILE)
def new_keys(ring: Path) -> None:
    """Make the keys that sign cards, credentials and status lists, in a new file RING that only you can read."""
    if ring.exists():
        raise click.ClickException(f"{ring} is there already: keys are never written over.")
    write_ring(ring, fresh_keys(_today()).as_json())
    click.echo(f"Three keys are in {ring}. Keep a copy apart. `selaras pass publish {ring}` gives what verifiers need.")


@pass_group.command()
@click.argument("ring", type=FILE)
@click.argument("use", type=click.Choice(list(SIGNS)))
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The new key's first day; default: in seven days.")
def turn(ring: Path, use: str, first: datetime | None) -> None:
    """Let a new key sign from a coming day on, so that verifiers have it by then; what the one before signed holds until it ends."""
    keys, since = _own(ring), first.date() if first else _today() + NOTICE
    if since < _today():
        raise click.ClickException(f"{since} is past: a key begins today or later.")
    if any(key.use == use and key.since >= since for key in keys.keys):
        raise click.ClickException(f"A key for {use} that begins on {since} or later is there already.")
    fresh = new_key(use, SIGNS[use], since)
    write_ring(ring, keys.turned(fresh).as_json())
    click.echo(f"{fresh.kid} signs for {use} from {since} on. Publish the keys now, so that verifiers have it by then.")


@pass_group.command()
@click.argument("ring", type=FILE)
@click.argument("kid")
@click.confirmation_option(prompt="Nothing that this key signed will hold any more. Go on?")
def retire(ring: Path, kid: str) -> None:
    """Withdraw the key KID of RING: somebody else may know it. What it signed must be issued anew."""
    try:
        keys = _own(ring).retired(kid)
    except Unfit as fault:
        raise Said(ring.name, fault.reason) from fault
    gone = keys.find(kid)
    if gone and not any(key.use == gone.use and key.signs_on(_today()) for key in keys.keys):
        keys = replace(keys, keys=(*keys.keys, new_key(gone.use, gone.alg, _today())))
    write_ring(ring, keys.as_json())
    click.echo(f"{kid} is withdrawn. Publish the keys at once, then issue anew what it signed.")


@pass_group.command()
@click.argument("ring", type=FILE)
def publish(ring: Path) -> None:
    """Print the public keys of RING as verifiers need them; no secret is among them."""
    click.echo(json.dumps(_own(ring).public().as_json(), indent=1))


def _own(ring: Path) -> Keys:
    keys = _keys(ring)
    if ring.stat().st_mode & 0o077:
        raise click.ClickException(f"Others can read the keys in {ring}: chmod 600 {ring}")
    return keys


def _today() -> date:
    return datetime.now().astimezone().date()
