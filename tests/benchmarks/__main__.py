"""Measure speed: python -m tests.benchmarks [name ...], all of them by default.

The tables are printed, and written to RESULTS.md beside this file; those of other benchmarks stay. Where the
processor has AVX-512, those of speed are measured once more with AVX2 alone, as most laptops have it.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tests.benchmarks import (
    full_batch,
    hands,
    inspector,
    long_runs,
    memory,
    mini_batch,
    pad,
    pictures,
    scaling,
    theme_switch,
    time_to_accuracy,
    window,
)
from tests.benchmarks.kernels import can_play_smaller, smaller, suffix
from tests.benchmarks.measuring import Report, machine

BENCHMARKS = {
    "full_batch": full_batch.measure,
    "mini_batch": mini_batch.measure,
    "momentum": functools.partial(mini_batch.measure_optimizer, "momentum"),
    "adam": functools.partial(mini_batch.measure_optimizer, "adam"),
    "time_to_accuracy": time_to_accuracy.measure,
    "scaling_samples": scaling.measure_samples,
    "scaling_neurons": scaling.measure_neurons,
    "memory": memory.measure,
    "window": window.measure,
    "long_runs": long_runs.measure,
    "theme_switch": theme_switch.measure,
    "inspector": inspector.measure,
    "hands": hands.measure,
    "pad_accuracy": pad.accuracy,
    "pad_latency": pad.latency,
    "pictures": pictures.measure,
}
NO_SPEED = ("memory", "hands", "pad_accuracy", "pictures")
"""What depends on no kernels, or is told as a share of the truth."""
RESULTS = Path(__file__).with_name("RESULTS.md")


def main(names: list[str]) -> int:
    """Run the named benchmarks; returns the exit code."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"There is no benchmark {unknown[0]!r}. Benchmarks: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    console, reports = Console(), []
    for measure in (machine, *(BENCHMARKS[name] for name in names or BENCHMARKS)):
        reports.append(measure())
        console.print(replace(reports[-1], title=reports[-1].title + suffix()).as_rich())
    keep([replace(report, title=report.title + suffix()) for report in reports])
    again = [name for name in names or BENCHMARKS if name not in NO_SPEED]
    if again and can_play_smaller():
        return subprocess.run([sys.executable, "-m", "tests.benchmarks", *again], env=smaller()).returncode
    return 0


def keep(reports: Sequence[Report]) -> None:
    """Write reports into the file of results, each in the place of the one of its title."""
    told = RESULTS.read_text("utf-8").split("\n## ")[1:] if RESULTS.exists() else []
    sections = {section.split("\n")[0]: f"## {section}\n" for section in told}
    sections |= {report.title: report.as_markdown() for report in reports}
    text = "\n".join(["# Benchmarks", "", *(section.strip("\n") + "\n" for section in sections.values())])
    RESULTS.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
