"""Hands a command over to Django's own command line."""

import click
from django.core.management import execute_from_command_line


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.pass_context
def django(ctx: click.Context) -> None:
    """Run a command of Django, such as `selaras django makemigrations people`."""
    execute_from_command_line(["selaras django", *ctx.args])
