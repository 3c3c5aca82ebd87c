"""The networks that come with MicroNN: what there is, and how each was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from micronn_core.common.errors import StorageError
from micronn_core.common.resources import resource
from micronn_core.common.texts import mark, tr
from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Samples
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.splits import Split
from micronn_core.drawing.preparation import Preparation, prepare
from micronn_core.drawing.strokes import Drawing
from micronn_core.evaluation.measure import measure
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import (
    SavedNetwork,
    check_output,
    load_network,
    save_network,
    with_suffix,
)
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
        label: name as people read it, marked for translation.
        description: what it is good for, in a sentence, marked for translation.
        config: the settings that it was trained with, the last time if there were two.
        before: the settings of an earlier training, which gave it the weights that the last began with.
    """

    name: str
    label: str
    description: str
    config: TrainingConfig
    before: TrainingConfig | None = None

    @property
    def trainings(self) -> tuple[TrainingConfig, ...]:
        """The settings of its trainings, in their order."""
        return (self.config,) if self.before is None else (self.before, self.config)

    @property
    def file(self) -> str:
        """Name of its file in `resources/models`."""
        return f"{self.name}.npz"


_STRONG = RECIPES["strong"].config

READY = {
    ready.name: ready
    for ready in (
        ReadyNetwork(
            "tutorial",
            mark("MicroNN tutorial"),
            mark(
                "The MicroNN tutorial's 784-10-10 after 500 epochs: small enough to look into every neuron."
            ),
            RECIPES["tutorial"].config,
        ),
        ReadyNetwork(
            "strong",
            mark("Strong"),
            mark("784-512-256-10, trained on varied digits: it reads most hands, European and American."),
            config=replace(_STRONG, epochs=44, learning_rate=0.02),
            before=replace(_STRONG, epochs=150, augmentation=replace(_STRONG.augmentation, hands=0.0)),
        ),
    )
}


def open_network(name: str) -> SavedNetwork:
    """Open a network by the path of its file or by its name in `READY`; one's own file comes first.

    Raises:
        StorageError: it is missing or damaged.
        DataError: the file of a ready network is missing from the installation.
    """
    own = name not in READY or Path(name).exists() or with_suffix(name).exists()
    return load_network(name) if own else load_ready(name)


def load_ready(name: str) -> SavedNetwork:
    """Open a network of `READY`.

    Raises:
        StorageError: there is none of that name, or its file is damaged.
        DataError: its file is missing from the installation.
    """
    if name not in READY:
        text = tr(
            "There is no ready network {name!r}. Ready networks: {names}.",
            name=name,
            names=", ".join(READY),
        )
        raise StorageError(text)
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
        pictures.append(prepare(leant, 1.0, preparation))
    x = DIGITS_SPEC.inputs(np.stack(pictures))
    return Samples(x, np.array([drawing.label for drawing in drawings]), DIGITS_SPEC)


def train(ready: ReadyNetwork, samples: Split, network: Network) -> Iterator[Metrics]:
    """Train a new network, in place, as the ready one was; yields the metrics of every step or epoch."""
    with Trainer(ready.config, samples, network=network) as trainer, closing(trainer.run()) as pieces:
        yield from (metrics for metrics in pieces if metrics is not None)


def make(
    ready: ReadyNetwork,
    folder: Path,
    drawings: Sequence[Drawing] = (),
    report: Callable[[Metrics], object] = lambda metrics: None,
) -> dict[str, Any]:
    """Train a ready network, save it in a folder with its figures, and return them.

    Args:
        ready: which one.
        folder: where to save it.
        drawings: pen strokes to measure it on too.
        report: is given the metrics as training goes on, the epochs of all trainings counted through.

    Raises:
        MicroNNError: the data cannot be read, or the network cannot be saved.
    """
    target = folder / ready.file
    check_output(target)
    config, source = ready.config, DATASETS[ready.config.dataset]
    assert source.load_test is not None
    samples, spec = split_of(config), source.spec
    network = new_network(ready.trainings[0], spec.features.count, len(spec.class_names))
    epochs = 0
    with single_blas_thread():
        for training in ready.trainings:
            for metrics in train(replace(ready, config=training), samples, network):
                report(metrics._replace(epoch=epochs + metrics.epoch))
            epochs += training.epochs
    test = measure(network, Samples.of(source.load_test(), None, config.dtype, config.white)).figures()
    figures = {**metrics._asdict(), "test_loss": test["loss"], "test_accuracy": test["accuracy"]}
    if drawings:
        for name, slant in (("upright", 0.0), ("left", -SLANT), ("right", SLANT)):
            drawn = measure(network, drawn_samples(drawings, slant)).figures()
            figures[f"drawn_{name}_accuracy"] = drawn["accuracy"]
    save_network(target, network, config, spec, figures)
    return figures
