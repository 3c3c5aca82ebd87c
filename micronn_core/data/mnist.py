"""MNIST, and IDX, the file format that was made for it.

An IDX file is a few big-endian 32-bit numbers, then bytes: the magic number 0x803, count, height
and width before pictures; the magic number 0x801 and count before labels. MNIST is by Yann LeCun
and Corinna Cortes, derived from NIST, under CC BY-SA 3.0; all of it travels with MicroNN.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.resources import resource
from micronn_core.data.dataset import Dataset, check_labels

IMAGES_MAGIC = bytes.fromhex("00000803")
LABELS_MAGIC = bytes.fromhex("00000801")
GZIP_MAGIC = bytes.fromhex("1f8b")

_CONTENTS = {IMAGES_MAGIC: "pictures", LABELS_MAGIC: "labels"}
_COPY_AGAIN = "Copy or download the file again."
_REINSTALL = "MicroNN brings this file along: reinstall MicroNN to restore it."


def load_mnist_train() -> Dataset:
    """Read the 60,000 training pictures that come with MicroNN.

    Raises:
        DataError: a file is missing, truncated or not MNIST's; names the file and the remedy.
    """
    return _load_embedded("MNIST, training", "train", count=60_000, checksum=0xDF6DDE61)


def load_mnist_test() -> Dataset:
    """Read the 10,000 test pictures that come with MicroNN; raises DataError as `load_mnist_train`."""
    return _load_embedded("MNIST, test", "t10k", count=10_000, checksum=0x190E897B)


def read_idx(images_path: Path | str, labels_path: Path | str, remedy: str = _COPY_AGAIN) -> Dataset:
    """Read a pair of IDX files, plain or gzipped.

    Args:
        images_path: the file of pictures, magic number 0x803.
        labels_path: the file of labels, magic number 0x801, digits 0 to 9.
        remedy: the sentence that tells the reader of an error what to do.

    Raises:
        DataError: a file is missing, unreadable, truncated, too long or of another format, the
            counts differ, or a label is not a digit.
    """
    images = _read_array(Path(images_path), IMAGES_MAGIC, dimensions=3, remedy=remedy)
    labels = _read_array(Path(labels_path), LABELS_MAGIC, dimensions=1, remedy=remedy)
    count, height, width = images.shape
    if count != len(labels):
        raise DataError(
            f"{images_path} holds {count:,} pictures, but {labels_path} holds {len(labels):,} labels. "
            f"They are not a pair. {remedy}"
        )
    check_labels(str(labels_path), labels, classes=10)
    return Dataset(Path(images_path).name, images.reshape(count, -1), labels, image_shape=(height, width))


@contextmanager
def opened(path: Path, remedy: str = _COPY_AGAIN) -> Iterator[BufferedIOBase]:
    """Open a file to read bytes, unpacking gzip if that is what it holds, whatever its name.

    Raises:
        DataError: instead of any error of the file system, gzip or memory, here or in the body.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            if packed:
                with gzip.open(raw) as unpacked:
                    yield unpacked
            else:
                yield raw
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such file. {remedy}") from error
    except IsADirectoryError as error:
        raise DataError(f"{path} is a folder. Choose a file in it.") from error
    except PermissionError as error:
        raise DataError(f"{path}: no permission to read it. Change its permissions.") from error
    except EOFError as error:
        raise DataError(f"{path}: the file is truncated, its gzip data end too early. {remedy}") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: the gzip data are damaged ({error}). {remedy}") from error
    except MemoryError as error:
        raise DataError(f"{path}: the file does not fit into memory. Use a smaller one.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}. {remedy}") from error


def _read_array(path: Path, magic: bytes, dimensions: int, remedy: str) -> NDArray[np.uint8]:
    """Read one IDX file of unsigned bytes, checking that it is exactly as long as its header says."""
    with opened(path, remedy) as stream:
        found = stream.read(len(magic))
        if found != magic:
            content = _CONTENTS.get(found, "something else") if found else "nothing"
            raise DataError(
                f"{path} is not an IDX file of {_CONTENTS[magic]}: it should begin with 0x{magic.hex()}, "
                f"but begins with 0x{found.hex()} ({content}). {remedy}"
            )
        header = stream.read(4 * dimensions)
        if len(header) < 4 * dimensions:
            raise DataError(f"{path}: the file is truncated, it ends within its header. {remedy}")
        shape = tuple(int(size) for size in np.frombuffer(header, ">u4"))
        if prod(shape) == 0:
            raise DataError(f"{path} holds no {_CONTENTS[magic]} (its header says {shape}). {remedy}")
        array = _empty(path, shape, remedy)
        # A gzip stream is read to its very end, since only there is its checksum compared.
        length, more = _fill(stream, array), stream.read(1)
    if length < array.size:
        raise DataError(
            f"{path}: the file is truncated, {length:,} of {array.size:,} bytes are there. {remedy}"
        )
    if more:
        raise DataError(f"{path}: the file is longer than its header says ({array.size:,} bytes). {remedy}")
    return array


def _empty(path: Path, shape: tuple[int, ...], remedy: str) -> NDArray[np.uint8]:
    """Reserve memory for what the header promises; a damaged header may promise the impossible."""
    try:
        return np.empty(shape, np.uint8)
    except (MemoryError, ValueError) as error:
        raise DataError(
            f"{path}: the header is damaged, it promises {prod(shape):,} bytes. {remedy}"
        ) from error


def _fill(stream: BufferedIOBase, array: NDArray[np.uint8]) -> int:
    """Read into the array until it is full or the stream ends; returns the number of bytes read."""
    target, length = array.data.cast("B"), 0
    while count := stream.readinto(target[length:]):
        length += count
    return length


def _load_embedded(name: str, prefix: str, count: int, checksum: int) -> Dataset:
    """Read a pair of MicroNN's own files and make sure that they are MNIST's and no other pictures."""
    images_path = resource("mnist", f"{prefix}-images-idx3-ubyte.gz")
    labels_path = resource("mnist", f"{prefix}-labels-idx1-ubyte.gz")
    found = read_idx(images_path, labels_path, _REINSTALL)
    if len(found) != count or zlib.crc32(found.labels.data, zlib.crc32(found.images.data)) != checksum:
        raise DataError(f"{images_path} and its labels hold other pictures than MNIST's. {_REINSTALL}")
    return Dataset(name, found.images, found.labels)
