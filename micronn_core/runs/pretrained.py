"""The networks that come with MicroNN: what there is, and how each was made.

    python -m micronn_core.runs.pretrained resources/models --drawings tests/strokes.json

makes them anew, the same to the last bit on the same machine.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.common.resources import resource
from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Samples
from micronn_core.data.splits import Split
from micronn_core.drawing.preparation import Preparation, prepare
from micronn_core.drawing.strokes import Drawing, read_drawings
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import SavedNetwork, check_output, load_network, save_network
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.feed import split_of
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import Trainer, new_network

SLANT = 15.0
"""Degrees by which drawings are slanted to see whether a network minds."""


@dataclass(frozen=True)
class ReadyNetwork:
    """A network that comes with MicroNN.

    Attributes:
        name: key in `READY`.
        label: name as people read it.
        description: what it is good for, in a sentence.
        config: the settings that it was trained with.
    """

    name: str
    label: str
    description: str
    config: TrainingConfig

    @property
    def file(self) -> str:
        """Name of its file in `resources/models`."""
        return f"{self.name}.npz"


READY = {
    ready.name: ready
    for ready in (
        ReadyNetwork(
            "tutorial",
            "MicroNN tutorial",
            "The MicroNN tutorial's 784-10-10 after 500 epochs: small enough to look into every neuron.",
            RECIPES["tutorial"].config,
        ),
        ReadyNetwork(
            "strong",
            "Strong",
            "784-512-256-10, trained on varied digits: it reads most hands, upright or slanted.",
            RECIPES["strong"].config,
        ),
    )
}


def load_ready(name: str) -> SavedNetwork:
    """Open a network of `READY`.

    Raises:
        StorageError: there is none of that name, or its file is damaged.
        DataError: its file is missing from the installation.
    """
    if name not in READY:
        raise StorageError(f"There is no ready network {name!r}. Ready networks: {', '.join(READY)}.")
    return load_network(resource("models", READY[name].file))


def drawn_samples(
    drawings: Sequence[Drawing],
    slant: float = 0.0,
    preparation: Preparation = Preparation(),  # noqa: B008
) -> Samples:
    """Return what a network sees of drawings that are leant to the right by `slant` degrees."""
    lean = np.tan(np.radians(slant))
    pictures = []
    for drawing in drawings:
        leant = [stroke - stroke[:, 1:] * (lean, 0) for stroke in drawing.strokes]
        pictures.append(prepare(leant, 1.0, preparation).ravel())
    return Samples(np.stack(pictures).T, np.array([drawing.label for drawing in drawings]))


def train(ready: ReadyNetwork, samples: Split, network: Network) -> Iterator[Metrics]:
    """Train a new network, in place, as the ready one was; yields the metrics of every step or epoch."""
    with Trainer(ready.config, samples, network=network) as trainer, closing(trainer.run()) as pieces:
        yield from (metrics for metrics in pieces if metrics is not None)


def make(ready: ReadyNetwork, folder: Path, drawings: Sequence[Drawing] = ()) -> dict[str, Any]:
    """Train a ready network, save it in a folder with its figures, and return them.

    Raises:
        MicroNNError: the data cannot be read, or the network cannot be saved.
    """
    # Imported where they are needed: the window reads the table above and must not wait for these.
    from micronn_core.cli.commands import measure
    from micronn_core.cli.terminal import progress_bar

    target = folder / ready.file
    check_output(target)
    config, source = ready.config, DATASETS[ready.config.dataset]
    assert source.load_test is not None
    samples = split_of(config)
    network = new_network(config, len(samples.train.x), len(source.spec.class_names))
    with progress_bar(config.epochs, shown=True) as show, single_blas_thread():
        for metrics in train(ready, samples, network):
            show(metrics)
    test = measure(network, Samples.of(source.load_test(), None, config.dtype, config.white)).figures()
    figures = {**metrics._asdict(), "test_loss": test["loss"], "test_accuracy": test["accuracy"]}
    if drawings:
        for name, slant in (("upright", 0.0), ("left", -SLANT), ("right", SLANT)):
            drawn = measure(network, drawn_samples(drawings, slant)).figures()
            figures[f"drawn_{name}_accuracy"] = drawn["accuracy"]
    save_network(target, network, config, figures)
    return figures


def main(argv: Sequence[str] | None = None) -> int:
    """Make all ready networks; returns the exit code."""
    from micronn_core.cli.terminal import percent, say, write_table

    parser = argparse.ArgumentParser("micronn_core.runs.pretrained", description="Make the ready networks.")
    parser.add_argument("folder", type=Path, help="where to save them")
    parser.add_argument("--drawings", metavar="FILE", help="pen strokes to measure them on too (JSON)")
    parser.add_argument("--only", choices=READY, help="make this one alone")
    options = parser.parse_args(argv)
    try:
        drawings = read_drawings(options.drawings, labelled=True) if options.drawings else []
        chosen = [READY[options.only]] if options.only else READY.values()
        made = {ready.label: make(ready, options.folder, drawings) for ready in chosen}
    except MicroNNError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped; the network that was being trained is not saved.")
        return 130
    shown = ("validation", "test", "drawn_upright", "drawn_left", "drawn_right")
    rows = [
        (label, *(percent(figures.get(f"{name}_accuracy", math.nan)) for name in shown))
        for label, figures in made.items()
    ]
    write_table("Ready networks", ("network", *(name.replace("_", " ") for name in shown)), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
