"""Tables in CSV: digits in MNIST's form, pictures of other sizes, and named columns."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.data.readers.digit_table import foreign, is_blank, read_digit_table
from micronn_core.data.readers.files import as_text, opened
from micronn_core.data.readers.table import Layout, asked_layout, layout_of, read_samples, read_table


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
    layout = _layout(path)
    return read_digit_table(path) if layout is None else read_table(path, layout)


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


def _layout(path: Path) -> Layout | None:
    """Find out how a table is laid out; None for digits and for no table at all."""
    rows = _first_rows(path)
    return layout_of(path, rows) if rows else None


def _first_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the first two lines that are not blank, each with its number; none if it is no table."""
    with opened(path) as stream:
        if foreign(stream.read(1024)):
            return []
        stream.seek(0)
        with as_text(stream) as text:
            lines, rows = csv.reader(text), list[tuple[int, list[str]]]()
            try:
                for cells in lines:
                    if not is_blank(cells):
                        rows.append((lines.line_num, cells))
                    if len(rows) == 2:
                        break
            except csv.Error:
                return []
    return rows
