"""Single samples to look at: test samples, read when they are first needed, and the tutorial's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import tr
from micronn_core.data.catalog import open_source
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.explain.worked_example import TUTORIAL_LABEL, TUTORIAL_X
from micronn_core.nn.network import Network
from micronn_core.settings.config import TrainingConfig
from micronn_core.training import feed

SEARCHED_AT_ONCE = 500
"""Samples that are answered together in search of a mistake."""

MOST_READ = 2
"""Sets of test samples that are kept in memory."""

_READ: dict[tuple[object, ...], Dataset] = {}


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample.

    Attributes:
        name: what to call it.
        x: (n, 1).
        label: the true class.
        spec: what its inputs and its classes mean; None for the tutorial's, which mean nothing.
    """

    name: str
    x: NDArray[np.floating]
    label: int
    spec: DataSpec | None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.spec.class_names if self.spec else tuple(tr("class {i}", i=i) for i in range(2))

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Rows and columns of its picture; None if it is none."""
        return self.spec.features.image_shape if self.spec else None


def held_out(config: TrainingConfig) -> Dataset:
    """Return samples that a run by a config never learns from: a test set, or what its split validates on.

    Raises:
        DataError: they cannot be read.
    """
    key = held_out_key(config)
    if key not in _READ:
        dataset = feed.held_out(config)
        while len(_READ) >= MOST_READ:
            _READ.pop(next(iter(_READ)))
        _READ[key] = dataset
    return _READ[key]


def held_out_key(config: TrainingConfig) -> tuple[object, ...]:
    """Return what decides which samples a run by a config never learns from.

    Raises:
        DataError: there is no such data set.
    """
    source = open_source(config.dataset)
    return (source,) if source.load_test is not None else (source, config.split, config.seed)


def held_out_sample(data: Dataset, index: int, white: float) -> Sample:
    """Return one of the test samples, named by its index; a white pixel is `white`."""
    x, label = data.spec.inputs(data.values[index], np.float64, white), int(data.labels[index])
    return Sample(tr("test #{i}", i=index), x, label, data.spec)


def tutorial_sample() -> Sample:
    """Return the sample of the tutorial's worked example."""
    return Sample(tr("tutorial 3-2-2"), TUTORIAL_X, TUTORIAL_LABEL, None)


def next_mistake(network: Network, data: Dataset, index: int, white: float) -> int | None:
    """Return which sample after `index` the network gets wrong first, all round, or None."""
    order = (index + 1 + np.arange(len(data))) % len(data)
    for first in range(0, len(order), SEARCHED_AT_ONCE):
        piece = order[first : first + SEARCHED_AT_ONCE]
        answers = network.predict(data.spec.inputs(data.values[piece], np.float32, white))
        wrong = np.flatnonzero(answers != data.labels[piece])
        if wrong.size:
            return int(piece[wrong[0]])
    return None
