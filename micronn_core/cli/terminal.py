"""What the commands show: a progress bar, tables, JSON lines; and how they hear Ctrl-C."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from micronn_core.common.archives import as_json
from micronn_core.training.history import Metrics

BAR_INTERVAL = 0.1
"""Least seconds between two changes of the progress bar."""


class Interrupts:
    """Inside a `with` block, Ctrl-C and the request to terminate only leave a note.

    So work can end where it is whole, and saving is never broken off.

    Attributes:
        received: the number of the first signal, or 0.
    """

    def __init__(self) -> None:
        self.received = 0

    def __enter__(self) -> Interrupts:
        """Begin to take notes."""
        self._before = {
            number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_: object) -> None:
        """Let the signals work as before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = self.received or number


def say(message: str) -> None:
    """Write a line to stderr, where it does not mix with results."""
    sys.stderr.write(f"micronn: {message}\n")


def write_json(values: Mapping[str, Any]) -> None:
    """Write one line of JSON to stdout, at once, so that a reader can follow."""
    sys.stdout.write(as_json(values) + "\n")
    sys.stdout.flush()


@contextmanager
def progress_bar(epochs: int, shown: bool) -> Iterator[Callable[[Metrics], None]]:
    """Show on stderr how far training is, if that is a terminal; yields what takes the metrics."""
    console = Console(stderr=True)
    columns = (
        TextColumn("epoch {task.fields[epoch]} of {task.total:,}"),
        BarColumn(),
        TextColumn("loss {task.fields[loss]}  validation {task.fields[validation]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    visible = shown and console.is_terminal
    with Progress(
        *columns, console=console, refresh_per_second=5, transient=True, disable=not visible
    ) as bar:
        task = bar.add_task("", total=epochs, epoch="0", loss="–", validation="–")
        validation, due = "–", 0.0

        def show(metrics: Metrics) -> None:
            nonlocal validation, due
            if math.isfinite(metrics.validation_accuracy):  # it is not measured at every step
                validation = percent(metrics.validation_accuracy)
            if time.perf_counter() >= due:
                due = time.perf_counter() + BAR_INTERVAL
                epoch, loss = f"{int(metrics.epoch):,}", f"{metrics.loss:.4f}"
                bar.update(task, completed=metrics.epoch, epoch=epoch, loss=loss, validation=validation)

        yield show


def percent(share: float) -> str:
    """Return a share of 0 to 1 as people read it, "85.30 %"; a dash for one of nothing (NaN)."""
    return f"{100 * share:.2f} %" if math.isfinite(share) else "–"


def write_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: str = "") -> None:
    """Write a table to stdout: the first column to the left, figures to the right, notes below."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="right" if i else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console = Console(markup=False, highlight=False, emoji=False)
    console.print(title, style="bold", soft_wrap=True)
    console.print(table)
    if notes:
        console.print(notes, soft_wrap=True)
