"""Files of labelled samples, each kind told apart by what is in it and not by its name."""

from __future__ import annotations

from pathlib import Path

from micronn_core.data.dataset import Dataset
from micronn_core.data.readers.csv import read_csv, read_rows
from micronn_core.data.readers.digit_table import ZIP_MAGIC
from micronn_core.data.readers.files import opened
from micronn_core.data.readers.idx import IMAGES_MAGIC, LABELS_MAGIC, partner, read_idx
from micronn_core.data.readers.npz import read_npz

__all__ = ["read_csv", "read_dataset", "read_idx", "read_npz", "read_rows"]

_ARRAY = b".npy"
"""How the names of the members of NumPy's archives end."""


def read_dataset(path: Path | str) -> Dataset:
    """Read labelled samples from a file of any kind that MicroNN knows, told apart by content.

    Args:
        path: a CSV table, an archive of NumPy's arrays x and y (.npz), or either one of a pair of
            IDX files (the other lies beside it under the same name with "labels" for "images"); all
            of them may be gzipped.

    Raises:
        DataError: says what is wrong, where, and what to do.
    """
    path = Path(path)
    with opened(path) as stream:
        magic = stream.read(len(IMAGES_MAGIC))
        is_archive = magic == ZIP_MAGIC and _ARRAY in stream.read(1 << 16)
    if is_archive:
        return read_npz(path)
    if magic == IMAGES_MAGIC:
        return read_idx(path, partner(path, {"images": "labels", "idx3": "idx1"}))
    if magic == LABELS_MAGIC:
        return read_idx(partner(path, {"labels": "images", "idx1": "idx3"}), path)
    return read_csv(path)
