"""Bars on the terminal, one a stage, that follow how far a command's work has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

Show = Callable[[str, int, int | None], None]


@contextmanager
def bars(width: int = 8, *, counted: bool = True) -> Iterator[Show]:
    """Give what shows a stage, done and in all, and take the bars away at the end; `width`: letters of the longest stage."""
    numbers = [MofNCompleteColumn()] if counted else []
    bar = Progress(
        SpinnerColumn(), TextColumn(f"{{task.description:<{width}}}"), BarColumn(), *numbers, TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    stages: dict[str, TaskID] = {}

    def show(stage: str, done: int, total: int | None) -> None:
        if stage not in stages:
            stages[stage] = bar.add_task(stage, total=total)
        bar.update(stages[stage], completed=done, total=total)

    with bar:
        yield show
