"""The names of classes that a file's labels stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.features import DIGITS_SPEC, MAX_CLASSES, Features

_WHOLE = re.compile(r"\d{1,9}(?:\.0*)?")


def numbered_classes(
    source: str, labels: NDArray[np.integer], features: Features
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Return the classes that whole numbers from 0 stand for.

    The labels 0 to 9 of pictures in MNIST's form are always all ten digits; any other labels are
    the classes that occur, each named by its number.

    Args:
        source: what to call the file.
        labels: (m,).
        features: what the labels are of.

    Returns:
        (m,) indices into the names, and the names.

    Raises:
        DataError: there are too many classes.
    """
    digits = DIGITS_SPEC.class_names
    if features == DIGITS_SPEC.features and labels.min() >= 0 and labels.max() < len(digits):
        return labels.astype(np.uint8), digits
    found, indices = np.unique(labels, return_inverse=True)
    check_count(source, len(found))
    return indices.astype(np.uint8), tuple(map(str, found.tolist()))


def named_classes(source: str, labels: Sequence[str]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Return the classes that the texts of labels stand for: in the order of the alphabet, or of numbers.

    Args:
        source: what to call the file.
        labels: one for each sample.

    Returns:
        (m,) indices into the names, and the names.

    Raises:
        DataError: there are too many classes.
    """
    if all(_WHOLE.fullmatch(label) for label in set(labels)):
        names = tuple(map(str, sorted({int(float(label)) for label in labels})))
        labels = [str(int(float(label))) for label in labels]
    else:
        names = tuple(sorted(set(labels)))
    check_count(source, len(names))
    places = {name: i for i, name in enumerate(names)}
    return np.array([places[label] for label in labels], np.uint8), names


def check_count(source: str, count: int) -> None:
    """Raise a DataError if there are more classes than a network here tells apart."""
    if count > MAX_CLASSES:
        raise DataError(
            tr(
                "{source} has {count:,} different labels; {most} classes are the most. "
                "Is the label really in this column?",
                source=source,
                count=count,
                most=MAX_CLASSES,
            )
        )
