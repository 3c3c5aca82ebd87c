"""Samples for tests: made-up ones of any size, and the first of the real MNIST."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import DTypeLike

from micronn_core.data.dataset import Dataset, Samples, Split
from micronn_core.data.mnist import load_mnist_train

PIXELS = 784


def made_up(
    count: int, pixels: int, classes: int = 10, seed: int = 0, dtype: DTypeLike = np.float64
) -> Samples:
    """Samples whose pixels, a third of them blank, lie between 0 and 1; any label may be on any of them."""
    rng = np.random.default_rng(seed)
    rows = rng.random((count, pixels)) * (rng.random((count, pixels)) > 1 / 3)
    return Samples(rows.astype(dtype).T, rng.integers(0, classes, count))


def made_up_split(
    train: int = 40, validation: int = 12, pixels: int = 6, classes: int = 4, dtype: DTypeLike = np.float32
) -> Split:
    """A split whose training samples and validation samples are made up."""
    return Split(
        made_up(train, pixels, classes, seed=1, dtype=dtype),
        made_up(validation, pixels, classes, seed=2, dtype=dtype),
        np.arange(train),
        np.arange(train, train + validation),
    )


@functools.cache
def mnist() -> Dataset:
    """The 60,000 training pictures, read once."""
    return load_mnist_train()


@functools.cache
def digits(count: int, dtype: str = "float64") -> Samples:
    """The first real digits of MNIST."""
    return Samples.of(mnist(), np.arange(count), dtype)
