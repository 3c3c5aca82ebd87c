"""Trains the networks that come with MicroNN anew.

    python -m micronn_core.cli.pretrained resources/models --drawings tests/strokes.json

gives the same to the last bit on the same machine.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from micronn_core.cli.terminal import percent, progress_bar, say, write_table
from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import mark, tr
from micronn_core.drawing.strokes import Drawing, read_drawings
from micronn_core.runs.pretrained import READY, ReadyNetwork, make

_COLUMNS = {
    "validation_accuracy": mark("validation"),
    "test_accuracy": mark("test"),
    "drawn_upright_accuracy": mark("drawn upright"),
    "drawn_left_accuracy": mark("drawn left"),
    "drawn_right_accuracy": mark("drawn right"),
}
"""The figures that are shown, by the names of their columns."""


def main(argv: Sequence[str] | None = None) -> int:
    """Make all ready networks; returns the exit code."""
    parser = argparse.ArgumentParser(
        "micronn_core.cli.pretrained", description=tr("Make the ready networks.")
    )
    parser.add_argument("folder", type=Path, help=tr("where to save them"))
    parser.add_argument(
        "--drawings", metavar=tr("FILE"), help=tr("pen strokes to measure them on too (JSON)")
    )
    parser.add_argument("--only", choices=READY, help=tr("make this one alone"))
    options = parser.parse_args(argv)
    try:
        drawings = read_drawings(options.drawings, labelled=True) if options.drawings else []
        chosen = [READY[options.only]] if options.only else READY.values()
        figures = {tr(ready.label): _made(ready, options.folder, drawings) for ready in chosen}
    except MicroNNError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say(tr("stopped; the network that was being trained is not saved."))
        return 130
    rows = [
        (label, *(percent(found.get(name, math.nan)) for name in _COLUMNS))
        for label, found in figures.items()
    ]
    write_table(tr("Ready networks"), (tr("network"), *map(tr, _COLUMNS.values())), rows)
    return 0


def _made(ready: ReadyNetwork, folder: Path, drawings: Sequence[Drawing]) -> dict[str, Any]:
    epochs = sum(training.epochs for training in ready.trainings)
    with progress_bar(epochs, shown=True) as show:
        return make(ready, folder, drawings, show)


if __name__ == "__main__":
    sys.exit(main())
