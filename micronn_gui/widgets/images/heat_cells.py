"""The cells of a heat map: what they say, where they lie, and which of them share a pixel."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QFontMetricsF

from micronn_core.common.texts import number
from micronn_gui.theme import number_font, px, quantise, text_size

SIDE, USUAL = 64, 34
"""Greatest side of a cell, and its usual one, in pixels."""
NUMBER_WIDTH, NUMBER_HEIGHT = 56, 18
"""Usual width of a cell with a number, and its least height."""
ROOM = 12 * USUAL
"""The cells of a larger matrix share this width and height, unless there is more room."""
EDGE, FOOT = 4, 20
"""Room around the cells for frames, and below them for the columns' names."""
GAP = 3
"""Between the cells of a vector."""
FRAMED = 6
"""Least size of a frame, through which cells smaller than this can be seen."""
SEPARATE = 10
"""Cells of a vector that are smaller than this touch each other."""
NAMES, NUMBERS = 12, 12
"""Sizes of names and numbers, in pixels."""
NOWHERE = (-1, -1)
"""Row and column of no cell."""

Values = NDArray[np.float64]
Indices = NDArray[np.uint8]


class HeatMatrix:
    """A matrix with its names and the look of its numbers; it is kept, not copied.

    Attributes:
        values: (rows, columns).
        indices: (rows, columns), of the diverging colours.
        row_names: written left of the cells.
        column_names: written below them.
        has_numbers: whether numbers are written in the cells.
        number_width: pixels a cell needs for any number.
        names_width: pixels left of the cells.
    """

    def __init__(
        self,
        values: Values,
        limit: float,
        write: Callable[[float], str] | None = None,
        row_names: Sequence[str] = (),
        column_names: Sequence[str] = (),
    ) -> None:
        self.values = values
        self.indices = color_indices(values, limit)
        self.row_names, self.column_names = list(row_names), list(column_names)
        self.has_numbers = write is not None
        self._write = write
        self.number_width = self._widest_number()
        widest_name = max(map(len, self.row_names), default=0)
        self.names_width = text_width(widest_name, NAMES) + px(8) if widest_name else 0

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    def text_of(self, row: int, column: int) -> str:
        """Return the number of a cell as it is written."""
        value = float(self.values[row, column])
        return self._write(value) if self._write else number(value, ".4g")

    def _widest_number(self) -> int:
        """Return the width a cell needs for any number; in a large matrix the extremes stand for all."""
        values = self.values
        if not values.size or not self._write:
            return px(NUMBER_WIDTH if 1 in values.shape else USUAL)
        some = values.ravel() if values.size <= 400 else np.array([values.min(), values.max()])
        widest = max(len(self._write(value)) for value in some.tolist())
        return text_width(widest, NUMBERS) + px(10)

    def usual_size(self) -> QSize:
        """Return the size at which vectors and small matrices show their numbers."""
        rows, columns = self.shape
        room, usual = px(ROOM), px(USUAL)
        side = max(self.number_width, px(NUMBER_WIDTH)) if columns * self.number_width <= room else usual
        return self._around(min(columns * side, room), min(rows * usual, room))

    def least_size(self) -> QSize:
        """Return the size below which a small matrix could not be read."""
        rows, columns = self.shape
        low, half = px(NUMBER_HEIGHT), px(ROOM) // 2
        least = self.number_width if columns == 1 else min(columns * low, half)
        return self._around(least, min(rows * low, half))

    def _around(self, width: int, height: int) -> QSize:
        """Return the size of a map with these cells; the foot is kept so that neighbours' rows align."""
        return QSize(width + self.names_width + 2 * px(EDGE), height + px(EDGE + FOOT))


