"""From pictures of signs back to the strokes of a pen: thinned to their middle line, and walked along.

All pictures are worked on together, a step at a time: in each step the pen goes on by one pixel in
every picture. What comes of it is kept small, 200 bytes a picture.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

POINTS = 48
"""Most points that are kept of a picture's strokes."""

STRIDE = 2
"""Pixels of a middle line, in a picture of 28x28, from one kept point to the next."""

SHORTEST = 4
"""Pixels, in a picture of 28x28, of a line that is kept beside others: thinning leaves shorter spurs."""

INK = 0.45
"""Share of white from which on a pixel belongs to a stroke."""

# Neighbours of a pixel, (down, across), clockwise from the one above it.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


class Traces(NamedTuple):
    """Strokes of some pictures, one after another and padded.

    Attributes:
        places: (m, POINTS, 2), x and y in pixels from the middle of the first one.
        joined: (m, POINTS), whether the pen was down on its way to a point from the one before.
        counts: (m,), points of each picture.
    """

    places: NDArray[np.float32]
    joined: Mask
    counts: NDArray[np.intp]


def _deletable() -> NDArray[np.bool_]:
    """Return which pixels can go, by half step and neighbours, (2, 256) (Zhang and Suen 1984)."""
    codes = np.arange(256)
    above, _, right, _, below, _, left, _ = bits = [(codes >> k & 1).astype(bool) for k in range(8)]
    count = np.sum(bits, axis=0)
    changes = sum((~bits[k] & bits[(k + 1) % 8]).astype(int) for k in range(8))
    removable = (count >= 2) & (count <= 6) & (changes == 1)
    first = removable & ~(above & right & below) & ~(right & below & left)
    second = removable & ~(above & right & left) & ~(above & below & left)
    return np.stack([first, second])


_DELETABLE = _deletable()


def _preferences() -> NDArray[np.int8]:
    """Return how gladly a pen that came from one of 8 sides goes to each, (9, 8); last, from nowhere."""
    sides = np.arange(8)
    turned = np.abs((sides - sides[:, None] + 4) % 8 - 4)
    liking = 10 - 2 * turned + (sides % 2 == 0)  # straight on, and not past the corner of a pixel
    return np.vstack([liking, 10 + (sides % 2 == 0)]).astype(np.int8)


_PREFERENCES = _preferences()
_NOWHERE = 8


def thin(ink: Mask) -> Mask:
    """Thin strokes to lines a pixel wide, (m, height, width); no pixel on the border may be ink."""
    lines = ink.astype(np.uint8)
    flat = lines.reshape(-1)
    steps = _steps(ink.shape[2])
    codes = np.zeros_like(flat)
    lowest, highest = int(steps.max()), flat.size - int(steps.max())
    inner = slice(lowest, highest)
    changed = True
    while changed:
        changed = False
        for table in _DELETABLE:
            codes[inner] = 0
            for k, step in enumerate(steps):
                codes[inner] |= flat[lowest + step : highest + step] << k
            gone = table.take(codes) & (flat == 1)
            if gone.any():
                changed = True
                flat[gone] = 0
    return lines.astype(bool)


def _steps(width: int) -> NDArray[np.intp]:
    """Return the steps to the neighbours in memory, (8,)."""
    return np.array([down * width + across for down, across in _AROUND], np.intp)


def trace(pictures: Array, white: float = 1.0) -> Traces:
    """Return the strokes of pictures, (m, height, width), 0 (paper) to `white`."""
    count, height, width = pictures.shape
    ink = np.zeros((count, height + 2, width + 2), bool)
    ink[:, 1:-1, 1:-1] = pictures >= INK * white
    scale = max(1, round(min(height, width) / 28))
    found, begins = _walk(thin(ink), POINTS * STRIDE * scale)
    down, across = np.divmod(found, width + 2)
    places = np.stack([across - 1, down - 1], axis=2).astype(np.float32)
    return _kept(places, found >= 0, begins, scale)


def _walk(lines: Mask, most: int) -> tuple[NDArray[np.intp], Mask]:
    """Let a pen walk along all lines: where it was, (m, steps), -1 at last, and where a stroke begins."""
    pens = _Pens(lines)
    found = np.full((most, len(lines)), -1, np.intp)
    begins = np.zeros((most, len(lines)), bool)
    for step in range(most):
        down = np.flatnonzero(~pens.lifted)
        started, places = pens.start()
        found[step, started], begins[step, started] = places, True
        if not len(down):
            if not len(started):
                return found[: max(step, POINTS)].T, begins[: max(step, POINTS)].T
            continue
        moved, places = pens.go_on(down)
        found[step, moved] = places
    return found.T, begins.T


