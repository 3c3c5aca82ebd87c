"""Samples for tests: made-up ones of any size, and the first of the real MNIST."""

from __future__ import annotations

import functools
from math import isqrt

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.data.dataset import Dataset, Samples
from micronn_core.data.features import DIGITS_SPEC, DataSpec, Pixels
from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import Split

PIXELS = 784


def made_up(
    count: int, pixels: int, classes: int = 10, seed: int = 0, dtype: DTypeLike = np.float64
) -> Samples:
    """Samples whose pixels, a third of them blank, lie between 0 and 1; any label may be on any of them."""
    rng = np.random.default_rng(seed)
    rows = rng.random((count, pixels)) * (rng.random((count, pixels)) > 1 / 3)
    side = isqrt(pixels)
    features = Pixels(side, side) if side * side == pixels else None
    spec = DataSpec(features, tuple(map(str, range(classes)))) if features else None
    return Samples(rows.astype(dtype).T, rng.integers(0, classes, count), spec)


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


def of_digits(name: str, values: NDArray[np.uint8], labels: NDArray[np.integer]) -> Dataset:
    """A data set of the same kind as MNIST: values are (m, 784)."""
    return Dataset(name, values, labels.astype(np.uint8), DIGITS_SPEC.features, DIGITS_SPEC.class_names)


def numbered(count: int) -> Dataset:
    """A dataset whose pictures all differ: the first two pixels hold the picture's number."""
    images = np.random.default_rng(7).integers(0, 256, (count, 784), dtype=np.uint8)
    images[:, 0], images[:, 1] = np.arange(count) // 256, np.arange(count) % 256
    return of_digits("numbered", images, (np.arange(count) % 10).astype(np.uint8))


def few(labels: list[int], seed: int = 3) -> Dataset:
    """Pictures of noise with these labels."""
    images = np.random.default_rng(seed).integers(0, 256, (len(labels), 784), np.uint8)
    return of_digits("My digits", images, np.array(labels, np.uint8))


def shuffled_rows(dataset: Dataset) -> Dataset:
    """The same samples in another order."""
    order = np.random.default_rng(1).permutation(len(dataset))
    return dataset.taken(order)


@functools.cache
def mnist() -> Dataset:
    """The 60,000 training pictures, read once."""
    return load_mnist_train()


@functools.cache
def digits(count: int, dtype: str = "float64") -> Samples:
    """The first real digits of MNIST."""
    return Samples.of(mnist(), np.arange(count), dtype)