class HeatCells:
    """The cells of a matrix in the room there is.

    Attributes:
        matrix: what they show.
        x: where the columns lie.
        y: where the rows lie.
        width: pixels of the whole map.
    """

    def __init__(self, matrix: HeatMatrix, size: QSize) -> None:
        rows, columns = matrix.shape
        left = px(EDGE) + matrix.names_width
        width, height = size.width() - left - px(EDGE), size.height() - px(EDGE + FOOT)
        fits = columns * matrix.number_width <= width
        greatest = max(matrix.number_width, px(SIDE)) if fits else px(SIDE)
        self.matrix = matrix
        self.width = size.width()
        self.x = fit_axis(left, width, columns, greatest)
        self.y = fit_axis(px(EDGE), height, rows, px(SIDE))

    @property
    def place(self) -> QRect:
        """Where they lie, all together; empty without cells, or without room for them."""
        return QRect(self.x.start, self.y.start, self.x.length, self.y.length)

    @property
    def written(self) -> bool:
        """Whether all numbers fit into their cells."""
        matrix = self.matrix
        fit = self.x.pitch >= matrix.number_width and self.y.pitch >= px(NUMBER_HEIGHT)
        return matrix.has_numbers and fit

    @property
    def separate(self) -> bool:
        """Whether there is a gap between the cells: in vectors, where there is room for it."""
        return 1 in self.matrix.shape and min(self.x.pitch, self.y.pitch) >= px(SEPARATE)

    def cell(self, row: int, column: int) -> QRect:
        """Return where a cell lies, with the gap to its neighbours; it is at least a pixel."""
        (x, width), (y, height) = self.x.span(column), self.y.span(row)
        return QRect(x, y, width, height)

    def row(self, i: int) -> QRect:
        """Return where a whole row lies."""
        return self.cell(i, 0).united(self.cell(i, self.x.count - 1))

    def column(self, j: int) -> QRect:
        """Return where a whole column lies."""
        return self.cell(0, j).united(self.cell(self.y.count - 1, j))

    def frame(self, place: QRect) -> QRect:
        """Return a place without the gap, and large enough for its cells to be seen in a frame."""
        if self.separate:
            across, down = self.x.count > 1, self.y.count > 1
            place = place.adjusted(across, down, (1 - GAP) * across, (1 - GAP) * down)
        wider, higher = (max(0, -(-(FRAMED - size) // 2)) for size in place.size().toTuple())
        return place.adjusted(-wider, -higher, wider, higher)

    def at(self, position: QPointF) -> tuple[int, int]:
        """Return the cell under a point; of those in one pixel, the one whose colour is seen."""
        rows, columns = self.y.at(position.y()), self.x.at(position.x())
        block = self.matrix.values[rows.start : rows.stop, columns.start : columns.stop]
        if not block.size:
            return NOWHERE
        row, column = divmod(int(np.abs(block).argmax()), block.shape[1])
        return rows[row], columns[column]


@dataclass(frozen=True)
class Axis:
    """Where `count` rows, or columns, lie: from `start` on they share `length` pixels."""

    start: int
    length: int
    count: int

    @property
    def pitch(self) -> float:
        """Pixels of each."""
        return self.length / self.count if self.count else 0.0

    @property
    def end(self) -> int:
        """The first pixel behind the last."""
        return self.start + self.length

    def span(self, i: int) -> tuple[int, int]:
        """Return the first pixel and the number of pixels of one; at least one."""
        first, end = i * self.length // self.count, (i + 1) * self.length // self.count
        return self.start + first, max(end - first, 1)

    def middle(self, i: int) -> float:
        """Return where the middle of one is."""
        first, size = self.span(i)
        return first + size / 2

    def at(self, position: float) -> range:
        """Return those that share the pixel at a position."""
        pixel = int(position // 1) - self.start
        if not 0 <= pixel < self.length:
            return range(0)
        last = -(-(pixel + 1) * self.count // self.length) - 1
        return range(min(-(-pixel * self.count // self.length), last), last + 1)


def fit_axis(start: int, room: int, count: int, greatest: int) -> Axis:
    """Return an axis that uses the room; cells of visible size are all of one size."""
    length = max(0, min(room, count * greatest))
    if count and length // count >= 4:
        length = length // count * count
    return Axis(start, length, count)


def spread(indices: Indices, axis: int, length: int) -> Indices:
    """Spread cells over a number of pixels; of several in a pixel, take the one farthest from zero."""
    count = indices.shape[axis]
    ends = -(-np.arange(length + 1) * count // length)
    last = ends[1:] - 1
    first = np.minimum(ends[:-1], last)
    low = high = indices.take(first, axis)
    for offset in range(1, int((last - first).max()) + 1):  # several times as fast as ufunc.reduceat
        others = indices.take(np.minimum(first + offset, last), axis)
        low, high = np.minimum(low, others), np.maximum(high, others)
    farthest: Indices = np.where(high >= ~low, high, low)  # zero is 128: ~low is as far above it
    return farthest


def color_indices(values: Values, limit: float) -> Indices:
    """Return the indices of the diverging colours; what is not a number has the colour of zero."""
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=0.0, posinf=limit, neginf=-limit)
    return quantise(values, limit)


def text_width(characters: int, size: int) -> int:
    """Return the width of a text in the font for numbers, which is the same for each character."""
    return math.ceil(characters * _digit_width(size, text_size.factor))


@functools.cache
def _digit_width(size: int, factor: float) -> float:
    return QFontMetricsF(number_font(size)).horizontalAdvance("0")
