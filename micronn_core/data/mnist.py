"""MNIST, which travels with MicroNN: 70,000 handwritten digits of 28x28 pixels.

It is by Yann LeCun and Corinna Cortes, derived from NIST, under CC BY-SA 3.0.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from micronn_core.common.errors import DataError
from micronn_core.common.resources import resource
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.readers.idx import read_idx

_REINSTALL = mark("MicroNN brings this file along: reinstall MicroNN to restore it.")


def load_mnist_train() -> Dataset:
    """Read the 60,000 training pictures that come with MicroNN.

    Raises:
        DataError: a file is missing, truncated or not MNIST's; names the file and the remedy.
    """
    return _load_embedded("MNIST, training", "train", count=60_000, checksum=0xDF6DDE61)


def load_mnist_test() -> Dataset:
    """Read the 10,000 test pictures that come with MicroNN; raises DataError as `load_mnist_train`."""
    return _load_embedded("MNIST, test", "t10k", count=10_000, checksum=0x190E897B)


def _load_embedded(name: str, prefix: str, count: int, checksum: int) -> Dataset:
    """Read a pair of MicroNN's own files and make sure that they are MNIST's and no other pictures."""
    images_path = resource("mnist", f"{prefix}-images-idx3-ubyte.gz")
    labels_path = resource("mnist", f"{prefix}-labels-idx1-ubyte.gz")
    found = read_idx(images_path, labels_path, _REINSTALL)
    if len(found) != count or zlib.crc32(found.labels.data, zlib.crc32(found.values.data)) != checksum:
        raise DataError(
            tr(
                "{path} and its labels hold other pictures than MNIST's. {remedy}",
                path=images_path,
                remedy=tr(_REINSTALL),
            )
        )
    return replace(found, name=name)
