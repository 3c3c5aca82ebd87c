"""NumPy's archives (.npz): samples in an array "x", labels in an array "y".

`x` is (m, height, width) or (m, n) and `y` (m,), of whole numbers or texts. Bytes of three dimensions,
or of a square number of columns, are pictures; other numbers are columns, which an array "names" may
name. Nothing in a file is ever executed (no pickle).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import MAX_FEATURES, WHITE, Columns, Features, Pixels
from micronn_core.data.readers.classes import named_classes, numbered_classes
from micronn_core.data.readers.files import opened
from micronn_core.data.readers.table import square

MAX_BYTES = 4 << 30
"""Most bytes that an array may unpack to."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, KeyError, EOFError, RuntimeError)
_FORM = "x (samples, height, width) or (samples, columns), y (samples,)"


def read_npz(path: Path | str) -> Dataset:
    """Read an archive with the arrays x and y.

    Raises:
        DataError: says what is wrong with which array, and what to do.
    """
    path = Path(path)
    with opened(path) as stream:
        try:
            with cast(np.lib.npyio.NpzFile, np.load(stream, allow_pickle=False)) as archive:
                return _dataset(path, archive)
        except _DAMAGE as error:
            raise DataError(
                tr("{path}: the archive is damaged ({error}). Copy or save it again.", path=path, error=error)
            ) from error


def _dataset(path: Path, archive: np.lib.npyio.NpzFile) -> Dataset:
    if "micronn" in archive:
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
                names=", ".join(archive) or tr("none"),
                form=_FORM,
            )
        )
    for name in ("x", "y"):
        _check_length(path, archive, name)
    x, y = archive["x"], archive["y"]
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
    features = _features(path, archive, x)
    source = str(path)
    if y.dtype.kind == "U":
        labels, names = named_classes(source, y.tolist())
    else:
        labels, names = numbered_classes(source, y, features)
    return Dataset(path.name, x.reshape(len(x), -1), labels, features, names)


def _features(path: Path, archive: np.lib.npyio.NpzFile, x: NDArray[Any]) -> Features:
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
        if x.dtype != np.uint8 and not (np.all((x >= 0) & (x <= WHITE)) and np.all(x == np.floor(x))):
            raise DataError(
                tr("{path}: the pixels in x must be whole numbers from 0 to {white}.", path=path, white=WHITE)
            )
        return Pixels(*x.shape[1:])
    pixels = square(count)
    if pixels and x.dtype == np.uint8 and "names" not in archive:
        return pixels
    if "names" in archive and archive["names"].shape == (count,):
        names = tuple(map(str, archive["names"].tolist()))
    else:
        names = tuple(f"x{i}" for i in range(1, count + 1))
    return Columns.of(names, x.astype(np.float64))


def _check_length(path: Path, archive: np.lib.npyio.NpzFile, name: str) -> None:
    """Refuse an array that would unpack to more than fits into any memory here."""
    length = cast(zipfile.ZipFile, archive.zip).getinfo(name + ".npy").file_size
    if length > MAX_BYTES:
        raise DataError(
            tr(
                "{path}: the array {name} would unpack to {length:,} bytes.",
                path=path,
                name=name,
                length=length,
            )
        )
