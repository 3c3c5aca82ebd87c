"""How contenders are timed against each other, and how the outcome is told."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from micronn_core.nn.network import Parameters
from tests.benchmarks.kernels import SIDE, bandwidth, in_use, peak

REST = 0.3
"""Seconds between two contenders."""


@dataclass(frozen=True)
class Contender:
    """Something that trains.

    Attributes:
        name: what the table calls it.
        run: does so many epochs.
        epochs: how many to time in one round; as many as even out the clock.
        weights: returns what has been learned so far; not every contender tells.
    """

    name: str
    run: Callable[[int], None]
    epochs: int = 3
    weights: Callable[[], Parameters] | None = None


@dataclass(frozen=True)
class Report:
    """A table with a title above it and notes below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def as_rich(self) -> Table:
        """Return the table for a terminal."""
        table = Table(*self.columns[:1], title=self.title, title_justify="left", caption_justify="left")
        for column in self.columns[1:]:
            table.add_column(column, justify="right")
        for row in self.rows:
            table.add_row(*row)
        table.caption = "\n".join(self.notes)
        return table

    def as_markdown(self) -> str:
        """Return the table for a document."""
        rule = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = ["| " + " | ".join(cells) + " |" for cells in (self.columns, rule, *self.rows)]
        return "\n".join([f"## {self.title}", "", *lines, "", *(f"- {note}" for note in self.notes), ""])


def compare(
    title: str,
    contenders: Iterable[Contender],
    rounds: int,
    notes: Iterable[str] = (),
    operations: float = 0.0,
) -> Report:
    """Time contenders in alternating rounds; the first is the one that the others are compared with.

    In every round each contender first waits for the threads of the one before to go to sleep,
    since matrix libraries let theirs spin, and does one epoch untimed. Another program that
    disturbs a round disturbs all of them; so the ratio is taken within each round, and its median
    told.

    Args:
        title: of the table.
        contenders: who is timed.
        rounds: how often.
        notes: what is said below the table.
        operations: of the matrix products of an epoch; they tell how near one is to the machine's limit.
    """
    contenders = list(contenders)
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            time.sleep(REST)
            contender.run(1)
            start = time.perf_counter()
            contender.run(contender.epochs)
            times[contender.name].append((time.perf_counter() - start) / contender.epochs * 1e3)
    first = times[contenders[0].name]
    rows = []
    for name, taken in times.items():
        ratio = statistics.median(t / ours for t, ours in zip(taken, first, strict=True))
        best, median = min(taken), statistics.median(taken)
        row = (name, f"{best:.1f}", f"{median:.1f}", f"{best / min(first):.2f}", f"{ratio:.2f}")
        rows.append((*row, f"{100e3 * operations / best / peak():.0f}") if operations else row)
    columns = ("one epoch", "best, ms", "median, ms", "x ours, best", "x ours, median")
    if operations:
        columns = (*columns, "best, % of the peak")
        share = f"An epoch's products are {operations / 1e9:.2f} GFLOP; the peak, {peak() / 1e9:.0f} GFLOP/s,"
        notes = (*notes, f"{share} is that of a product of {SIDE} x {SIDE} on all cores.")
    return Report(title, columns, tuple(rows), (f"{rounds} alternating rounds.", *notes))


def machine() -> Report:
    """Return what the figures depend on."""
    rows = [
        ("cores", str(os.cpu_count())),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("NumPy", np.__version__),
        *in_use(),
        (f"a product of {SIDE} x {SIDE}, all cores, GFLOP/s", f"{peak() / 1e9:.0f}"),
        ("copying memory, one core, GB/s", f"{bandwidth() / 1e9:.1f}"),
    ]
    return Report("Machine", ("what", "value"), tuple(rows))
