"""Small runs to examine, healthy and ailing, really trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from micronn_core.common.errors import TrainingDiverged
from micronn_core.data.dataset import Samples
from micronn_core.data.splits import Split
from micronn_core.diagnostics.findings import Run
from micronn_core.diagnostics.health import examine
from micronn_core.diagnostics.layer_statistics import layer_figures, probe_trace
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import History, Snapshot
from micronn_core.training.trainer import Trainer

PIXELS, CLASSES = 64, 4


def patterns(train: int = 240, validation: int = 80, white: float = 1.0, noise: float = 0.15) -> Split:
    """Patterns of 8 x 8 pixels under noise, one a class, easy to tell apart."""
    rng = np.random.default_rng(3)
    count = train + validation
    labels = np.arange(count) % CLASSES
    clear = rng.random((CLASSES, PIXELS)) > 0.6
    rows = (clear[labels] ^ (rng.random((count, PIXELS)) < noise)).astype(np.float32) * np.float32(white)
    rows *= rng.uniform(0.5, 1, (count, PIXELS)).astype(np.float32)
    places = np.arange(count)
    first, second = places < train, places >= train
    return Split(
        Samples(rows[first].T, labels[first]),
        Samples(rows[second].T, labels[second]),
        places[first],
        places[second],
    )


def trained(split: Split | None = None, classes: int = CLASSES, **settings: Any) -> Run:  # noqa: ANN401
    """Train to the end, or until the weights overflow, and return the run to examine."""
    split = split or patterns(white=255.0 if settings.get("pixels") == "0 to 255" else 1.0)
    config = TrainingConfig(**{"epochs": 60, "initializer": "he", "seed": 1, **settings})
    history = History()
    with Trainer(config, split, classes, threads=1) as trainer, single_blas_thread():
        try:
            for metrics in trainer.run():
                if metrics is not None:
                    history.append(metrics)
                    history.keep(trainer.snapshot())
        except TrainingDiverged:
            pass
        return look(config, history, trainer.snapshot(), split, classes)


def look(config: TrainingConfig, history: History, moment: Snapshot, split: Split, classes: int) -> Run:
    """Return a moment of a run as a check sees it, probed with its validation samples."""
    probe = split.validation.x[:, :256]
    network = Network(moment.parameters, ACTIVATIONS[config.activation])
    figures = layer_figures(network, probe_trace(network, probe), moment.gradient)
    first = history.first()
    assert first is not None
    return Run(config, history, moment, first.parameters, figures, classes, float(probe.max()))


def kinds(run: Run) -> list[str]:
    """Return what is wrong, by name."""
    return [finding.kind for finding in examine(run)]
