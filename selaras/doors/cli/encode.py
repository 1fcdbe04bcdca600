"""`selaras encode`: a register file in, a file of keyed hashes out, made where the register is; no database, no settings."""

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from selaras.doors.cli import disk
from selaras.doors.cli.bars import bars
from selaras.doors.cli.link import BothLanguages, NamedOrOwn
from selaras.engines.linkage import UnknownLayout, UnreadableFile
from selaras.engines.linkage.veiled.encoding import Encoded, encode_file
from selaras.engines.linkage.veiled.keyed import BadKey, Key, make_key, read_key
from selaras.engines.linkage.veiled.opening import VeiledRefused

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--key-file", required=True, type=FILE, help="The key that all whose files are to be linked have agreed on.")
@click.option("--new-key", is_flag=True, help="Make the key file first; one that is there is never overwritten.")
@click.option("--out", required=True, type=FILE, help="The encoded file, Parquet: this one is handed over.")
@click.option("--ids", type=FILE, help="Also write which row has which id, as CSV: this one stays with you.")
@click.option("--layout", type=NamedOrOwn(), help="The file's layout; without it the header tells.")
def encode(file: Path, key_file: Path, new_key: bool, out: Path, ids: Path | None, layout: str | None) -> None:
    """Encode the rows of a register FILE with a key, so that they can be linked by who may not read them.

    Countries and months of events stay in clear, as they are counted. Names, numbers, dates and places become keyed
    hashes. Whoever has the key can try names and numbers against the file: it never goes where the file goes.
    """
    try:
        key = _key(key_file, new_key)
        with bars() as show:
            done = encode_file(file, out, key, layout, show, today=datetime.now().astimezone().date(), ids=ids)
    except BadKey as error:
        raise BothLanguages(key_file.name, str(error), {}) from None
    except UnreadableFile as error:
        raise BothLanguages(error.name, error.fault.code, error.fault.params) from error
    except VeiledRefused as error:
        raise BothLanguages(error.name, error.code, error.params) from None
    except (UnknownLayout, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise disk.refused(error, out) from error
    Console().print(_summary(done, out))


def _key(path: Path, new: bool) -> Key:
    if new:
        if path.exists():
            raise BadKey("key.there")
        return make_key(path)
    return read_key(path)


def _summary(done: Encoded, out: Path) -> Table:
    table = Table(title=f"Encoded into {out}", show_header=False)
    table.add_row("Rows", f"{done.rows:,}")
    table.add_row("Rows set aside as unreadable", f"{done.set_aside:,}")
    table.add_row("Rows that are nobody", f"{done.nobody:,}")
    table.add_row("Key", done.key)
    return table
