"""Labelled samples, and how they become the numbers that a network learns from.

A `Dataset` holds samples as they are stored, one per row: pictures as bytes, columns of a table as
numbers. `Samples` holds what the network sees: scaled numbers, one *column* per sample.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.features import GREATEST, LONGEST_NAME, Columns, DataSpec, Features, Pixels

_Scalar = TypeVar("_Scalar", bound=np.generic)

_ROWS_AT_ONCE = 1024
"""Rows scaled together: they stay in the processor's cache and need no large copy beside the result."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled samples of one kind.

    Attributes:
        name: what to call the dataset, for example "MNIST, training".
        values: (m, n), one sample per row as it is stored, read-only: bytes from 0 (black) to 255
            (white), or the numbers of a table's columns.
        labels: (m,), the class of each sample as an index into `class_names`, read-only.
        features: what the n values of a sample mean.
        class_names: the name of each class.
        remarks: what was found unusual when they were read, and what was done about it, in words.

    Raises:
        DataError: the shapes do not fit together, a label names no class, a name cannot be used, or a
            value is no number.
    """

    name: str
    values: NDArray[Any]
    labels: NDArray[np.uint8]
    features: Features
    class_names: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, self.features.stored_dtype)
        object.__setattr__(self, "values", read_only(values))
        object.__setattr__(self, "labels", read_only(np.ascontiguousarray(self.labels, np.uint8)))
        if self.values.shape != (len(self.labels), self.features.count):
            raise DataError(self._misfit())
        check_labels(self.name, self.labels, len(self.class_names))
        columns = self.features.names if isinstance(self.features, Columns) else ()
        _check_names(self.name, (*self.class_names, *columns))
        if values.dtype.kind == "f" and not (np.abs(values) <= GREATEST).all():
            sample, column = np.argwhere(~(np.abs(values) <= GREATEST))[0]
            raise DataError(
                tr(
                    "{name}: sample {sample:,} has no finite number in {column}, or one beyond {most:g}. "
                    "Correct or remove it.",
                    name=self.name,
                    sample=int(sample) + 1,
                    most=GREATEST,
                    column=self.features.label(int(column)),
                )
            )

    def _misfit(self) -> str:
        places = {"name": self.name, "count": len(self.labels), "shape": self.values.shape}
        if isinstance(self.features, Pixels):
            return tr(
                "{name}: {count:,} labels and pictures of {height} x {width} pixels "
                "do not fit an array of shape {shape}.",
                height=self.features.height,
                width=self.features.width,
                **places,
            )
        return tr(
            "{name}: {count:,} labels and {columns:,} columns do not fit an array of shape {shape}.",
            columns=self.features.count,
            **places,
        )

    @property
    def spec(self) -> DataSpec:
        """What the inputs and answers of a network of these samples mean."""
        return DataSpec(self.features, self.class_names)

    def __len__(self) -> int:
        return len(self.labels)

    def taken(self, indices: NDArray[np.integer]) -> Dataset:
        """Return the samples at these places, (m,), in their order."""
        return replace(self, values=self.values[indices], labels=self.labels[indices])

    def transposed(self) -> Dataset:
        """Return the samples with their pictures turned over the diagonal, and without remarks.

        Raises:
            DataError: they are no pictures.
        """
        if not isinstance(self.features, Pixels):
            raise DataError(
                tr("{name} holds columns of numbers, and only pictures can be turned.", name=self.name)
            )
        height, width = self.features.height, self.features.width
        values = self.values.reshape(-1, height, width).transpose(0, 2, 1).reshape(self.values.shape)
        return replace(self, values=values, features=Pixels(width, height), remarks=())

    def in_order(self) -> Dataset:
        """Return the same samples in an order that depends on nothing but them and their labels."""
        keys = [(int(label), row.tobytes()) for label, row in zip(self.labels, self.values, strict=True)]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return self.taken(np.array(order, np.intp))

    def fingerprint(self) -> str:
        """Return the number of samples and a digest of them and their labels, such as "23-0f3a9c...".

        Whoever has the same samples with the same labels, in whatever order, has the same fingerprint.
        """
        ordered = self.in_order()
        digest = hashlib.sha256(ordered.labels.tobytes() + ordered.values.tobytes()).hexdigest()
        return f"{len(self)}-{digest[:16]}"

    def digest(self) -> str:
        """Return what tells whether these are the same samples in the same order."""
        content = self.values.tobytes() + self.labels.tobytes()
        return hashlib.blake2b(content, digest_size=8).hexdigest()

    def joined(self, more: Dataset) -> Dataset:
        """Return these samples and behind them others of the same kind.

        Raises:
            DataError: they are of another kind.
        """
        if more.spec != self.spec:
            raise DataError(
                tr(
                    "{more} and {name} differ in picture size, columns or classes.",
                    more=more.name,
                    name=self.name,
                )
            )
        values, labels = (
            np.concatenate([getattr(part, name) for part in (self, more)]) for name in ("values", "labels")
        )
        return replace(self, values=values, labels=labels)


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples as a network sees them: each is a column, scaled as its features say.

    Attributes:
        x: (n, m), read-only. In memory each sample is contiguous, so `x` is the transpose
            of a row-major array: the formulas read as in the textbook, and products run fast.
        labels: (m,), the class of each sample, read-only.
        spec: what the n values and the classes mean; None for made-up ones that mean nothing.
    """

    x: NDArray[np.floating]
    labels: NDArray[np.intp]
    spec: DataSpec | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", read_only(np.ascontiguousarray(self.x.T)).T)
        object.__setattr__(self, "labels", read_only(np.asarray(self.labels, np.intp)))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def rows(self) -> NDArray[np.floating]:
        """(m, n): the same memory as `x`, one sample per row."""
        return self.x.T

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        indices: NDArray[np.integer] | None = None,
        dtype: DTypeLike = np.float32,
        white: float = 1.0,
    ) -> Samples:
        """Scale a dataset: pixels to 0..1 (divided by 255) or to 0..`white`, columns by mean and deviation.

        Args:
            dataset: the samples.
            indices: (m,), which of them to take and in which order; all of them if None.
            dtype: float32 or float64.
            white: what a white pixel becomes.
        """
        count = len(dataset) if indices is None else len(indices)
        rows = np.empty((count, dataset.features.count), dtype)
        for start in range(0, count, _ROWS_AT_ONCE):
            piece = slice(start, start + _ROWS_AT_ONCE)
            stored = dataset.values[piece if indices is None else indices[piece]]
            dataset.features.scale(stored, rows[piece], white)
        labels = dataset.labels if indices is None else dataset.labels[indices]
        return cls(rows.T, labels.astype(np.intp), dataset.spec)


