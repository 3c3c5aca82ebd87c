"""Tables in CSV: digits in MNIST's form, pictures of other sizes, and named columns."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.data.readers.digit_table import find_fault, foreign
from micronn_core.data.readers.files import UnreadableRow, as_text, opened, rows_of
from micronn_core.data.readers.table import (
    Rows,
    asked_layout,
    layout_of,
    read_samples,
    read_table,
)


def read_csv(path: Path | str) -> Dataset:
    """Read a table of labelled samples; the file may be gzipped.

    - Pictures of digits in MNIST's form, the label and 784 pixels, or of another square size: with a
      header line, in which the pixels have names such as pixel0 or 1x1; or without, the label in the first
      column or in the last. The pixels are whole numbers from 0 to 255, or go up to 1 or 16 only.
    - Named columns of numbers, with a header; the column of the labels is called "label", "class" or
      the like, or it is the only one that holds words.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    path = Path(path)
    rows = _first_rows(path)
    layout = layout_of(path, rows) if rows else None
    if layout is None:
        raise DataError(find_fault(path) or tr("{path} is not a table of samples.", path=path))
    return read_table(path, layout)


def read_rows(path: Path | str, spec: DataSpec) -> Rows:
    """Read what a network is asked about from a table: rows of its inputs, with or without labels.

    Args:
        path: the table; its columns are found by their names, or it has no header and holds the
            inputs in the network's order, with the label before them or without.
        spec: what the network's inputs and answers mean.

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
