"""How a network does on samples: its mean loss, and how many of each class it gets right."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.dataset import Samples
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network

_AT_ONCE = 2_000


class Evaluation(NamedTuple):
    """How a network does on samples: the mean loss, and of each class how many there are and are right."""

    loss: float
    counts: NDArray[np.intp]
    correct: NDArray[np.intp]

    def figures(self) -> dict[str, Any]:
        """Return the number of samples, the share of correct answers and the loss by name."""
        count = int(self.counts.sum())
        return {"count": count, "accuracy": float(self.correct.sum() / count), "loss": self.loss}


def measure(network: Network, samples: Samples) -> Evaluation:
    """Measure a network on all samples, some thousand at a time."""
    classes = network.sizes[-1]
    loss, right = 0.0, np.zeros(len(samples), bool)
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(samples), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            logits, labels = network.forward(samples.x[:, part]).logits, samples.labels[part]
            loss += cross_entropy(logits, labels) * labels.size
            right[part] = logits.argmax(axis=0) == labels
    counts = np.bincount(samples.labels, minlength=classes)
    return Evaluation(loss / len(samples), counts, np.bincount(samples.labels[right], minlength=classes))