def one_hot(labels: NDArray[np.integer], classes: int, dtype: DTypeLike = np.float32) -> NDArray[np.floating]:
    """Turn labels into target columns, (classes, m): 1 in the row of the label, 0 elsewhere.

    Raises:
        DataError: a label is not between 0 and `classes` - 1.
    """
    check_labels(tr("One-hot encoding"), labels, classes)
    rows = np.zeros((len(labels), classes), dtype)
    rows[np.arange(len(labels)), labels] = 1
    return rows.T


def check_labels(source: str, labels: NDArray[np.integer], classes: int) -> None:
    """Raise a DataError that names the first label outside 0..classes - 1, and its place in `source`."""
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if outside.size:
        raise DataError(
            tr(
                "{source}: sample {sample:,} has the label {label}; labels run from 0 to {last}. "
                "Remove the samples of other classes.",
                source=source,
                sample=int(outside[0]) + 1,
                label=str(labels[outside[0]]),
                last=classes - 1,
            )
        )


def _check_names(source: str, names: Iterable[str]) -> None:
    """Raise a DataError if a name of a class or a column is too long to be shown, or cannot be written."""
    for name in names:
        try:
            name.encode()
            fault = "" if len(name) <= LONGEST_NAME else tr("more than {most:,} letters", most=LONGEST_NAME)
        except UnicodeEncodeError:
            fault = tr("a letter that is none")
        if fault:
            raise DataError(
                tr(
                    "{source}: the name {name!r} has {fault}. Change it.",
                    source=source,
                    name=name,
                    fault=fault,
                )
            )


def read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a view that cannot be written to; the caller's own array stays as it was."""
    view = array.view()
    view.setflags(write=False)
    return view