class _Pens:
    """A pen on each picture.

    Args:
        lines: a pixel wide, (m, height, width), none of them on the border.

    Attributes:
        lifted: (m,), whether a pen is between two strokes.
    """

    def __init__(self, lines: Mask) -> None:
        count, size = len(lines), lines[0].size
        self._steps = _steps(lines.shape[2])
        self._left = lines.reshape(count, size).copy()
        self._flat, self._every = self._left.reshape(-1), lines.reshape(-1)  # yet to be drawn, and all
        self._ends = (_degrees(self._every, self._steps) == 1).reshape(count, size)
        self._base = np.arange(count) * size
        # Where each pen is, was before that, and earlier still, in all pictures' pixels.
        self._place, self._before, self._earlier = (np.full(count, -1) for _ in range(3))
        self._heading = np.full(count, _NOWHERE)
        self.lifted = np.ones(count, bool)

    def start(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Set lifted pens down, at ends of lines first; returns which could be, and their pixels."""
        up = np.flatnonzero(self.lifted)
        if not len(up):
            return up, up
        worth = self._left[up] * (1 + self._ends[up].astype(np.int8))
        start = worth.argmax(axis=1)
        some = worth[np.arange(len(up)), start] > 0
        up, start = up[some], start[some]
        self._place[up] = start + self._base[up]
        self._before[up] = self._earlier[up] = -1
        self._heading[up], self.lifted[up] = _NOWHERE, False
        self._flat[self._place[up]] = False
        return up, start

    def go_on(self, down: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Move these pens to the next pixel; returns which could be, and their pixels. Others are lifted."""
        neighbours = self._place[down, None] + self._steps
        liking = self._flat[neighbours] * _PREFERENCES[self._heading[down]]
        best = liking.argmax(axis=1)
        rows = np.arange(len(down))
        goes = liking[rows, best] > 0
        # A pen that can go no further joins what it has come back to.
        came = (neighbours == self._before[down, None]) | (neighbours == self._earlier[down, None])
        known = self._every[neighbours] & ~came
        side = np.where(goes, best, known.argmax(axis=1))
        moves = goes | known.any(axis=1)
        mover, target = down[moves], neighbours[rows, side][moves]
        self._earlier[mover], self._before[mover] = self._before[mover], self._place[mover]
        self._place[mover], self._heading[mover] = target, side[moves]
        self._flat[target] = False
        self.lifted[down[~goes]] = True
        return mover, target - self._base[mover]


def _degrees(every: Mask, steps: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return how many neighbours of each pixel are ink."""
    most = int(steps.max())
    degrees = np.zeros(every.size, np.uint8)
    for step in map(int, steps):
        degrees[most:-most] += every[most + step : every.size - most + step]
    return degrees


def _kept(places: NDArray[np.float32], there: Mask, begins: Mask, scale: int) -> Traces:
    """Smooth the pixels' stairs, leave spurs out, and keep a point of every few."""
    count, steps = there.shape
    # A pen that was lifted for a step has left a gap: close it first.
    order = np.argsort(~there, axis=1, kind="stable")
    rows = np.arange(count)[:, None]
    places, there, begins = places[rows, order], there[rows, order], begins[rows, order]
    stroke = np.cumsum(begins, axis=1) - 1
    key = (stroke + np.arange(count)[:, None] * (steps + 1))[there]
    lengths = np.bincount(key, minlength=count * (steps + 1))
    index = np.maximum(stroke, 0) + np.arange(count)[:, None] * (steps + 1)
    first = np.maximum.accumulate(np.where(begins, np.arange(steps), 0), axis=1)
    inside = np.arange(steps) - first
    length = lengths[index]
    last = inside == length - 1
    inner = there & (inside > 0) & ~last
    for _ in range(2 * scale):
        middle = places.copy()
        middle[:, 1:-1] = (places[:, :-2] + 2 * places[:, 1:-1] + places[:, 2:]) / 4
        places = np.where(inner[:, :, None], middle, places)
    longest = length.max(axis=1, initial=0, where=there)
    spur = (length < SHORTEST * scale) & (length < longest[:, None])
    keep = there & ~spur & ((inside % (STRIDE * scale) == 0) | last)
    order = np.argsort(~keep, axis=1, kind="stable")[:, :POINTS]
    counts = np.minimum(keep.sum(axis=1), POINTS)
    used = np.arange(POINTS) < counts[:, None]
    places = np.where(used[:, :, None], places[rows, order], 0)
    joined = used & ~begins[rows, order]
    joined[:, 0] = False
    return Traces(places.astype(np.float32), joined, counts)
