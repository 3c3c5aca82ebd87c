"""Tables in CSV: digits in MNIST's form, pictures of other sizes, and named columns."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, cast

from micronn_core.data.dataset import Dataset
from micronn_core.data.readers.digit_table import foreign, is_blank, read_digit_table
from micronn_core.data.readers.files import opened
from micronn_core.data.readers.table import Layout, layout_of, read_table


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


def _layout(path: Path) -> Layout | None:
    """Find out how a table is laid out from its first two lines; None for digits and for no table at all."""
    with opened(path) as stream:
        if foreign(stream.read(1024)):
            return None
        stream.seek(0)
        text = io.TextIOWrapper(cast(IO[bytes], stream), "utf-8-sig", errors="backslashreplace", newline="")
        lines, rows = csv.reader(text), list[tuple[int, list[str]]]()
        try:
            for cells in lines:
                if not is_blank(cells):
                    rows.append((lines.line_num, cells))
                if len(rows) == 2:
                    break
        except csv.Error:
            return None
    return layout_of(path, rows) if rows else None
