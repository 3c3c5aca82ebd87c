"""Tables of pictures of any square size, and of named columns of numbers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr, trn
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import (
    DIGITS_SPEC,
    GREATEST,
    MAX_CLASSES,
    MAX_FEATURES,
    Columns,
    Features,
    Pixels,
)
from micronn_core.data.readers.brightness import PixelCheck, as_bytes
from micronn_core.data.readers.classes import named_classes, numbered_classes
from micronn_core.data.readers.digit_table import (
    COLUMNS,
    cell_fault,
    find_fault,
    is_number,
    numbers_in,
)
from micronn_core.data.readers.files import (
    MOST_SAMPLE_BYTES,
    UnreadableRow,
    as_text,
    opened,
    rows_of,
)
from micronn_core.data.readers.numbers import read_numbers

LABEL_NAMES = ("label", "class", "target", "species", "category", "y")
"""What the column of the labels may be called, in small letters or capitals."""

MOST_SAMPLES = 10_000_000
"""Most rows of a table."""

LEAST_SIDE = 4
"""Fewest pixels along a side of what is taken for a picture."""

_COUNTED = re.compile(r"\d{1,9}(?:\.0*)?")
"""A whole number as a label, in whatever way it is written."""

_PIXEL_NAME = re.compile(r"(?:pixel|px|p)?[ _]?\d+|\d+[x_ ]\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """How a table is laid out.

    Attributes:
        names: of all columns.
        label: which of them holds the label; None if there is none.
        pixels: what the others are; None for columns of numbers.
        has_header: whether the first line holds the names.
        chosen: which columns are read, in this order; () for all but the label.
    """

    names: tuple[str, ...]
    label: int | None
    pixels: Pixels | None
    has_header: bool
    chosen: tuple[int, ...] = ()

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The places of the columns that are read."""
        return self.chosen or tuple(i for i in range(len(self.names)) if i != self.label)


def layout_of(path: Path, rows: Sequence[tuple[int, list[str]]]) -> Layout | None:
    """Find out how a table is laid out.

    Args:
        path: names the file in an error.
        rows: the first one or two lines that are not blank, each with its number.

    Returns:
        None for what is no table.

    Raises:
        DataError: it is a table of columns, but they or the label have no names.
    """
    (line, first), second = rows[0], rows[1][1] if len(rows) > 1 else []
    if len(first) < 2:
        return None
    if len(first) == COLUMNS:
        return _digit_layout(first)
    _check_count(path, line, first)
    numbers = sum(map(is_number, first))
    named = _named_label(first)
    if numbers and named is None:
        return _without_header(path, line, first)
    alike = len(second) == len(first)
    label = _only_word(second) if named is None and alike else named
    others = [name for i, name in enumerate(first) if i != label]
    if sum(map(_is_pixel_name, others)) * 2 > len(others):
        return _pixel_layout(first, label)
    if label is not None:
        names = (name.strip() or tr("column {i}", i=i) for i, name in enumerate(first, start=1))
        return Layout(tuple(names), label, None, has_header=True)
    if alike and any(map(is_number, second)):
        raise DataError(
            tr(
                "{path}, line {line}: none of the {count} columns is named 'label'. "
                "Name the column so that holds the answers.",
                path=path,
                line=line,
                count=len(first),
            )
        )
    return None


def asked_layout(path: Path, rows: Sequence[tuple[int, list[str]]], features: Features) -> Layout:
    """Find out where in a table a network's inputs are.

    Args:
        path: names the file in an error.
        rows: the first line that is not blank, with its number, and others.
        features: the inputs.

    Raises:
        DataError: the table has other columns, or is none.
    """
    if not rows:
        raise DataError(tr("{path} is not a table of samples. Choose a CSV table.", path=path))
    line, first = rows[0]
    _check_count(path, line, first)
    pixels, count = (features, features.count) if isinstance(features, Pixels) else (None, features.count)
    label = _named_label(first)
    if label is None and all(map(is_number, first)):
        if len(first) not in (count, count + 1):
            raise DataError(_other_count(path, line, len(first), count))
        label = 0 if len(first) == count + 1 else None
        names = [features.label(i) for i in range(count)]
        if label is not None:
            names.insert(0, tr("label"))
        return Layout(tuple(names), label, pixels, has_header=False)
    names = [name.strip() for name in first]
    if isinstance(features, Columns):
        for name in features.names:
            if name not in names:
                raise DataError(
                    tr(
                        "{path}, line {line}: there is no column {name!r}. "
                        "The network takes the columns {names}.",
                        path=path,
                        line=line,
                        name=name,
                        names=", ".join(features.names),
                    )
                )
        chosen = tuple(names.index(name) for name in features.names)
        return Layout(tuple(names), None if label in chosen else label, None, has_header=True, chosen=chosen)
    if len(names) - (label is not None) != count:
        raise DataError(_other_count(path, line, len(names) - (label is not None), count))
    return Layout(tuple(names), label, pixels, has_header=True)


