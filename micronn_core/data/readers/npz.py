"""NumPy's archives (.npz): samples in an array "x", labels in an array "y".

`x` is (m, height, width) or (m, n) and `y` (m,), of whole numbers or texts. Bytes of three dimensions,
or of a square number of columns, are pictures; other numbers are columns, which an array "names" may
name. Nothing in a file is ever executed (no pickle).
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.archives import JSON, Archive, archive_in
from micronn_core.common.errors import DataError
from micronn_core.common.files import reading
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import LONGEST_NAME, MAX_FEATURES, WHITE, Columns, Features, Pixels
from micronn_core.data.readers.brightness import are_pixels, as_bytes
from micronn_core.data.readers.classes import named_classes, numbered_classes
from micronn_core.data.readers.files import MOST_SAMPLE_BYTES, check_memory, opened
from micronn_core.data.readers.table import square

_DAMAGED = mark("{path}: the archive is damaged ({error}). Copy or save it again.")
_MOST_NAME_BYTES = 4 * LONGEST_NAME
_FORM = "x (samples, height, width) or (samples, columns), y (samples,)"


def read_npz(path: Path | str) -> Dataset:
    """Read an archive with the arrays x and y.

    Raises:
        DataError: says what is wrong with which array, and what to do.
    """
    path = Path(path)
    with opened(path) as stream, reading(path, DataError, _DAMAGED), archive_in(stream) as archive:
        return _dataset(path, archive)


def _dataset(path: Path, archive: Archive) -> Dataset:
    if JSON in archive:
        raise DataError(
            tr("{path} is a saved network and holds no samples. Choose a file of samples.", path=path)
        )
    missing = [name for name in ("x", "y") if name not in archive]
    if missing:
        raise DataError(
            tr(
                "{path} has no array {name!r}; its arrays are {names}. Save one with {form}.",
                path=path,
                name=missing[0],
                names=", ".join(archive.arrays) or tr("none"),
                form=_FORM,
            )
        )
    check_memory(path, archive.length("x"))
    x, y = (archive.array(name, MOST_SAMPLE_BYTES) for name in ("x", "y"))
    if x.ndim not in (2, 3) or y.shape != x.shape[:1] or x.size == 0:
        raise DataError(
            tr(
                "{path}: x has the shape {x} and y {y}; needed are {form}.",
                path=path,
                x=x.shape,
                y=y.shape,
                form=_FORM,
            )
        )
    if x.dtype.kind not in "buif" or y.dtype.kind not in "uiU":
        raise DataError(
            tr(
                "{path}: x holds {x} and y {y}; needed are numbers, and whole numbers or texts as labels.",
                path=path,
                x=x.dtype,
                y=y.dtype,
            )
        )
    features, remark = _features(path, archive, x), ""
    if isinstance(features, Pixels):
        x, remark = as_bytes(x.reshape(len(x), -1))
    source = str(path)
    if y.dtype.kind == "U":
        labels, names = named_classes(source, y.tolist())
    else:
        labels, names = numbered_classes(source, y, features)
    return Dataset(path.name, x.reshape(len(x), -1), labels, features, names, tuple(filter(None, [remark])))


def _features(path: Path, archive: Archive, x: NDArray[Any]) -> Features:
    count = prod(x.shape[1:])
    if count > MAX_FEATURES:
        raise DataError(
            tr(
                "{path}: a sample has {count:,} values; {most:,} are the most.",
                path=path,
                count=count,
                most=MAX_FEATURES,
            )
        )
    if x.ndim == 3:
        if x.dtype != np.uint8 and not are_pixels(x):
            raise DataError(
                tr(
                    "{path}: the pixels in x must be whole numbers from 0 to {white}, or go up to 1 only.",
                    path=path,
                    white=WHITE,
                )
            )
        return Pixels(*x.shape[1:])
    pixels = square(count)
    if pixels and x.dtype == np.uint8 and "names" not in archive:
        return pixels
    names = archive.array("names", _MOST_NAME_BYTES * count) if "names" in archive else None
    if names is not None and names.shape == (count,):
        return Columns.of(tuple(map(str, names.tolist())), x.astype(np.float64))
    return Columns.of(tuple(f"x{i}" for i in range(1, count + 1)), x.astype(np.float64))
