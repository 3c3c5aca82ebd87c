"""How well photographs of digits are read, of each kind, and by the steps of their way.

It runs alone too: python -m tests.benchmarks.pictures.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console

from micronn_core.common.errors import DataError
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.images import picture_in
from micronn_core.drawing.photographs.decoding import decode
from micronn_core.drawing.photographs.normalising import normalise
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import load_ready
from tests.benchmarks.measuring import Report
from tests.photographs import CONDITIONS, photograph

DIGITS = 100
SURE = 0.9
"""Probability from which an answer is sure."""


class Read(NamedTuple):
    """What became of the photographs of a condition: how many are right, surely wrong, and refused."""

    right: int
    surely_wrong: int
    refused: int
    median_ms: float


def measure() -> Report:
    """Return what was read before there were steps, and what is read with them."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        before = list(pool.map(partial(read_all, reader=by_one_ground), CONDITIONS))
        after = list(pool.map(partial(read_all, reader=picture_in), CONDITIONS))
    rows = tuple(
        (
            name,
            f"{first.right}",
            f"{first.surely_wrong}",
            f"{then.right}",
            f"{then.surely_wrong}",
            f"{then.refused}",
            f"{then.median_ms:.0f}",
        )
        for name, first, then in zip(CONDITIONS, before, after, strict=True)
    )
    return Report(
        "Photographs: right of 100 digits",
        ("condition", "one ground", "sure and wrong", "right", "sure and wrong", "refused", "median, ms"),
        rows,
        (
            "MNIST's first 100 test digits, photographed by a program, amounts by chance; network: strong.",
            f"Sure: a probability above {SURE}. One ground: the border's, the same for all of the picture.",
            "Aim: at least 95 right, hardly one that is sure and wrong, none fewer than by one ground.",
        ),
    )


def read_all(condition: str, reader: Callable[[bytes], NDArray[np.uint8]], count: int = DIGITS) -> Read:
    """Read as many photographs of a condition, and count what becomes of them."""
    data = load_mnist_test()
    right = surely_wrong = refused = 0
    times = []
    for i, (digit, label) in enumerate(zip(data.values[:count], data.labels, strict=False)):
        content = io.BytesIO()
        photograph(digit.reshape(28, 28), condition, i).save(content, "PNG", compress_level=1)
        start = time.perf_counter()
        try:
            picture = reader(content.getvalue())
        except DataError:
            refused += 1
            continue
        finally:
            times.append(time.perf_counter() - start)
        shares = answer(picture)
        right += int(shares.argmax()) == label
        surely_wrong += int(shares.argmax()) != label and float(shares.max()) > SURE
    return Read(right, surely_wrong, refused, 1000 * float(np.median(times)))


@cache
def _network() -> Network:
    return load_ready("strong").network


def answer(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the strong network's probabilities of the ten digits."""
    return _network().forward(np.float32(picture.reshape(-1, 1) / 255)).probabilities[:, 0]


def by_one_ground(content: bytes) -> NDArray[np.uint8]:
    """Read a picture as if all of its ground were as bright as the middle of its border."""
    grey = decode(io.BytesIO(content), "picture")
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    if grey.shape == (28, 28) and ground <= 127:
        return np.asarray(Image.fromarray(grey).convert("L"))
    return normalise(np.maximum(ground - grey if ground > 127 else grey - ground, 0))


if __name__ == "__main__":
    Console().print(measure().as_rich())