def _digit_layout(names: list[str]) -> Layout:
    """Return the layout of a table of digits in MNIST's form: 784 pixels, and the label somewhere."""
    pixels, label = DIGITS_SPEC.features, _named_label(names)
    assert isinstance(pixels, Pixels)
    if label is None:
        others = [i for i, name in enumerate(names) if not _is_pixel_name(name)]
        label = others[0] if len(others) == 1 and not is_number(names[others[0]]) else None
    if label is None:
        return _numbered(pixels)
    return Layout(tuple(name.strip() for name in names), label, pixels, has_header=True)


def _numbered(pixels: Pixels) -> Layout:
    """Return the layout of a table of pictures that names no column."""
    names = tr("label"), *(tr("pixel {i}", i=i) for i in range(pixels.count))
    return Layout(names, 0, pixels, has_header=False)


def _check_count(path: Path, line: int, cells: Sequence[str]) -> None:
    """Raise a DataError if there are more columns than a network here has inputs."""
    if len(cells) > MAX_FEATURES + 1:
        raise DataError(
            tr(
                "{path}, line {line}: {count:,} columns; {most:,} are the most.",
                path=path,
                line=line,
                count=len(cells),
                most=MAX_FEATURES + 1,
            )
        )


def _other_count(path: Path, line: int, found: int, wanted: int) -> str:
    return trn(
        "{path}, line {line}: {count:,} column, but the network takes {wanted:,} values.",
        "{path}, line {line}: {count:,} columns, but the network takes {wanted:,} values.",
        found,
        path=path,
        line=line,
        wanted=wanted,
    )


def _without_header(path: Path, line: int, cells: list[str]) -> Layout | None:
    if pixels := square(len(cells) - 1):
        return _numbered(pixels)
    if _only_word(cells) is not None:
        raise DataError(
            tr(
                "{path}, line {line}: the columns have no names. "
                "Put a line of names above them, with 'label' over the answers.",
                path=path,
                line=line,
            )
        )
    return None


def _pixel_layout(names: list[str], label: int | None) -> Layout | None:
    """Return the layout of a table with a header of pixels; None if they make no square picture."""
    others = [name for i, name in enumerate(names) if i != label]
    pixels = square(len(others))
    if label is None or pixels is None or not all(map(_is_pixel_name, others)):
        return None
    return Layout(tuple(name.strip() for name in names), label, pixels, has_header=True)


def square(count: int) -> Pixels | None:
    """Return the square picture that so many pixels make, if they do."""
    side = isqrt(count)
    return Pixels(side, side) if side >= LEAST_SIDE and side * side == count else None


def _named_label(names: list[str]) -> int | None:
    plain = [name.strip().lower() for name in names]
    return next((plain.index(name) for name in LABEL_NAMES if name in plain), None)


def _only_word(cells: list[str]) -> int | None:
    """Return the place of the one cell that holds no number, if all others do."""
    words = [i for i, cell in enumerate(cells) if not is_number(cell)]
    return words[0] if len(words) == 1 and len(cells) > 1 and cells[words[0]].strip() else None


def _is_pixel_name(name: str) -> bool:
    return _PIXEL_NAME.fullmatch(name.strip()) is not None


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table.

    Attributes:
        values: (m, n), as they are stored.
        labels: what stands in the column of the labels; "" where there is none.
        remarks: what was found unusual and read all the same, in words.
    """

    values: NDArray[Any]
    labels: Sequence[str]
    remarks: tuple[str, ...] = ()


def read_table(path: Path, layout: Layout) -> Dataset:
    """Read a table that is laid out so.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    rows = read_samples(path, layout)
    if layout.pixels and all(map(_COUNTED.fullmatch, set(rows.labels))):
        numbers = np.array(list(map(float, rows.labels))).astype(np.int64)
        labels, names = numbered_classes(str(path), numbers, layout.pixels)
    else:
        labels, names = named_classes(str(path), rows.labels)
    columns = tuple(layout.names[i] for i in layout.columns)
    features = layout.pixels or Columns.of(columns, rows.values)
    return Dataset(path.name, rows.values, labels, features, names, rows.remarks)


