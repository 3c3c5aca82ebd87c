"""What the commands show: a progress bar, tables, JSON lines; and how they hear Ctrl-C."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from micronn_core.common.archives import as_json
from micronn_core.common.texts import number, tr
from micronn_core.common.texts import percent as share_text
from micronn_core.nn.network import Network
from micronn_core.training.history import Metrics

SIGNALLED = 128
"""The exit code after a signal is this and the signal's number, as shells have it."""

NOTHING = "–"
"""Stands for a figure of nothing."""

_GAP = 3
"""Most letters between two columns of a table."""

_LEAST_ROOM = 12
"""Letters that are left of the first column, however narrow the terminal is."""

BAR_INTERVAL = 0.1
"""Least seconds between two changes of the progress bar."""


class Interrupts:
    """Inside a `with` block, Ctrl-C, the request to terminate and a terminal that closes only leave a note.

    So work can end where it is whole, and saving is never broken off. Who has asked not to be ended
    with the terminal (nohup) is not.

    Attributes:
        received: the number of the first signal, or 0.
    """

    def __init__(self) -> None:
        self.received = 0

    def __enter__(self) -> Interrupts:
        """Begin to take notes."""
        codes = [signal.SIGINT, signal.SIGTERM]
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            codes.append(signal.SIGHUP)
        self._before = {code: signal.signal(code, self._note) for code in codes}
        return self

    def __exit__(self, *_: object) -> None:
        """Let the signals work as before."""
        for code, handler in self._before.items():
            signal.signal(code, handler)

    def _note(self, code: int, frame: FrameType | None) -> None:
        self.received = self.received or code


def say(message: str) -> None:
    """Write a line to stderr, where it does not mix with results."""
    sys.stderr.write(f"micronn: {message}\n")


def say_remark(text: str, on_side: bool) -> None:
    """Say what is unusual about a file of samples, and how pictures on their side are turned."""
    if text:
        say(tr("remark: {text}", text=text))
    if on_side:
        say(tr("--transpose turns these pictures."))


def with_ending_said(given: str, path: Path) -> str:
    """Return where a file is saved, and say so if an ending was put behind the name that was given.

    Args:
        given: the name.
        path: the same with its ending; folders, devices and pipes get none, to be refused as what they are.
    """
    named = Path(given)
    if path == named or (named.exists() and not named.is_file()):
        return given
    say(tr("{given} lacks its ending, so the file is {path}.", given=given, path=path))
    return str(path)


def write_json(values: Mapping[str, Any]) -> None:
    """Write one line of JSON to stdout, at once, so that a reader can follow."""
    sys.stdout.write(as_json(values) + "\n")
    sys.stdout.flush()


@contextmanager
def progress_bar(epochs: int, shown: bool) -> Iterator[Callable[[Metrics], None]]:
    """Show on stderr how far training is, if that is a terminal; yields what takes the metrics."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.fields[epoch]}"),
        BarColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    visible = shown and console.is_terminal
    with Progress(
        *columns, console=console, refresh_per_second=5, transient=True, disable=not visible
    ) as bar:
        texts = _progress(0, epochs, NOTHING, NOTHING)
        task = bar.add_task("", total=epochs, epoch=texts.epoch, figures=texts.figures)
        validation, due = NOTHING, 0.0

        def show(metrics: Metrics) -> None:
            nonlocal validation, due
            if math.isfinite(metrics.validation_accuracy):  # it is not measured at every step
                validation = percent(metrics.validation_accuracy)
            if time.perf_counter() >= due:
                due = time.perf_counter() + BAR_INTERVAL
                loss = number(metrics.loss, ".4f")
                texts = _progress(int(metrics.epoch), epochs, loss, validation)
                bar.update(task, completed=metrics.epoch, epoch=texts.epoch, figures=texts.figures)

        yield show


class _Progress(NamedTuple):
    """What stands before and behind the bar of a run."""

    epoch: str
    figures: str


def _progress(epoch: int, epochs: int, loss: str, validation: str) -> _Progress:
    return _Progress(
        tr("epoch {epoch:,} of {epochs:,}", epoch=epoch, epochs=epochs),
        tr("loss {loss}  validation {validation}", loss=loss, validation=validation),
    )


@contextmanager
def share_bar(shown: bool) -> Iterator[Callable[[float, str], None]]:
    """Show on stderr how far work is, if that is a terminal; yields what takes a share and a text."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    visible = shown and console.is_terminal
    with Progress(
        *columns, console=console, refresh_per_second=5, transient=True, disable=not visible
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def percent(share: float) -> str:
    """Return a share of 0 to 1 as people read it, "85.30 %"; a dash for one of nothing (NaN)."""
    return share_text(share, 2)


def rounded_percent(share: float) -> str:
    """Return a share of 0 to 1 in few letters, "85%"."""
    return f"{number(100 * share, '.0f')}%"


def figure_rows(figures: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return name, count, accuracy and loss as text."""
    return [
        (
            name,
            number(part["count"]),
            percent(part["accuracy"]),
            number(part.get("loss", math.nan), ".4f"),
        )
        for name, part in figures.items()
    ]


def architecture(network: Network) -> str:
    """Return a network's sizes, such as "784-10-10"."""
    return "-".join(map(str, network.sizes))


def write_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: str = "") -> None:
    """Write a table to stdout: the first column to the left, figures to the right, notes below.

    On a terminal that is too narrow, the first column keeps the ends of its texts: of paths, the names of
    files. Whoever else reads it gets all of them.
    """
    console = Console(markup=False, highlight=False, emoji=False)
    widths = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]
    room = console.width - sum(widths[1:]) - _GAP * len(headings)
    if console.is_terminal:
        rows = [(_end_of(first, max(room, _LEAST_ROOM)), *others) for first, *others in rows]
    else:
        console.width = max(console.width, console.width + widths[0] - room)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="right" if i else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(title, style="bold", soft_wrap=True)
    console.print(table)
    if notes:
        console.print(notes, soft_wrap=True)


def _end_of(text: str, width: int) -> str:
    """Return a text, or as much of its end as there is room for."""
    if cell_len(text) <= width:
        return text
    start = next(i for i in range(len(text) + 1) if cell_len(text[i:]) < width)
    return "…" + text[start:]
