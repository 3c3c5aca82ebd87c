"""Whether samples from a file are likely to be what they are taken for, said in words with the remedy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import mark, tr, trn
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, WHITE, Pixels
from micronn_core.data.mnist import load_mnist_test

FEW = 20
"""Fewer samples than this say nothing about what the others are like."""

MOST_TRIED = 2_000
"""Most pictures by which it is told how they lie."""

ON_SIDE = mark(
    "The pictures lie on their side, as EMNIST's do: turned over the diagonal they look like digits."
)

BETTER = 0.25
"""How much more of the pictures must look like MNIST's when turned for them to lie on their side."""


def remarks_on(dataset: Dataset) -> tuple[str, ...]:
    """Return what is strange about samples from a file, each in a sentence; nothing if all seems well."""
    found = [*_about_classes(dataset)]
    if isinstance(dataset.features, Pixels) and len(dataset) >= FEW:
        found += [*_about_ground(dataset, dataset.features)]
        if dataset.spec == DIGITS_SPEC and lie_on_their_side(dataset):
            found.append(tr(ON_SIDE))
    return tuple(found)


def _about_classes(dataset: Dataset) -> list[str]:
    counts = np.bincount(dataset.labels, minlength=len(dataset.class_names))
    present = np.flatnonzero(counts)
    if len(present) == 1 and len(dataset) > 1:
        label = dataset.class_names[present[0]]
        return [
            tr(
                "All {count:,} samples have the label {label}, so there is nothing to tell apart. "
                "Is the label really in that column?",
                count=len(dataset),
                label=label,
            )
        ]
    missing = [name for name, count in zip(dataset.class_names, counts, strict=True) if not count]
    if missing and len(dataset) >= FEW:
        return [
            trn(
                "There is no sample of the class {names}: a network cannot learn it from these.",
                "There are no samples of the classes {names}: a network cannot learn them from these.",
                len(missing),
                names=", ".join(missing),
            )
        ]
    return []


def _about_ground(dataset: Dataset, pixels: Pixels) -> list[str]:
    pictures = dataset.values[:MOST_TRIED].reshape(-1, pixels.height, pixels.width)
    edges = (pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1])
    if np.median(np.concatenate(edges, axis=1)) <= WHITE / 2:
        return []
    return [
        tr(
            "The pictures are dark on a light ground, and MNIST's are light on a dark one: a network learns "
            "from either, but one that has learned from the one cannot read the other."
        )
    ]


def lie_on_their_side(dataset: Dataset) -> bool:
    """Return whether pictures of digits look like MNIST's when turned over the diagonal, and not as they are.

    Each picture is compared to the mean picture of each of MNIST's digits.
    """
    chosen = np.linspace(0, len(dataset) - 1, min(len(dataset), MOST_TRIED)).astype(np.intp)
    values, labels = dataset.values[chosen].astype(np.float32), dataset.labels[chosen]
    upright = _share_like_mnist(values, labels)
    side = DIGITS_SPEC.features.image_shape
    assert side is not None
    over = values.reshape(-1, *side).transpose(0, 2, 1).reshape(values.shape)
    return _share_like_mnist(over, labels) > upright + BETTER


def _share_like_mnist(values: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    means = _means()
    distances = (means**2).sum(axis=1) - 2 * values @ means.T
    return float(np.mean(distances.argmin(axis=1) == labels))


@lru_cache(maxsize=1)
def _means() -> NDArray[np.float32]:
    """Return the mean picture of each of MNIST's digits, (10, 784), 0 to 255."""
    known = load_mnist_test()
    digits = range(len(known.class_names))
    return np.stack([known.values[known.labels == digit].mean(axis=0, dtype=np.float32) for digit in digits])
