"""What a command says when the system refuses a file."""

from pathlib import Path

import click


def refused(error: OSError, out: Path) -> click.ClickException:
    """Name the file that the system refused, and why; where it names none, the results were being written into `out`."""
    why = error.strerror or str(error)
    if isinstance(error.filename, str | bytes | Path):
        return click.ClickException(f"{click.format_filename(error.filename)}: {why}.")
    return click.ClickException(f"The results cannot be written to {out}: {why}.")
