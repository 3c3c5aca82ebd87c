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
from micronn_core.data.features import DIGITS_SPEC, GREATEST, MAX_FEATURES, WHITE, Columns, Features, Pixels
from micronn_core.data.readers.classes import named_classes
from micronn_core.data.readers.digit_table import COLUMNS, cell_fault, is_header
from micronn_core.data.readers.files import (
    MOST_SAMPLE_BYTES,
    UnreadableRow,
    as_text,
    opened,
    rows_of,
)

LABEL_NAMES = ("label", "class", "target", "species", "category", "y")
"""What the column of the labels may be called, in small letters or capitals."""

MOST_SAMPLES = 10_000_000
"""Most rows of a table."""

LEAST_SIDE = 4
"""Fewest pixels along a side of what is taken for a picture."""

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
        None for a table of digits in MNIST's form, and for what is no table.

    Raises:
        DataError: it is a table of columns, but they or the label have no names.
    """
    (line, first), second = rows[0], rows[1][1] if len(rows) > 1 else []
    if len(first) == COLUMNS or len(first) < 2:
        return None
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


def digit_layout(rows: Sequence[tuple[int, list[str]]]) -> Layout:
    """Return the layout of a table of digits in MNIST's form, by its first row."""
    names, pixels = rows[0][1], DIGITS_SPEC.features
    assert isinstance(pixels, Pixels)
    return Layout(tuple(names), 0, pixels, has_header=is_header(names))


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
        names = tr("label"), *(tr("pixel {i}", i=i) for i in range(pixels.count))
        return Layout(names, 0, pixels, has_header=False)
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


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_pixel_name(name: str) -> bool:
    return _PIXEL_NAME.fullmatch(name.strip()) is not None


def read_table(path: Path, layout: Layout) -> Dataset:
    """Read a table that is laid out so.

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    values, texts = read_samples(path, layout)
    labels, names = named_classes(str(path), texts)
    columns = tuple(layout.names[i] for i in layout.columns)
    return Dataset(path.name, values, labels, layout.pixels or Columns.of(columns, values), names)


def read_samples(path: Path, layout: Layout) -> tuple[NDArray[Any], list[str]]:
    """Read the values, (m, n), and the labels of a table that is laid out so; labels it has not are "".

    Raises:
        DataError: names the line as an editor counts it, the column and what stands there.
    """
    labels: list[str] = []
    kind = np.dtype(np.uint8 if layout.pixels else np.float64)
    most = MOST_SAMPLE_BYTES // (len(layout.columns) * kind.itemsize)

    def samples(text: TextIO) -> Iterator[NDArray[Any]]:
        for values, label in _samples(text, layout):
            if len(labels) >= min(most, MOST_SAMPLES):
                raise _Fault(tr("there are more than {most:,} samples. Use fewer.", most=len(labels)))
            labels.append(sys.intern(label))
            yield values

    with opened(path) as stream, as_text(stream) as text:
        try:
            values = np.fromiter(samples(text), np.dtype((kind, len(layout.columns))))
        except (_Fault, UnreadableRow) as fault:
            raise DataError(tr("{path}, {fault}", path=path, fault=fault)) from None
    if not labels:
        raise DataError(tr("{path}: no samples: the file ends after its header.", path=path))
    return values, labels


class _Fault(Exception):
    """What is wrong with a table, and in which line; without the name of the file."""


def _samples(text: TextIO, layout: Layout) -> Iterator[tuple[NDArray[Any], str]]:
    """Yield the values and the label of each row; a `_Fault` says what is wrong with one."""
    header = layout.has_header
    for number, cells in rows_of(text):
        if len(cells) != len(layout.names):
            raise _Fault(
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
        yield _sample(number, cells, layout)


def _sample(number: int, cells: list[str], layout: Layout) -> tuple[NDArray[Any], str]:
    label = "" if layout.label is None else cells[layout.label].strip()
    if layout.label is not None and not label:
        name = layout.names[layout.label]
        raise _Fault(cell_fault(number, layout.label, name, label, tr("the name of a class")))
    texts = [cells[i] for i in layout.columns]
    try:
        values = np.array(list(map(float, texts)))
    except ValueError:
        values = np.array([float(text) if is_number(text) else np.nan for text in texts])
    wrong = ~(np.abs(values) <= GREATEST)
    expected = tr("a number")
    if layout.pixels:
        wrong |= (values < 0) | (values > WHITE) | (values != np.floor(values))
        expected = tr("a whole number from 0 to {limit}", limit=WHITE)
    if wrong.any():
        column = layout.columns[int(wrong.argmax())]
        raise _Fault(cell_fault(number, column, layout.names[column], cells[column], expected))
    return (values.astype(np.uint8) if layout.pixels else values), label
