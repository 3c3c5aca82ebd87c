"""IDX, the file format that was made for MNIST.

An IDX file is a few big-endian 32-bit numbers, then bytes: the magic number 0x803, count, height
and width before pictures; the magic number 0x801 and count before labels.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import Pixels
from micronn_core.data.readers.brightness import as_bytes
from micronn_core.data.readers.classes import numbered_classes
from micronn_core.data.readers.files import COPY_AGAIN, OpenedFile, check_memory, opened

IMAGES_MAGIC = bytes.fromhex("00000803")
LABELS_MAGIC = bytes.fromhex("00000801")

_PIECE = 1 << 20
_UNSUSPICIOUS = 1 << 28
"""Bytes that a header may promise, whatever the file's length: it is then said how many are missing."""

_CONTENTS = {IMAGES_MAGIC: mark("pictures"), LABELS_MAGIC: mark("labels")}
_SOMETHING, _NOTHING = mark("something else"), mark("nothing")


def read_idx(images_path: Path | str, labels_path: Path | str, remedy: str = COPY_AGAIN) -> Dataset:
    """Read a pair of IDX files, plain or gzipped.

    Args:
        images_path: the file of pictures, magic number 0x803.
        labels_path: the file of labels, magic number 0x801, whole numbers from 0.
        remedy: the sentence that tells the reader of an error what to do.

    Raises:
        DataError: a file is missing, unreadable, truncated, too long or of another format, the
            counts differ, or there are too many classes.
    """
    images = _read_array(Path(images_path), IMAGES_MAGIC, dimensions=3, remedy=remedy)
    labels = _read_array(Path(labels_path), LABELS_MAGIC, dimensions=1, remedy=remedy)
    count, height, width = images.shape
    if count != len(labels):
        raise DataError(
            tr(
                "{images} holds {count:,} pictures, but {labels} holds {label_count:,} labels. "
                "They are not a pair. {remedy}",
                images=images_path,
                count=count,
                labels=labels_path,
                label_count=len(labels),
                remedy=tr(remedy),
            )
        )
    features = Pixels(height, width)
    indices, names = numbered_classes(str(labels_path), labels, features)
    pixels, remark = as_bytes(images.reshape(count, -1))
    return Dataset(Path(images_path).name, pixels, indices, features, names, tuple(filter(None, [remark])))


def partner(path: Path, exchange: dict[str, str]) -> Path:
    """Find the other file of an IDX pair: the same name with some words exchanged, gzipped or not.

    Raises:
        DataError: it is not there.
    """
    name = path.name
    for word, other in exchange.items():
        name = name.replace(word, other)
    plain = path.with_name(name.removesuffix(".gz"))
    candidates = (plain, plain.with_name(plain.name + ".gz"))
    for candidate in candidates:
        if candidate != path and candidate.exists():
            return candidate
    raise DataError(
        tr(
            "{path} is one of a pair of IDX files, but {name} is not beside it. "
            "Pictures and labels must lie in one folder, named alike with 'images' and 'labels'.",
            path=path,
            name=candidates[0].name,
        )
    )


def _read_array(path: Path, magic: bytes, dimensions: int, remedy: str) -> NDArray[np.uint8]:
    """Read one IDX file of unsigned bytes, checking that it is exactly as long as its header says."""
    places = {"path": path, "content": tr(_CONTENTS[magic]), "remedy": tr(remedy)}
    with opened(path, remedy) as stream:
        found = stream.read(len(magic))
        if found != magic:
            raise DataError(
                tr(
                    "{path} is not an IDX file of {content}: it should begin with 0x{magic}, "
                    "but begins with 0x{found} ({what}). {remedy}",
                    magic=magic.hex(),
                    found=found.hex(),
                    what=tr(_CONTENTS.get(found, _SOMETHING) if found else _NOTHING),
                    **places,
                )
            )
        header = stream.read(4 * dimensions)
        if len(header) < 4 * dimensions:
            raise DataError(
                tr("{path}: the file is truncated, it ends within its header. {remedy}", **places)
            )
        shape = tuple(int(size) for size in np.frombuffer(header, ">u4"))
        if prod(shape) == 0:
            raise DataError(
                tr("{path} holds no {content} (its header says {shape}). {remedy}", shape=shape, **places)
            )
        array = _empty(path, shape, remedy, stream.most)
        # A gzip stream is read to its very end, since only there is its checksum compared.
        length, more = _fill(stream, array), stream.read(1)
    if length < array.size:
        raise DataError(
            tr(
                "{path}: the file is truncated, {length:,} of {size:,} bytes are there. {remedy}",
                length=length,
                size=array.size,
                **places,
            )
        )
    if more:
        raise DataError(
            tr(
                "{path}: the file is longer than its header says ({size:,} bytes). {remedy}",
                size=array.size,
                **places,
            )
        )
    return array


def _empty(path: Path, shape: tuple[int, ...], remedy: str, most: int) -> NDArray[np.uint8]:
    """Make room for what the header promises, unless it promises far more than a file can hold."""
    if (size := prod(shape)) > max(most, _UNSUSPICIOUS):
        raise DataError(
            tr(
                "{path}: the header is damaged, it promises {size:,} bytes. {remedy}",
                path=path,
                size=size,
                remedy=tr(remedy),
            )
        )
    check_memory(path, size)
    return np.empty(shape, np.uint8)  # no memory is taken before something is read into it


def _fill(stream: OpenedFile, array: NDArray[np.uint8]) -> int:
    """Read into the array until it is full or the stream ends; returns the number of bytes read."""
    target, length = array.data.cast("B"), 0
    while count := stream.readinto(target[length : length + _PIECE]):
        length += count
    return length
