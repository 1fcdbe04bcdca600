"""The console entry point: finds the command, sets up what it needs, and hands over to doors/cli."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click
import django

from selaras.config.checks import refuse_unsafe_start
from selaras.config.embedded import DatabaseTrouble, Embedded
from selaras.config.environment import SettingFault
from selaras.doors.cli.table import COMMANDS, Command
from selaras.ground.keyring import KeyFault


def var() -> Path:
    """Give the folder in which this copy keeps its data."""
    return Path(os.environ.get("SELARAS_VAR") or Path(__file__).resolve().parents[2] / "var")


def find_database(*, owner: bool) -> None:
    """Start the embedded database unless DATABASE_URL names a server, and put the addresses into the environment."""
    if not os.environ.get("DATABASE_URL") and os.environ.get("SELARAS_MODE") == "production":
        return  # the checks refuse it, with whatever else is wrong
    if not os.environ.get("DATABASE_URL"):
        urls = Embedded(var() / "pg").ensure()
        os.environ.update(SELARAS_EMBEDDED="yes", DATABASE_URL=urls.app, DATABASE_LEDGER_URL=urls.ledger)
        if owner:
            os.environ["DATABASE_OWNER_URL"] = urls.owner
    elif owner and not os.environ.get("DATABASE_OWNER_URL"):
        raise SettingFault("DATABASE_OWNER_URL is not set: this command needs the owner of the tables")


def set_up(needs: str) -> None:
    """Set up what a command needs: nothing, the app's database role, or the owner's as well."""
    if needs == "nothing":
        return
    find_database(owner=needs == "owner")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.config.settings")
    django.setup()
    refuse_unsafe_start()


class Selaras(click.Group):
    """The group of all commands; a command's module is read only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands whose module is here."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Set up what the command needs and read it."""
        command: Command | None = COMMANDS.get(cmd_name)
        if command is None:
            return None
        if not ctx.resilient_parsing and ctx.obj is not None:
            set_up(command.needs)
        found: Any = getattr(importlib.import_module(command.module), command.name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print one line a command without reading their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in sorted(COMMANDS.items())])


@click.group(cls=Selaras, context_settings={"help_option_names": ["-h", "--help"], "obj": set_up})
def selaras() -> None:
    """Selaras: one worker, one record, one journey, from village to village."""


def main() -> None:
    """Run one command; a fault of set-up is one clear sentence and exit code 2."""
    try:
        selaras()
    except (SettingFault, KeyFault, DatabaseTrouble) as fault:
        click.echo(f"selaras: {fault}", err=True)
        sys.exit(2)
