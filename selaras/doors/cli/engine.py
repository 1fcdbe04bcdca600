"""Which engine links: this process, or Apache Spark, whose modules are read only when it is asked for."""

import importlib
from collections.abc import Callable
from typing import Any

import click

from selaras.engines.linkage.spark.ready import ready

HERE, SPARK = "here", "spark"


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --engine and --master to a command."""
    for option in (
        click.option("--master", default="local[*]", show_default=True, help="Where Spark runs, with --engine spark."),
        click.option(
            "--engine", type=click.Choice([HERE, SPARK]), default=HERE, show_default=True,
            help="Link in this process, or on Apache Spark.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def on_spark(module: str, name: str) -> Any:
    """Give something out of the Spark part of the engine; raises NoSpark when this machine cannot start it."""
    ready()
    return getattr(importlib.import_module(f"selaras.engines.linkage.spark.{module}"), name)