def read_samples(path: Path, layout: Layout) -> Rows:
    """Read the values and the labels of a table that is laid out so.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    if layout.pixels:
        if (found := _plain_pixels(path, layout)) is not None:
            return found
        if layout.label == 0 and layout.pixels == DIGITS_SPEC.features and (fault := find_fault(path)):
            raise DataError(fault)
    values, labels = _cell_by_cell(path, layout)
    if not layout.pixels:
        return Rows(values, labels)
    values, remark = as_bytes(values)
    return Rows(values, labels, (remark,) if remark else ())


def _plain_pixels(path: Path, layout: Layout) -> Rows | None:
    """Read a table of pictures of which every cell is a plain number, unless something is wrong with it."""
    table = read_numbers(path, len(layout.names), layout.has_header)
    if table is None:
        return None
    label, remarks = layout.label, []
    if label is not None and not layout.has_header and _label_is_last(table):
        label = table.shape[1] - 1
        remarks.append(tr("The labels stand in the last column and were read there."))
    answers = [""] * len(table)
    if label is not None:
        found = table[:, label].tolist()
        if not all(map(float.is_integer, map(float, set(found)))):
            return None
        if layout.pixels == DIGITS_SPEC.features and max(found) >= len(DIGITS_SPEC.class_names):
            return None
        texts = {number: str(int(number)) for number in set(found)}
        answers = [texts[number] for number in found]
    pixels = table[:, layout.chosen or [i for i in range(table.shape[1]) if i != label]]
    if pixels.dtype.kind == "f" and (pixels.max(initial=0) > 1 and np.any(pixels != np.floor(pixels))):
        return None
    pixels, remark = as_bytes(pixels)
    return Rows(pixels, answers, (*remarks, *filter(None, [remark])))


def _label_is_last(table: NDArray[Any]) -> bool:
    """Return whether the labels of a table without names stand in its last column and not in its first.

    The first pixel of a digit is nearly always black, and so is the last one.
    """
    first, last = np.unique(table[:, 0]), np.unique(table[:, -1])
    few = len(last) <= MAX_CLASSES and bool(np.all(last == np.floor(last)))
    digits = table.shape[1] != COLUMNS or last[-1] < len(DIGITS_SPEC.class_names)
    return len(last) > 1 and few and digits and len(first) == 1


def _cell_by_cell(path: Path, layout: Layout) -> tuple[NDArray[Any], list[str]]:
    labels: list[str] = []
    kind = np.dtype(np.float32 if layout.pixels else np.float64)
    most = MOST_SAMPLE_BYTES // (len(layout.columns) * kind.itemsize)

    def samples(text: TextIO) -> Iterator[NDArray[Any]]:
        for values, label in _samples(text, layout):
            if len(labels) >= min(most, MOST_SAMPLES):
                raise UnreadableRow(tr("there are more than {most:,} samples. Use fewer.", most=len(labels)))
            labels.append(sys.intern(label))
            yield values

    with opened(path) as stream, as_text(stream) as text:
        try:
            values = np.fromiter(samples(text), np.dtype((kind, len(layout.columns))))
        except UnreadableRow as fault:
            raise DataError(tr("{path}, {fault}", path=path, fault=fault)) from None
    if not labels:
        raise DataError(tr("{path}: no samples: the file ends after its header.", path=path))
    return values, labels


def _samples(text: TextIO, layout: Layout) -> Iterator[tuple[NDArray[Any], str]]:
    """Yield the values and the label of each row.

    Raises:
        UnreadableRow: says what is wrong with one.
    """
    header, check = layout.has_header, PixelCheck()
    for number, cells in rows_of(text):
        if len(cells) != len(layout.names):
            raise UnreadableRow(
                trn(
                    "line {line}: {count:,} column instead of {columns:,}. "
                    "The line may be damaged: correct or remove it.",
                    "line {line}: {count:,} columns instead of {columns:,}. "
                    "The line may be damaged: correct or remove it.",
                    len(cells),
                    line=number,
                    columns=len(layout.names),
                )
            )
        if header:
            header = False
            continue
        yield _sample(number, cells, layout, check)


def _sample(
    number: int, cells: list[str], layout: Layout, check: PixelCheck
) -> tuple[NDArray[np.float64], str]:
    label = "" if layout.label is None else cells[layout.label].strip()
    if layout.label is not None and not label:
        name = layout.names[layout.label]
        raise UnreadableRow(cell_fault(number, layout.label, name, label, tr("the name of a class")))
    values = numbers_in([cells[i] for i in layout.columns])

    def fault(place: int, expected: str) -> UnreadableRow:
        column = layout.columns[place]
        return UnreadableRow(cell_fault(number, column, layout.names[column], cells[column], expected))

    if layout.pixels:
        check.look(values, fault)
    elif (wrong := ~(np.abs(values) <= GREATEST)).any():
        raise fault(int(wrong.argmax()), tr("a number"))
    return values, label
