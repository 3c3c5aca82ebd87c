"""Users' own labelled digits: CSV tables as Kaggle publishes them, and IDX files.

A table is read twice at most. The first reading is fast and only knows whether all is well; if
not, the second goes cell by cell and names the line, the column and what stands there.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, TextIO, cast

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.readers.files import opened
from micronn_core.data.readers.idx import IMAGES_MAGIC, LABELS_MAGIC

PIXELS = 784
COLUMNS = 1 + PIXELS

_LAYOUT = f"A line holds the label, 0 to 9, and then {PIXELS} pixels, 0 to 255, separated by commas."
_UTF8_MARK = b"\xef\xbb\xbf"
_LONGEST_LINE = 1 << 16
_ROWS_AT_ONCE = 4096
_BYTE_VALUES = frozenset(str(value) for value in range(256))

_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook. Unpack it, or save the table as CSV.",
    b"PAR1": "a Parquet file. Save the table as CSV.",
    b"\xff\xfe": "text in UTF-16. Save it as CSV in UTF-8.",
    b"\xfe\xff": "text in UTF-16. Save it as CSV in UTF-8.",
    IMAGES_MAGIC: "an IDX file of pictures. Open it together with its labels.",
    LABELS_MAGIC: "an IDX file of labels. Open it together with its pictures.",
}


def read_csv(path: Path | str) -> Dataset:
    """Read a table of digits: the label, then 784 pixels, with or without a header line.

    Both forms on Kaggle are read (`label,1x1,1x2,...` and `label,pixel0,pixel1,...`), and tables
    without a header, such as Colab's (the deep network). The file may be gzipped.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    path = Path(path)
    try:
        table = _parse(path)
    except (ValueError, OverflowError, csv.Error) as error:
        raise _find_fault(path, error) from error
    return Dataset(path.name, table[:, 1:], table[:, 0], DIGITS_SPEC.features, DIGITS_SPEC.class_names)


def _parse(path: Path) -> NDArray[np.uint8]:
    """Read a faultless table quickly, (m, 785); any fault is a ValueError, OverflowError or csv.Error."""
    import pandas as pd  # here, because it takes a third of a second and the embedded data do without it

    with opened(path) as stream:
        line = stream.readline(_LONGEST_LINE)
        while line.isspace():
            line = stream.readline(_LONGEST_LINE)
        names = next(csv.reader([line.removeprefix(_UTF8_MARK).decode()]), [])
        if len(names) != COLUMNS:
            raise ValueError("wrong number of columns")
        if not _is_header(names):
            stream.seek(0)
        # Parsed as int64 and in pieces: not every pandas notices that 256 overflows a uint8.
        pieces = pd.read_csv(stream, header=None, dtype=np.int64, na_filter=False, chunksize=_ROWS_AT_ONCE)
        with pieces, np.errstate(invalid="ignore"):
            return np.concatenate([_checked(piece.to_numpy()) for piece in pieces])


def _checked(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    if values.shape[1] != COLUMNS or values.min() < 0 or values.max() > 255 or values[:, 0].max() > 9:
        raise ValueError("a value is out of range")
    return values.astype(np.uint8, order="C")


def _is_header(cells: list[str]) -> bool:
    return cells[0].strip().lower() == "label"


def _find_fault(path: Path, error: Exception) -> DataError:
    """Go through a table that could not be read, cell by cell, and describe the first fault."""
    with opened(path) as stream:
        start = stream.read(1024)
        for magic, description in _FOREIGN.items():
            if start.startswith(magic):
                return DataError(f"{path} is not a CSV table but {description}")
        if b"\0" in start:
            return DataError(f"{path} is not a CSV table but a binary file. Choose a CSV or an IDX file.")
        stream.seek(0)
        text = io.TextIOWrapper(cast(IO[bytes], stream), "utf-8-sig", errors="backslashreplace", newline="")
        if fault := _first_fault(text):
            return DataError(f"{path}, {fault}")
    return DataError(f"{path} cannot be read as a CSV table ({error}). {_LAYOUT}")


def _first_fault(text: TextIO) -> str | None:
    """Describe the first fault of a table, with the line that an editor shows for it."""
    lines = csv.reader(text)
    names: list[str] | None = None
    samples = 0
    while True:
        # A quoted cell may span lines; a fault is reported where its row begins.
        number = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            return f"line {number}: cannot be read ({error}). Is a quotation mark left open?"
        if len(cells) < 2 and not "".join(cells).strip():
            continue
        if len(cells) != COLUMNS:
            return f"line {number}: {_count_fault(cells, is_first=not samples)}"
        if names is None and _is_header(cells):
            names = cells
            continue
        if fault := _cell_fault(cells, names):
            return f"line {number}, {fault}"
        names = names or []
        samples += 1
    if samples:
        return None
    return f"no samples: the file {'ends after its header' if names else 'is empty'}. {_LAYOUT}"


def _count_fault(cells: list[str], is_first: bool) -> str:
    """Say how many columns there are instead of 785, and why that may be so."""
    if not is_first:
        hint = "The line may be damaged: correct or remove it. "
    elif len(cells) == PIXELS:
        hint = "The label may be missing: Kaggle's test.csv has none and cannot be used here. "
    elif len(cells) == COLUMNS + 1:
        hint = "There may be a column of row numbers, or a comma at the end: remove it. "
    elif any(cells[0].count(separator) == PIXELS for separator in ";\t"):
        hint = "The separator is not a comma: save the table with commas. "
    else:
        hint = ""
    return f"{len(cells):,} column{'s' * (len(cells) != 1)} instead of {COLUMNS}. {hint}{_LAYOUT}"


def _cell_fault(cells: list[str], names: list[str] | None) -> str | None:
    """Describe the first cell of a row that is not a whole number in its range, if there is one."""
    if _BYTE_VALUES.issuperset(cells) and int(cells[0]) <= 9:
        return None
    for column, cell in enumerate(cells):
        limit = 255 if column else 9
        if not _is_whole(cell) or not 0 <= float(cell) <= limit:
            name = names[column] if names else f"pixel {column - 1}" if column else "label"
            found = f"{cell[:40]!r}" if cell.strip() else "an empty cell"
            header = " or 'label' as a header" if column == 0 and names is None else ""
            return (
                f"column {column + 1} ({name}): found {found}, "
                f"expected a whole number from 0 to {limit}{header}. Correct the cell or remove the line."
            )
    return None


def _is_whole(cell: str) -> bool:
    try:
        return float(cell).is_integer()
    except ValueError:
        return False
