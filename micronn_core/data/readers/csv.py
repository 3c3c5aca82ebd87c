"""Tables in CSV: digits in MNIST's form, pictures of other sizes, and named columns."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, DataSpec
from micronn_core.data.readers.digit_table import foreign, read_digit_table
from micronn_core.data.readers.files import UnreadableRow, as_text, opened, rows_of
from micronn_core.data.readers.table import (
    Layout,
    asked_layout,
    digit_layout,
    layout_of,
    read_samples,
    read_table,
)


def read_csv(path: Path | str) -> Dataset:
    """Read a table of labelled samples; the file may be gzipped.

    - Digits in MNIST's form: the label, then 784 pixels, with or without a header line.
    - Pictures of another square size: the label and as many pixels, 0 to 255; the pixels have names
      such as pixel0 or 1x1, or the table has no header and the label comes first.
    - Named columns of numbers, with a header; the column of the labels is called "label", "class" or
      the like, or it is the only one that holds words.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    path = Path(path)
    rows = _first_rows(path)
    layout = layout_of(path, rows) if rows else None
    if layout is not None:
        return read_table(path, layout)
    return read_digit_table(path) or _unusual_digits(path, digit_layout(rows))


def _unusual_digits(path: Path, layout: Layout) -> Dataset:
    """Read a faultless table of digits whose cells are quoted, or written as 5.0."""
    values, labels = read_samples(path, layout)
    digits = np.array(list(map(float, labels)), np.uint8)
    return Dataset(path.name, values, digits, DIGITS_SPEC.features, DIGITS_SPEC.class_names)


def read_rows(path: Path | str, spec: DataSpec) -> tuple[NDArray[Any], list[str]]:
    """Read what a network is asked about from a table: rows of its inputs, with or without labels.

    Args:
        path: the table; its columns are found by their names, or it has no header and holds the
            inputs in the network's order, with the label before them or without.
        spec: what the network's inputs and answers mean.

    Returns:
        The values as they are stored, (m, n), and the labels; "" where there are none.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    path = Path(path)
    return read_samples(path, asked_layout(path, _first_rows(path), spec.features))


def _first_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the first two lines that are not blank, each with its number; none if it is no table."""
    with opened(path) as stream:
        if foreign(stream.read(1024)):
            return []
        stream.seek(0)
        with as_text(stream) as text:
            try:
                return list(islice(rows_of(text), 2))
            except UnreadableRow:
                return []
