"""Tables of digits in CSV, as MNIST is spread: the label, then 784 pixels.

What is no table of any known form is explained here too, for this is the form that is meant most often.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, TextIO

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import mark, tr, trn
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.readers.files import FILE_TROUBLE, UnreadableRow, as_text, opened, rows_of
from micronn_core.data.readers.idx import IMAGES_MAGIC, LABELS_MAGIC

PIXELS = DIGITS_SPEC.features.count
COLUMNS = 1 + PIXELS

UTF8_MARK = b"\xef\xbb\xbf"
LONGEST_LINE = 1 << 16
_ROWS_AT_ONCE = 4096
_BYTE_VALUES = frozenset(str(value) for value in range(256))

ZIP_MAGIC = b"PK\x03\x04"
_FOREIGN = {
    ZIP_MAGIC: mark("a ZIP archive or an Excel workbook. Unpack it, or save the table as CSV."),
    b"PAR1": mark("a Parquet file. Save the table as CSV."),
    b"\xff\xfe": mark("text in UTF-16. Save it as CSV in UTF-8."),
    b"\xfe\xff": mark("text in UTF-16. Save it as CSV in UTF-8."),
    IMAGES_MAGIC: mark("an IDX file of pictures. Open it together with its labels."),
    LABELS_MAGIC: mark("an IDX file of labels. Open it together with its pictures."),
}
_BINARY = mark("a binary file. Choose a CSV or an IDX file.")


def read_digit_table(path: Path) -> Dataset | None:
    """Read a table of digits quickly: the label, then 784 pixels, with or without a header line.

    Both forms on Kaggle are read (`label,1x1,1x2,...` and `label,pixel0,pixel1,...`), and tables
    without a header, such as Colab's (the deep network). The file may be gzipped.

    Returns:
        None for a table without a fault whose cells are written in an unusual way.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    with opened(path) as stream:
        try:
            table = _parse(stream)
        except FILE_TROUBLE:
            raise
        except Exception:  # whatever pandas raises
            table = None
    if table is not None:
        return Dataset(path.name, table[:, 1:], table[:, 0], DIGITS_SPEC.features, DIGITS_SPEC.class_names)
    if fault := _find_fault(path):
        raise DataError(fault)
    return None


