"""Labelled pictures, and how they become the numbers that a network learns from.

A `Dataset` holds pictures as they are stored: bytes, one row per picture. `Samples` holds what
the network sees: numbers from 0 to 1, one *column* per picture. A `Split` is two disjoint sets
of samples, drawn from a dataset by a seed. The tables at the foot list the datasets and the
splits there are; the interface and the command line read their choices from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.common.errors import DataError

DIGITS = tuple("0123456789")
WHITE = 255
"""The largest value of a pixel; it becomes 1.0."""

_Scalar = TypeVar("_Scalar", bound=np.generic)

_ROWS_AT_ONCE = 1024
"""Rows scaled together: they stay in the processor's cache and need no large copy beside the result."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pictures of one size.

    Attributes:
        name: what to call the dataset, for example "MNIST, training".
        images: (m, pixels), one picture per row, 0 (black) to 255 (white), read-only.
        labels: (m,), the class of each picture as an index into `class_names`, read-only.
        class_names: the name of each class.
        image_shape: height and width of a picture in pixels.

    Raises:
        DataError: the shapes do not fit together or a label names no class.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    class_names: tuple[str, ...] = DIGITS
    image_shape: tuple[int, int] = (28, 28)

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", _read_only(np.ascontiguousarray(self.images, np.uint8)))
        object.__setattr__(self, "labels", _read_only(np.ascontiguousarray(self.labels, np.uint8)))
        if self.images.shape != (len(self.labels), prod(self.image_shape)):
            height, width = self.image_shape
            raise DataError(
                f"{self.name}: {len(self.labels):,} labels and pictures of {height} x {width} pixels "
                f"do not fit an array of shape {self.images.shape}."
            )
        check_labels(self.name, self.labels, len(self.class_names))

    def __len__(self) -> int:
        return len(self.labels)

    def in_order(self) -> Dataset:
        """Return the same pictures in an order that depends on nothing but them and their labels."""
        keys = [(int(label), image.tobytes()) for label, image in zip(self.labels, self.images, strict=True)]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return replace(self, images=self.images[order], labels=self.labels[order])

    def fingerprint(self) -> str:
        """Return the number of pictures and a digest of them and their labels, such as "23-0f3a9c...".

        Whoever has the same pictures with the same labels, in whatever order, has the same fingerprint.
        """
        ordered = self.in_order()
        digest = hashlib.sha256(ordered.labels.tobytes() + ordered.images.tobytes()).hexdigest()
        return f"{len(self)}-{digest[:16]}"


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures as a network sees them: columns are samples, pixels from 0 to 1 (or the deep network's 255).

    Attributes:
        x: (pixels, m), read-only. In memory each sample is contiguous, so `x` is the transpose
            of a row-major array: the formulas read as in the textbook, and products run fast.
        labels: (m,), the class of each sample, read-only.
    """

    x: NDArray[np.floating]
    labels: NDArray[np.intp]

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", _read_only(np.ascontiguousarray(self.x.T)).T)
        object.__setattr__(self, "labels", _read_only(np.asarray(self.labels, np.intp)))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def rows(self) -> NDArray[np.floating]:
        """(m, pixels): the same memory as `x`, one sample per row."""
        return self.x.T

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        indices: NDArray[np.integer] | None = None,
        dtype: DTypeLike = np.float32,
        white: float = 1.0,
    ) -> Samples:
        """Scale a dataset to 0..1 by dividing by 255, or to 0..`white`.

        Args:
            dataset: the pictures.
            indices: (m,), which pictures to take and in which order; all of them if None.
            dtype: float32 or float64.
            white: what a white pixel becomes.
        """
        count = len(dataset) if indices is None else len(indices)
        rows = np.empty((count, dataset.images.shape[1]), dtype)
        for start in range(0, count, _ROWS_AT_ONCE):
            piece = slice(start, start + _ROWS_AT_ONCE)
            rows[piece] = dataset.images[piece if indices is None else indices[piece]]
            rows[piece] /= WHITE / white
        labels = dataset.labels if indices is None else dataset.labels[indices]
        return cls(rows.T, labels.astype(np.intp))


@dataclass(frozen=True, eq=False)
class Split:
    """Two disjoint sets of samples: one to learn from, one to judge by.

    Attributes:
        train: the samples that the gradients are computed on.
        validation: samples that the network never learns from.
        train_indices: (m,), the place of each training sample in the dataset, read-only; more
            samples that were added to them have the places behind its end.
        validation_indices: the same for the validation samples.
    """

    train: Samples
    validation: Samples
    train_indices: NDArray[np.intp]
    validation_indices: NDArray[np.intp]


def split(
    dataset: Dataset,
    train_count: int,
    validation_count: int,
    seed: int,
    dtype: DTypeLike = np.float32,
    more: Dataset | None = None,
    white: float = 1.0,
) -> Split:
    """Shuffle a dataset by a seed and cut it: the training samples first, then the validation samples.

    The seed opens a random stream of its own, so that the choice of samples depends on nothing
    else that is drawn from the same seed. Samples beyond the two counts are left out.

    Args:
        dataset: the pictures.
        train_count: how many of them to train on.
        validation_count: how many of them to validate on.
        seed: decides which.
        dtype: float32 or float64.
        more: pictures to train on as well, all of them; what is validated on stays the same.
        white: what a white pixel becomes.

    Raises:
        DataError: a count is below one, the dataset has fewer samples than both counts together,
            or its pictures are not of the size of those to be added.
    """
    if train_count < 1 or validation_count < 1:
        raise DataError(
            f"A split needs at least one sample to train and one to validate on; "
            f"{train_count:,} and {validation_count:,} were asked for."
        )
    needed = train_count + validation_count
    if needed > len(dataset):
        raise DataError(
            f"{dataset.name} has {len(dataset):,} samples, but the split needs {needed:,} "
            f"({train_count:,} to train, {validation_count:,} to validate). Choose a smaller split."
        )
    order = _read_only(np.random.default_rng([seed, 1]).permutation(len(dataset)))
    train, validation = order[:train_count], order[train_count:needed]
    if more is not None:
        train = _read_only(np.concatenate([train, np.arange(len(more)) + len(dataset)]))
        dataset = _joined(dataset, more.in_order())
    learned, judged = (Samples.of(dataset, indices, dtype, white) for indices in (train, validation))
    return Split(learned, judged, train, validation)


def _joined(dataset: Dataset, more: Dataset) -> Dataset:
    """Return the pictures of one dataset and behind them those of another."""
    if more.image_shape != dataset.image_shape or more.class_names != dataset.class_names:
        raise DataError(f"{more.name} and {dataset.name} differ in picture size or in classes.")
    images = np.concatenate([dataset.images, more.images])
    return replace(dataset, images=images, labels=np.concatenate([dataset.labels, more.labels]))


def one_hot(labels: NDArray[np.integer], classes: int, dtype: DTypeLike = np.float32) -> NDArray[np.floating]:
    """Turn labels into target columns, (classes, m): 1 in the row of the label, 0 elsewhere.

    Raises:
        DataError: a label is not between 0 and `classes` - 1.
    """
    check_labels("One-hot encoding", labels, classes)
    rows = np.zeros((len(labels), classes), dtype)
    rows[np.arange(len(labels)), labels] = 1
    return rows.T


def check_labels(source: str, labels: NDArray[np.integer], classes: int) -> None:
    """Raise a DataError that names the first label outside 0..classes - 1, and its place in `source`."""
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if outside.size:
        raise DataError(
            f"{source}: sample {outside[0] + 1:,} has the label {labels[outside[0]]}; "
            f"labels run from 0 to {classes - 1}. Remove the samples of other classes."
        )


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a view that cannot be written to; the caller's own array stays as it was."""
    view = array.view()
    view.setflags(write=False)
    return view


@dataclass(frozen=True)
class DatasetSource:
    """A dataset that can be chosen by name; its files are read only when it is asked for."""

    name: str
    label: str
    load_train: Callable[[], Dataset]
    load_test: Callable[[], Dataset]
    class_names: tuple[str, ...] = DIGITS
    image_shape: tuple[int, int] = (28, 28)


@dataclass(frozen=True)
class SplitRule:
    """How many samples to train and to validate on, and where that choice comes from."""

    name: str
    label: str
    train_count: int
    validation_count: int
    source: str


# The loaders are imported when called, because mnist.py builds on this module.
def _load_mnist_train() -> Dataset:
    from micronn_core.data.mnist import load_mnist_train

    return load_mnist_train()


def _load_mnist_test() -> Dataset:
    from micronn_core.data.mnist import load_mnist_test

    return load_mnist_test()


DATASETS = {
    source.name: source for source in (DatasetSource("mnist", "MNIST", _load_mnist_train, _load_mnist_test),)
}

SPLITS = {
    rule.name: rule
    for rule in (
        SplitRule("48000/12000", "48k / 12k", 48_000, 12_000, "the MicroNN tutorial: 80/20 of the 60,000"),
        SplitRule(
            "41000/1000", "41k / 1k", 41_000, 1_000, "the Kaggle notebook: 1,000 of 42,000 to validate"
        ),
        SplitRule("19999/9999", "20k / 10k", 19_999, 9_999, "the deep network: files less their first line"),
        SplitRule(
            "55000/5000", "55k / 5k", 55_000, 5_000, "as many to learn from as leave 5,000 to judge by"
        ),
    )
}
