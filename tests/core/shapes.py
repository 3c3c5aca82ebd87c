"""Small data sets of other shapes than MNIST's, and files of them: letters, flowers, moons."""

from __future__ import annotations

import functools
import string
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.dataset import Dataset
from micronn_core.data.features import Columns, Pixels

FLOWERS = ("setosa", "versicolor", "virginica")
FLOWER_COLUMNS = ("sepal length", "sepal width", "petal length", "petal width")


@functools.cache
def letters(count: int = 780) -> Dataset:
    """Pictures of 8x8 pixels in 26 classes: a pattern for each letter, under noise."""
    rng = np.random.default_rng(26)
    patterns = rng.random((26, 64)) > 0.6
    labels = np.arange(count) % 26
    noise = rng.random((count, 64)) > 0.97
    values = np.where(patterns[labels] ^ noise, rng.integers(150, 256, (count, 64)), 0)
    return Dataset("Letters", values, labels.astype(np.uint8), Pixels(8, 8), tuple(string.ascii_uppercase))


@functools.cache
def flowers(count: int = 150) -> Dataset:
    """Four named columns in 3 classes: clouds around three middles, as of irises."""
    rng = np.random.default_rng(3)
    labels = np.arange(count) % 3
    middles = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
    values = np.round(middles[labels] + rng.normal(0, 0.25, (count, 4)), 2)
    return Dataset("Flowers", values, labels.astype(np.uint8), Columns.of(FLOWER_COLUMNS, values), FLOWERS)


@functools.cache
def moons(count: int = 200) -> Dataset:
    """Two columns in 2 classes: two half circles that reach into each other."""
    rng = np.random.default_rng(2)
    labels = np.arange(count) % 2
    angle = rng.random(count) * np.pi
    x = np.where(labels == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(labels == 0, np.sin(angle), 0.5 - np.sin(angle))
    values = np.round(np.stack([x, y], axis=1) + rng.normal(0, 0.05, (count, 2)), 3)
    return Dataset("Moons", values, labels.astype(np.uint8), Columns.of(("x", "y"), values), ("0", "1"))


SHAPES = {"letters": letters, "flowers": flowers, "moons": moons}


def column_names(dataset: Dataset) -> list[str]:
    """The names of a data set's columns, or the usual ones of pixels."""
    features = dataset.features
    if isinstance(features, Columns):
        return list(features.names)
    return [f"pixel{i}" for i in range(features.count)]


def write_csv(path: Path, dataset: Dataset, header: bool = True, label_last: bool = False) -> Path:
    """Write a data set as a table, its labels as the names of the classes."""
    lines = [["label", *column_names(dataset)]] if header else []
    for row, label in zip(dataset.values.tolist(), dataset.labels, strict=True):
        lines.append([dataset.class_names[label], *map(str, row)])
    if label_last:
        lines = [[*rest, label] for label, *rest in lines]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    return path


def write_npz(path: Path, dataset: Dataset) -> Path:
    """Write a data set as the arrays x and y, and the names of its columns if it has any."""
    values: NDArray[np.generic] = dataset.values
    names = np.array(dataset.class_names)[dataset.labels]
    if isinstance(dataset.features, Columns):
        np.savez(path, x=values, y=names, names=np.array(dataset.features.names))
    else:
        np.savez(path, x=values.reshape(-1, *dataset.features.image_shape), y=names)
    return path
