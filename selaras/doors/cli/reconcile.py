"""The command that takes registers in, links them and prints the headcount, in the foreground."""

import csv
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from selaras.agreements.queries import allows
from selaras.doors.cli import disk
from selaras.doors.cli.engine import HERE, engine_options, on_spark
from selaras.doors.office.reject_sentences import sentence
from selaras.engines.linkage import link
from selaras.engines.linkage.spark.ready import NoSpark
from selaras.engines.reading import REQUIRED, Form, Unreadable, recognise, sniff
from selaras.ground.act import Refused, as_job, job
from selaras.ground.scope import Actor, acting
from selaras.insight.actions import publish_headcount
from selaras.insight.queries.headcount import EXPORT, Headcount, export_rows, latest
from selaras.reconcile.actions.deliveries import hand_in, map_columns, parts_of
from selaras.reconcile.actions.intake import DatabaseLost, run
from selaras.reconcile.actions.linking.steps import Linker
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.queries.clusters import export_clusters
from selaras.reconcile.queries.deliveries import DeliveryLine, delivery_now
from selaras.reconcile.sources import registers
from selaras.reconcile.work import work_area

Tell = Callable[[str, int, int | None], None]
SHOWN = 25
WIDTH = 110
STAGES = {
    "opening": "open the file", "looking": "look at its form", "rows": "read rows", "storing": "store them",
    "persons": "write persons", "switch": "switch over",
}  # fmt: skip


class Trouble(click.ClickException):
    """What stopped the command: a reason code, said in both languages; exit code 2."""

    exit_code = 2

    def __init__(self, code: str, params: dict[str, Any] | None = None, *, about: str = "", more: str = "") -> None:
        super().__init__(code)
        self.code, self.params, self.about, self.more = code, params or {}, about, more

    def show(self, file: Any = None) -> None:
        """Print the sentence in Indonesian and in English."""
        for language in ("id", "en"):
            with translation.override(language):
                about = f"{self.about}: " if self.about else ""
                click.echo(f"{about}{sentence(self.code, self.params)}", err=True)
        if self.more:
            click.echo(self.more, err=True)


@dataclass(frozen=True, slots=True)
class Named:
    """One file with the register that it belongs to."""

    path: Path
    source: str
    form: Form


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--agreement", default="", help="Number of the agreement under which the files were handed over.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Also write clusters.parquet and headcount.csv.")
@click.option("--whole", is_flag=True, help="Each file is the whole register: a row that is not in it was withdrawn.")
@click.option("--source", "sources", multiple=True, type=click.Choice(list(registers())), help="One for each file, in order.")
@click.option("--column", "columns", multiple=True, metavar="COLUMN=HEADING", help="Name a column's heading (all files).")
@click.option("--without", "without", multiple=True, metavar="COLUMN", help="The files have no such column.")
@engine_options
def reconcile(
    files: tuple[Path, ...], agreement: str, out: Path | None, whole: bool, sources: tuple[str, ...],
    columns: tuple[str, ...], without: tuple[str, ...], engine: str, master: str,
) -> None:  # fmt: skip
    """Take register FILES in, link them with all that is there, and print the headcount."""
    given = dict(text.partition("=")[::2] for text in columns) | dict.fromkeys(without, "")
    take = partial(reconcile_files, files, agreement=agreement, whole=whole, out=out, sources=sources, columns=given)
    try:
        if engine == HERE:
            return take()
        linker = on_spark("linking", "linker")
        with work_area("spark") as area:
            take(linker=linker(master, area))
    except NoSpark as fault:
        raise Trouble(fault.code, fault.params) from None


def reconcile_files(
    files: Sequence[Path],
    *,
    agreement: str,
    whole: bool = False,
    out: Path | None = None,
    sources: Sequence[str] = (),
    columns: dict[str, str] | None = None,
    linker: Linker = link,
) -> None:
    """Do what the command does; raises Trouble (exit code 2) with one clear sentence, and then nothing was taken in."""
    console = _wide()
    named = [_named(path, sources[n] if n < len(sources) else "") for n, path in enumerate(files)]
    _check_agreement(agreement, named)
    actor = job("setup")
    taken = [_take_in(file, agreement, whole, columns or {}, actor) for file in named]
    console.print(_deliveries_table(taken))
    try:
        with _bars() as bars:
            summary = run_now(_teller(bars, "link"), linker=linker)
    except Refused as refused:
        raise Trouble(refused.code, refused.params) from None
    except DatabaseLost:
        raise Trouble("our.fault") from None
    with as_job("link"):
        publish_headcount(run_id=summary.id)
    with acting(actor):
        found = latest()
    if found is not None:
        console.print(_headcount_table(found))
    if out is not None:
        _write(out, actor, found)


def _named(path: Path, source: str) -> Named:
    """Look at a file before anything is handed in, so that one bad file leaves nothing half done."""
    try:
        form = sniff(path)
    except Unreadable as refused:
        raise Trouble(refused.fault.code, dict(refused.fault.params), about=path.name) from None
    layout = recognise(form.header)
    if not source:
        found = next((r.key for r in registers().values() if layout is not None and r.layout == layout.name), None)
        if found is None:
            raise Trouble(
                "register.unknown", {"source": "?"}, about=path.name, more=f"--source {' | '.join(registers())}"
            )
        source = found
    return Named(path, source, form)


