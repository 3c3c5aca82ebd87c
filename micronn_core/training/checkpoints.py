"""All that a run needs to go on exactly where it was: interrupted and continued equals uninterrupted.

The order of the samples, dropout and the variation of pictures are drawn anew for each epoch or step
from the config's seed, so the place within the run is all that is kept of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.splits import Split
from micronn_core.nn.network import Parameters
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import Metrics


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A moment of a run from which it can go on: bit for bit on one machine with one number of threads.

    Attributes:
        metrics: how the network stood.
        epoch: complete passes over the training samples.
        position: samples of the present pass that were learned from.
        parameters: the weights and biases, read-only.
        averages: what the optimizer remembers of the gradients, (averages, n), read-only.
        optimizer_steps: how many steps it has taken.
        best: the moment of the lowest validation loss, or None before the first.
        waiting_since: the epoch from which progress is waited for.
        stopped: whether the run was stopped early.
        samples: the digest of the samples that it learns from.
    """

    metrics: Metrics
    epoch: int
    position: int
    parameters: Parameters
    averages: NDArray[np.floating]
    optimizer_steps: int
    best: Best | None
    waiting_since: float
    stopped: bool
    samples: str = ""

    def fits(self, split: Split) -> bool:
        """Return whether a run that learns from these samples can stand here."""
        count = len(split.train)
        place = self.epoch + self.position / count
        return self.position < count and place == self.metrics.epoch and self.samples == split.digest

    @property
    def nbytes(self) -> int:
        """Memory of its weights and averages, in bytes."""
        best = 0 if self.best is None else self.best.parameters.vector.nbytes
        return self.parameters.vector.nbytes + self.averages.nbytes + best
