"""Draws lines into many pictures at once, each with a soft round pen of its own width.

A pixel's ink follows from its distance to the nearest point of a line. The points are marked on a
grid finer than the pixels, and each pixel looks for marks around it, first up and down, then to the
sides, as `drawing.preparation` does for a single drawing. In memory the pictures lie side by side,
so that each of these looks is one long row of sums.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Ends = NDArray[np.float32]

MEASURED_ON = 28
"""Pixels on the side of the pictures that widths are given for: on others they have the same share."""

BOX = 20
"""Side of the box that MNIST's digits were fitted into, in a picture of 28x28."""

SOFTNESS = 1.2
"""Pixels over which a stroke's edge fades, as MNIST's do."""

THICKEST = 4.6
"""Widest pen, in pixels of 28x28."""

MARKS = 3
"""Marks per pixel of 28x28 on either side."""

_FAR = np.uint16(30_000)


class Pen:
    """Draws into pictures of one size.

    Args:
        shape: rows and columns of a picture.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self.share = share = min(shape) / MEASURED_ON
        self._fine = fine = max(1, round(MARKS / share))
        self._softness = max(1.0, SOFTNESS * share)
        self._reach = math.ceil((THICKEST * share + self._softness) / 2) * fine
        self._grid = tuple(fine * (side - 1) + 2 * self._reach + 1 for side in shape)

    def place(self, starts: Ends, ends: Ends, down: NDArray[np.bool_], widths: Rows) -> None:
        """Fit the lines of each picture into the box, and their middle onto the picture's, in place.

        Args:
            starts: (m, lines, 2), x and y, in any unit.
            ends: the same.
            down: (m, lines), which of them are there.
            widths: (m,), of the pens.
        """
        both = np.stack([starts, ends])
        there = down[None, :, :, None]
        least = np.where(there, both, np.inf).min(axis=(0, 2))
        most = np.where(there, both, -np.inf).max(axis=(0, 2))
        extent = np.maximum((most - least).max(axis=1), 1e-6)
        scale = ((BOX - widths) * self.share / extent)[:, None, None]
        lengths = np.where(down, np.hypot(*np.moveaxis(ends - starts, 2, 0)), 0)[:, :, None]
        lengths /= np.maximum(lengths.sum(axis=1, keepdims=True), 1e-9)
        mass = ((starts + ends) * lengths / 2).sum(axis=1)[:, None, :]
        middle = np.array(self._shape[::-1], np.float32) / 2
        for points in (starts, ends):
            points -= mass
            points *= scale
            points += middle

    def draw(self, starts: Ends, ends: Ends, down: NDArray[np.bool_], widths: Rows) -> Rows:
        """Return pictures of lines, (m, pixels), 0 to 1; places are pixels from the middle of the first."""
        count = len(starts)
        picture, line = np.nonzero(down)
        begin, along = starts[picture, line], ends[picture, line] - starts[picture, line]
        pieces = np.maximum(np.ceil(np.abs(along).max(axis=1) * self._fine), 1).astype(np.intp)
        owner = np.repeat(np.arange(len(pieces)), pieces + 1)
        first = np.cumsum(pieces + 1) - (pieces + 1)
        part = ((np.arange(len(owner)) - first[owner]) / pieces[owner]).astype(np.float32)
        points = begin[owner] + along[owner] * part[:, None]
        column, row = np.rint(points * self._fine).astype(np.intp).T + self._reach
        height, width = self._grid
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        marks = np.full((height, width, count), _FAR, np.uint16)
        marks[row[inside], column[inside], picture[owner[inside]]] = 0
        squared = self._look(self._look(marks, 0), 1)
        distance = np.sqrt(squared.reshape(-1, count).T.astype(np.float32)) / self._fine
        ink: Rows = np.clip((widths[:, None] * self.share / 2 - distance) / self._softness + 0.5, 0, 1)
        return ink.astype(np.float32)

    def _look(self, marks: NDArray[np.uint16], axis: int) -> NDArray[np.uint16]:
        """Return each pixel's least squared distance, in marks, along an axis."""
        side, fine = self._shape[axis], self._fine
        nearest: NDArray[np.uint16] | None = None
        for offset in range(2 * self._reach + 1):
            places = slice(offset, offset + fine * (side - 1) + 1, fine)
            there = marks[places] if axis == 0 else marks[:, places]
            squared = there + np.uint16((offset - self._reach) ** 2)
            nearest = squared if nearest is None else np.minimum(nearest, squared, out=nearest)
        assert nearest is not None
        return nearest
