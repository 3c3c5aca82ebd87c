"""The picture of a hidden neuron, wherever one is shown: what it has learned, W1 − W1 at the start."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.nn.network import Parameters

Values = NDArray[np.floating]


class NeuronPictures(NamedTuple):
    """What pictures the neurons of the first layer.

    Attributes:
        values: a row for each neuron, (n_1, n_0).
        learned: whether these are the changes since the start; else the weights themselves, for the
            start is not known.
    """

    values: Values
    learned: bool


def neuron_pictures(now: Parameters, start: Parameters | None) -> NeuronPictures:
    """Return what the neurons have learned, or their weights if their start is not known."""
    weight = now.layers[0].weight
    if start is None or start.layers[0].weight.shape != weight.shape:
        return NeuronPictures(weight, False)
    return NeuronPictures(weight - start.layers[0].weight, True)


def speaks_for(votes: Values) -> NDArray[np.intp]:
    """Return the class that each neuron speaks for most, (n_1,).

    Args:
        votes: the weights of the neurons to the classes, (n_classes, n_1).
    """
    best: NDArray[np.intp] = votes.argmax(axis=0)
    return best
