"""Single samples to look at: test pictures, read when they are first needed, and the tutorial's."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.catalog import source_of
from micronn_core.data.dataset import Dataset
from micronn_core.explain.worked_example import TUTORIAL_LABEL, TUTORIAL_X
from micronn_core.nn.network import Network

SEARCHED_AT_ONCE = 500
"""Pictures that are answered together in search of a mistake."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample.

    Attributes:
        name: what to call it.
        x: (n, 1).
        label: the true class.
        class_names: the names of the classes.
        image_shape: rows and columns of its picture, or None.
    """

    name: str
    x: NDArray[np.floating]
    label: int
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None


@functools.cache
def held_out(dataset: str) -> Dataset:
    """Return the test pictures of a dataset, by its name.

    Raises:
        DataError: they cannot be read.
    """
    load = source_of(dataset).load_test
    if load is None:
        raise DataError(tr("{name} has no test samples.", name=dataset))
    return load()


def held_out_sample(data: Dataset, index: int, white: float) -> Sample:
    """Return one of the test pictures, named by its index; a white pixel is `white`."""
    x, label = data.spec.inputs(data.values[index], np.float64, white), int(data.labels[index])
    return Sample(tr("test #{i}", i=index), x, label, data.class_names, data.features.image_shape)


def tutorial_sample(name: str, class_names: tuple[str, ...]) -> Sample:
    """Return the sample of the tutorial's worked example under a name."""
    return Sample(name, TUTORIAL_X, TUTORIAL_LABEL, class_names, None)


def next_mistake(network: Network, data: Dataset, index: int, white: float) -> int | None:
    """Return which picture after `index` the network gets wrong first, all round, or None."""
    order = (index + 1 + np.arange(len(data))) % len(data)
    for first in range(0, len(order), SEARCHED_AT_ONCE):
        piece = order[first : first + SEARCHED_AT_ONCE]
        answers = network.predict(data.spec.inputs(data.values[piece], np.float32, white))
        wrong = np.flatnonzero(answers != data.labels[piece])
        if wrong.size:
            return int(piece[wrong[0]])
    return None
