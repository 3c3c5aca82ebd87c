"""What is wrong with a table of digits, as MNIST is spread in CSV: the label, then 784 pixels.

What is no table of any known form is explained here too, for this is the form that is meant most often.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import mark, tr, trn
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.readers.brightness import PixelCheck
from micronn_core.data.readers.files import UnreadableRow, as_text, opened, rows_of
from micronn_core.data.readers.idx import IMAGES_MAGIC, LABELS_MAGIC

PIXELS = DIGITS_SPEC.features.count
COLUMNS = 1 + PIXELS

_BYTE_VALUES = frozenset(str(value) for value in range(256))
_LAST_DIGIT = 9

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


def is_header(cells: list[str]) -> bool:
    """Return whether the first row of a table of digits holds the names of its columns."""
    return cells[0].strip().lower() == "label"


def _layout() -> str:
    return tr(
        "A line holds the label, 0 to 9, and then {pixels} pixels, 0 to 255, separated by commas; "
        "a table of other columns begins with a line of their names, one of them 'label'.",
        pixels=PIXELS,
    )


def find_fault(path: Path) -> str | None:
    """Go through a table that could not be read, cell by cell, and describe the first fault.

    Both forms on Kaggle are right (`label,1x1,1x2,...` and `label,pixel0,pixel1,...`), and tables
    without a header, such as Colab's (the deep network).

    Returns:
        The line as an editor counts it, the column and what stands there; None for a table without a
        fault whose cells are written in an unusual way.
    """
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
    samples, check = 0, PixelCheck()
    for number, cells in rows_of(text):
        if len(cells) != COLUMNS:
            return _count_fault(number, cells, is_first=not samples)
        if names is None and is_header(cells):
            names = cells
            continue
        _check_cells(number, cells, names, check)
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
        hint = tr(
            "The label may be missing: Kaggle's test.csv has none. A network can answer it "
            "(micronn predict), but not learn from it."
        )
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


def _check_cells(number: int, cells: list[str], names: list[str] | None, check: PixelCheck) -> None:
    """Raise an UnreadableRow about the first cell of a row that is not what it should be."""
    if not _BYTE_VALUES.issuperset(cells) or int(cells[0]) > _LAST_DIGIT:
        label = cells[0]
        if not is_whole(label) or not 0 <= float(label) <= _LAST_DIGIT:
            expected = tr("a whole number from 0 to {limit}", limit=_LAST_DIGIT)
            if names is None:
                expected = tr("a whole number from 0 to {limit} or 'label' as a header", limit=_LAST_DIGIT)
            raise UnreadableRow(cell_fault(number, 0, names[0] if names else tr("label"), label, expected))

    def fault(pixel: int, expected: str) -> UnreadableRow:
        name = names[1 + pixel] if names else tr("pixel {i}", i=pixel)
        return UnreadableRow(cell_fault(number, 1 + pixel, name, cells[1 + pixel], expected))

    check.look(numbers_in(cells[1:]), fault)


def numbers_in(cells: Sequence[str]) -> NDArray[np.float64]:
    """Return what the cells of a row hold, (n,); NaN for what is no number."""
    try:
        return np.array(list(map(float, cells)))
    except ValueError:
        return np.array([float(cell) if is_number(cell) else np.nan for cell in cells])


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


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
