"""Measure speed: python -m tests.benchmarks [name ...], all of them by default.

The tables are printed, and written to RESULTS.md beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from tests.benchmarks import full_batch, mini_batch, pad, window
from tests.benchmarks.measuring import machine

BENCHMARKS = {
    "full_batch": full_batch.measure,
    "mini_batch": mini_batch.measure,
    "window": window.measure,
    "pad_accuracy": pad.accuracy,
    "pad_latency": pad.latency,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main(names: list[str]) -> int:
    """Run the named benchmarks; returns the exit code."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"There is no benchmark {unknown[0]!r}. Benchmarks: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    console, reports = Console(), []
    for measure in (machine, *(BENCHMARKS[name] for name in names or BENCHMARKS)):
        reports.append(measure())
        console.print(reports[-1].as_rich())
    RESULTS.write_text(
        "\n".join(["# Benchmarks", "", *(report.as_markdown() for report in reports)]), "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
