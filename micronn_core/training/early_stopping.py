"""When a run has to stop: where its numbers are none any more, or where it makes no progress.

Progress is a validation loss below all before it (Prechelt 1998, "Early Stopping - But When?"). The
weights that reached the lowest are kept, whether or not anybody wants to stop by them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from micronn_core.common.errors import TrainingDiverged
from micronn_core.common.texts import tr, trn
from micronn_core.nn.activations import Array
from micronn_core.nn.network import Parameters
from micronn_core.training.history import Metrics, epoch_text


class Best(NamedTuple):
    """The moment of the lowest validation loss so far: its figures and its weights."""

    metrics: Metrics
    parameters: Parameters


class EarlyStopping:
    """Keeps the best weights and counts the epochs since.

    Args:
        patience: epochs without a lower validation loss after which to stop; 0 for never.

    Attributes:
        best: the best moment so far, or None before the first.
        stopped: whether the run was stopped.
        reason: why, in words.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._since = 0.0  # the epoch from which progress is waited for
        self.best: Best | None = None
        self.stopped, self.reason = False, ""

    def note(self, metrics: Metrics, parameters: Parameters) -> None:
        """Take in a moment; without validation figures it says nothing."""
        lowest = math.inf if self.best is None else self.best.metrics.validation_loss
        if metrics.validation_loss < lowest:
            kept = parameters.writable_copy() if self.best is None else self.best.parameters
            np.copyto(kept.vector, parameters.vector)
            self.best = Best(metrics, kept)
            self._since = metrics.epoch

    @property
    def waiting_since(self) -> float:
        """The epoch from which progress is waited for."""
        return self._since

    def restore(self, best: Best | None, waiting_since: float, stopped: bool) -> None:
        """Go on from a moment of a run; the weights are copied."""
        self.best = None if best is None else Best(best.metrics, best.parameters.writable_copy())
        self._since = waiting_since
        if stopped and best is not None:
            self.stop(waiting_since + self._patience)

    def is_due(self, epoch: float) -> bool:
        """Return whether patience is at its end at an epoch."""
        return self._patience > 0 and self.best is not None and epoch - self._since >= self._patience

    def stop(self, epoch: float) -> None:
        """Say that the run has been stopped at an epoch, with its best weights."""
        assert self.best is not None
        self.stopped = True
        waited, best = epoch - self._since, self.best.metrics
        self.reason = trn(
            "Stopped early at epoch {epoch}: in {waited} epoch the validation loss did not fall below "
            "{loss:.4f}. The network has the weights of epoch {best} again.",
            "Stopped early at epoch {epoch}: in {waited} epochs the validation loss did not fall below "
            "{loss:.4f}. The network has the weights of epoch {best} again.",
            math.ceil(waited),
            epoch=epoch_text(epoch),
            waited=epoch_text(waited),
            loss=best.validation_loss,
            best=epoch_text(best.epoch),
        )

    def wait_anew(self, epoch: float) -> None:
        """Be patient again from an epoch on."""
        self.stopped, self._since = False, epoch


GOOD_RATE = 0.1
"""The learning rate to begin with after a run that overshot; a tenth, if it overshot at that already."""


def check_finite(step: int, learning_rate: float, loss: float, parameters: Array, gradient: Array) -> None:
    """Raise a TrainingDiverged unless the loss and all parameters and their gradient are finite."""
    if not (math.isfinite(loss) and _are_finite(parameters, gradient)):
        raise TrainingDiverged(
            tr(
                "At step {step:,} the weights grew beyond what {dtype} can hold: each step overshoots by "
                "more than the last. The learning rate of {rate:g} is too large; choose a smaller one "
                "({less:g} is a good start), then go on or make a new network.",
                step=step,
                dtype=parameters.dtype,
                rate=learning_rate,
                less=GOOD_RATE if learning_rate > GOOD_RATE else learning_rate / 10,
            )
        )


def _are_finite(a: Array, b: Array) -> bool:
    """Return whether all numbers of two vectors are finite: at a glance if their products' sum is."""
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(np.dot(a, b)) or bool(np.isfinite(a).all() and np.isfinite(b).all())