class _ShortLines(io.RawIOBase):
    """Reads no line that is too long: pandas would keep all of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._since = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._stream.read(min(len(buffer), LONGEST_LINE))
        first = content.find(b"\n")
        if self._since + (len(content) if first < 0 else first) > LONGEST_LINE:
            raise ValueError("a line is too long")
        self._since = self._since + len(content) if first < 0 else len(content) - 1 - content.rfind(b"\n")
        buffer[: len(content)] = content
        return len(content)


def _parse(stream: IO[bytes]) -> NDArray[np.uint8]:
    """Read a faultless table, (m, 785); any fault is an exception."""
    import pandas as pd  # here, because it takes a third of a second and the embedded data do without it

    line = stream.readline(LONGEST_LINE)
    while line.isspace():
        line = stream.readline(LONGEST_LINE)
    names = next(csv.reader([line.removeprefix(UTF8_MARK).decode()]), [])
    if len(names) != COLUMNS:
        raise ValueError("wrong number of columns")
    if not is_header(names):
        stream.seek(0)
    # Parsed as int64 and in pieces: not every pandas notices that 256 overflows a uint8.
    # A quotation mark is a fault here: what is quoted may be of many lines, and of any length.
    pieces = pd.read_csv(
        io.BufferedReader(_ShortLines(stream)),
        header=None,
        dtype=np.int64,
        na_filter=False,
        chunksize=_ROWS_AT_ONCE,
        quoting=csv.QUOTE_NONE,
    )
    with pieces, np.errstate(invalid="ignore"):
        return np.concatenate([_checked(piece.to_numpy()) for piece in pieces])


def _checked(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    if values.shape[1] != COLUMNS or values.min() < 0 or values.max() > 255 or values[:, 0].max() > 9:
        raise ValueError("a value is out of range")
    return values.astype(np.uint8, order="C")


def is_header(cells: list[str]) -> bool:
    """Return whether the first row of a table of digits holds the names of its columns."""
    return cells[0].strip().lower() == "label"


def _layout() -> str:
    return tr(
        "A line holds the label, 0 to 9, and then {pixels} pixels, 0 to 255, separated by commas; "
        "a table of other columns begins with a line of their names, one of them 'label'.",
        pixels=PIXELS,
    )


def _find_fault(path: Path) -> str | None:
    """Go through a table that could not be read, cell by cell, and describe the first fault."""
    with opened(path) as stream:
        start = stream.read(1024)
        if description := foreign(start):
            return tr("{path} is not a CSV table but {description}", path=path, description=tr(description))
        stream.seek(0)
        with as_text(stream) as text:
            try:
                fault = _first_fault(text)
            except UnreadableRow as error:
                fault = str(error)
    return tr("{path}, {fault}", path=path, fault=fault) if fault else None


def foreign(start: bytes) -> str | None:
    """Return what a file is that begins so, if it is certainly no text; to be translated."""
    for magic, description in _FOREIGN.items():
        if start.startswith(magic):
            return description
    return _BINARY if b"\0" in start else None


def _first_fault(text: TextIO) -> str | None:
    """Describe the first fault of a table, with the line that an editor shows for it."""
    names: list[str] | None = None
    samples = 0
    for number, cells in rows_of(text):
        if len(cells) != COLUMNS:
            return _count_fault(number, cells, is_first=not samples)
        if names is None and is_header(cells):
            names = cells
            continue
        if fault := _cell_fault(number, cells, names):
            return fault
        names = names or []
        samples += 1
    if samples:
        return None
    if names:
        return tr("no samples: the file ends after its header. {layout}", layout=_layout())
    return tr("no samples: the file is empty. {layout}", layout=_layout())


def _count_fault(number: int, cells: list[str], is_first: bool) -> str:
    """Say how many columns there are instead of 785, and why that may be so."""
    if not is_first:
        hint = tr("The line may be damaged: correct or remove it.")
    elif len(cells) == PIXELS:
        hint = tr("The label may be missing: Kaggle's test.csv has none and cannot be used here.")
    elif len(cells) == COLUMNS + 1:
        hint = tr("There may be a column of row numbers, or a comma at the end: remove it.")
    elif any(cells[0].count(separator) == PIXELS for separator in ";\t"):
        hint = tr("The separator is not a comma: save the table with commas.")
    else:
        hint = ""
    fault = trn(
        "line {line}: {count:,} column instead of {columns}.",
        "line {line}: {count:,} columns instead of {columns}.",
        len(cells),
        line=number,
        columns=COLUMNS,
    )
    return " ".join(filter(None, (fault, hint, _layout())))


def _cell_fault(number: int, cells: list[str], names: list[str] | None) -> str | None:
    """Describe the first cell of a row that is not a whole number in its range, if there is one."""
    if _BYTE_VALUES.issuperset(cells) and int(cells[0]) <= 9:
        return None
    for column, cell in enumerate(cells):
        limit = 255 if column else 9
        if not is_whole(cell) or not 0 <= float(cell) <= limit:
            name = names[column] if names else tr("pixel {i}", i=column - 1) if column else tr("label")
            if column == 0 and names is None:
                expected = tr("a whole number from 0 to {limit} or 'label' as a header", limit=limit)
            else:
                expected = tr("a whole number from 0 to {limit}", limit=limit)
            return cell_fault(number, column, name, cell, expected)
    return None


def cell_fault(number: int, column: int, name: str, cell: str, expected: str) -> str:
    """Say what stands in a cell, by its line from 1 and its column from 0, and what should."""
    return tr(
        "line {line}, column {column} ({name}): found {found}, expected {expected}. "
        "Correct the cell or remove the line.",
        line=number,
        column=column + 1,
        name=name,
        found=f"{cell[:40]!r}" if cell.strip() else tr("an empty cell"),
        expected=expected,
    )


def is_whole(cell: str) -> bool:
    """Return whether a cell holds a whole number, written in whatever way."""
    try:
        return float(cell).is_integer()
    except ValueError:
        return False