def _check_agreement(agreement: str, named: Sequence[Named]) -> None:
    with as_job("setup"):
        for file in named:
            answer = allows(agreement, source=file.source, purpose="reconcile", columns=REQUIRED, day=timezone.localdate())
            if not answer.allowed:
                params = {"agreement": agreement, "source": registers()[file.source].name, "missing": list(answer.missing)}
                raise Trouble(answer.code, params, about=file.path.name)


def _take_in(file: Named, agreement: str, whole: bool, columns: dict[str, str], actor: Actor) -> DeliveryLine:
    try:
        with acting(actor):
            delivery = hand_in(
                source=file.source, agreement=agreement, parts=parts_of(file.path), name=file.path.name, whole=whole,
                queue=False,
            )  # fmt: skip
        found = _read(delivery.pk, file.path.name, actor)
        if found.state == "unmapped" and columns:
            proposed = dict(found.form["columns"]) | columns
            with acting(actor):
                map_columns(delivery_id=found.id, columns=proposed, queue=False)
            found = _read(found.id, file.path.name, actor)
    except Refused as refused:
        raise Trouble(refused.code, refused.params, about=file.path.name) from None
    except DatabaseLost:
        raise Trouble("our.fault", about=file.path.name) from None
    if delivery.again:
        click.echo(f"{file.path.name}: handed in before, on {found.handed_in_at:%Y-%m-%d}; nothing changed.")
    if found.state != "taken_in":
        params = found.fault.get("params", {})
        raise Trouble(found.fault.get("code", "our.fault"), params, about=file.path.name, more=_what_is_unclear(found))
    return found


def _read(delivery_id: UUID, name: str, actor: Actor) -> DeliveryLine:
    """Read a delivery here and now; one whose reader was killed is taken up again."""
    with _bars() as bars:
        run(delivery_id, actor, progress=_teller(bars, name))
    with acting(actor):
        return delivery_now(delivery_id)


def _what_is_unclear(found: DeliveryLine) -> str:
    lines = []
    for language in ("id", "en"):
        with translation.override(language):
            lines += [f"  - {sentence(fault['code'], fault['params'])}" for fault in found.form.get("faults", ())]
    if found.state == "unmapped":
        # the options that would answer it, ready to be copied
        unclear = dict.fromkeys(f["params"]["canonical"] for f in found.form.get("faults", ()) if "canonical" in f["params"])
        lines += [f'  --column {name}="…"' + ("" if name in REQUIRED else f"   (--without {name})") for name in unclear]
    return "\n".join(lines)


def _wide() -> Console:
    """A console that is never too narrow for the table: in a log or a pipe nobody says how wide it is."""
    return Console(width=None if sys.stdout.isatty() else WIDTH)


def _bars() -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=not sys.stderr.isatty(),
    )  # fmt: skip


def _teller(bars: Progress, name: str) -> Tell:
    tasks: dict[str, Any] = {}

    def tell(stage: str, done: int, total: int | None) -> None:
        if stage not in tasks:
            for earlier in tasks.values():
                task = bars.tasks[earlier]
                bars.update(earlier, total=task.completed or 1, completed=task.completed or 1)
            tasks[stage] = bars.add_task(f"{name}: {STAGES.get(stage, stage)}", total=total)
        with suppress(KeyError):
            bars.update(tasks[stage], completed=done, total=total)

    return tell


def _deliveries_table(taken: Sequence[DeliveryLine]) -> Table:
    table = Table(title="Taken in")
    for heading in ("file", "register", "rows", "new", "changed", "same", "withdrawn", "set aside"):
        table.add_column(heading, justify="left" if heading in ("file", "register") else "right")
    for line in taken:
        counts = [line.counts.get(key, 0) for key in ("rows", "new", "changed", "same", "withdrawn", "rejected")]
        table.add_row(line.name, line.source_name, *(f"{count:,}" for count in counts))
    return table


def _headcount_table(found: Headcount) -> Table:
    table = Table(title=f"Persons by country, as of {found.as_of.isoformat()}")
    for heading in ("country", "last known", "expected", "present", "in both", "to review"):
        table.add_column(heading, justify="left" if heading == "country" else "right", no_wrap=True)
    for row in found.rows[:SHOWN]:
        cell = row.last_known
        expected = "—" if cell.expected is None else f"{cell.expected:,.0f}"
        if cell.low is not None and cell.high is not None:
            expected += f" ({cell.low:,.0f}–{cell.high:,.0f})"
        parts = [_number(cell.parts.get(part)) for part in ("matched", "under_review")]
        table.add_row(row.name_en or row.iso3 or "country not known", f"{cell.count:,}", expected, f"{row.present.count:,}", *parts)
    rest = found.rows[SHOWN:]
    if rest:
        others = sum(row.last_known.count for row in rest)
        table.add_row(f"{len(rest)} more countries", f"{others:,}", "", f"{sum(row.present.count for row in rest):,}", "", "")
    table.add_section()
    table.add_row("all", f"{found.last_known.count:,}", "", f"{found.present.count:,}", _number(found.last_known.parts.get("matched")), "")
    missing = [line.name_en for line in found.sources if line.state == "never"]
    if missing:
        table.caption = f"Never delivered: {', '.join(missing)}"
    return table


def _number(value: int | None) -> str:
    """A missing feed is a dash, never a zero."""
    return "—" if value is None else f"{value:,}"


def _write(out: Path, actor: Actor, found: Headcount | None) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with acting(actor):
            export_clusters().write_parquet(out / "clusters.parquet")
        if found is not None:
            rows = export_rows(found)
            with (out / "headcount.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, EXPORT)
                writer.writeheader()
                writer.writerows(rows)
    except OSError as fault:
        raise disk.refused(fault, out) from None


