"""From the last weighted sums to probabilities, and how wrong they are: softmax and cross-entropy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.nn.activations import Array

Labels = NDArray[np.integer[Any]]


def softmax(z: Array) -> Array:
    """Turn the logits of each column into probabilities that sum to 1.

    The largest logit of the column is subtracted first, so that no exponential overflows (the
    MicroNN tutorial).

    Args:
        z: logits, (classes, m).

    Returns:
        Probabilities, (classes, m).
    """
    with np.errstate(over="ignore", under="ignore"):  # a logit that far below has probability 0
        exponentials: Array = np.exp(z - z.max(axis=0, keepdims=True))
    exponentials /= exponentials.sum(axis=0, keepdims=True)
    return exponentials


def softmax_of_batch(z: Array) -> Array:
    """Do the same as the deep network does: it subtracts the largest logit of the whole batch.

    Samples far below it get 0 / 0 or 0 everywhere: a fault of that document, kept to be seen.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        exponentials: Array = np.exp(z - z.max())
        exponentials /= exponentials.sum(axis=0, keepdims=True)
    return exponentials


def cross_entropy(logits: Array, labels: Labels) -> float:
    """Return the mean over the samples of -log(probability of the true class).

    It is computed from the logits, log(sum e^z) - z_y, so that it is never infinite and never
    NaN on finite logits, however sure and wrong the network is.

    Args:
        logits: (classes, m).
        labels: the true classes, (m,).
    """
    shifted = logits.astype(np.float64)
    with np.errstate(over="ignore"):
        shifted -= shifted.max(axis=0, keepdims=True)
    np.maximum(shifted, np.finfo(np.float64).min / 2, out=shifted)  # half: so that no sum overflows
    m = labels.size
    losses = np.log(np.exp(shifted).sum(axis=0)) - shifted[labels, np.arange(m)]
    return float((losses / m).sum())
