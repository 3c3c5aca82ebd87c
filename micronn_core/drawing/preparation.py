"""From pen strokes to the picture that the network sees, the way MNIST was made.

MNIST's makers fitted each digit into a box of 20x20 pixels with its proportions kept, and laid
its centre of mass on the centre of a field of 28x28. Here the *geometry* of the strokes is
fitted and not its pixels, so small, large, off-centre and thinly drawn digits come out alike,
all with a stroke as wide as MNIST's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Picture = NDArray[np.float32]
Matrix = NDArray[np.float64]

SIDE = 28
BOX = 20
CENTRE = 14.0
"""Row and column, counted in pixels from the first one's middle, of MNIST's centres of mass."""

STROKE_WIDTH = 2.7
"""Width of the pen in pixels of the 28x28 field: near the mean of MNIST's strokes."""

SOFTNESS = 1.2
"""Pixels over which a stroke's edge fades, as MNIST's do."""

FINE = 4
"""Marks per pixel on either side."""

REACH = 2
"""Pixels around a pixel in which it looks for marks: more than the pen reaches."""

_GRID = FINE * (SIDE - 1 + 2 * REACH) + 1
_SQUARES = np.square(np.arange(-FINE * REACH, FINE * REACH + 1) / FINE).astype(np.float32)

FLAT = 0.02
"""Height over width, squared, below which a drawing is a line across and has no slant."""

STEEPEST = 1.0
"""Largest shear that is undone, that of 45 degrees: nobody writes with more slant."""


@dataclass(frozen=True)
class Preparation:
    """What is done to a drawing before the network sees it; each step can be left out.

    Attributes:
        straighten: undo its slant, which MNIST's makers did not do: networks read slanted hands worse.
        crop: take the drawing's own box; else the whole pad.
        fit: scale the box to 20x20 pixels; else to all of 28x28.
        centre: lay the centre of mass on the middle of the field; else the middle of the box.
    """

    straighten: bool = True
    crop: bool = True
    fit: bool = True
    centre: bool = True


class Stage(NamedTuple):
    """A drawing on its way to the network: the step's name in `Preparation`, and the picture after it."""

    step: str
    picture: Picture


def prepare(
    strokes: Sequence[ArrayLike],
    pad: float = 1.0,
    preparation: Preparation = Preparation(),
) -> Picture:
    """Return the 28x28 picture of a drawing, 0 (paper) to 1 (ink); all 0 where nothing is drawn.

    Args:
        strokes: each a list of (x, y), x to the right, y down; one point makes a dot. What else a
            point holds, such as the pen's pressure, is passed over: the lines are what is written.
        pad: the side of the square that was drawn on, for a drawing that is not to be cropped.
        preparation: what is done to it.
    """
    lines = _lines(strokes)
    *_, (_, way) = _steps(lines, pad, preparation)
    return render(_moved(lines, way))


def way_to_field(
    strokes: Sequence[ArrayLike], pad: float = 1.0, preparation: Preparation = Preparation()
) -> Matrix:
    """Return the affine map, (2, 3), from a place on the pad to its place in the 28x28 field."""
    *_, (_, way) = _steps(_lines(strokes), pad, preparation)
    return way


def stages(
    strokes: Sequence[ArrayLike], pad: float = 1.0, preparation: Preparation = Preparation()
) -> list[Stage]:
    """Return the pictures on the way from the pad to the network; the last is what `prepare` returns.

    The first stage is named "drawn"; a step that is left out shows the picture before it.
    """
    lines = _lines(strokes)
    return [Stage(step, render(_moved(lines, way))) for step, way in _steps(lines, pad, preparation)]


def _lines(strokes: Sequence[ArrayLike]) -> list[Points]:
    """Return the strokes' finite points, (n, 2) each, without strokes that have none."""
    points = (np.asarray(stroke, np.float64) for stroke in strokes)
    lines = (stroke[:, :2] if stroke.ndim == 2 else stroke.reshape(-1, 2) for stroke in points)
    finite = (line[np.isfinite(line).all(axis=1)] for line in lines)
    return [line for line in finite if len(line)]


def _steps(lines: Sequence[Points], pad: float, preparation: Preparation) -> Iterator[tuple[str, Matrix]]:
    """Yield each step's name, and the way from the pad to the field after it."""
    whole = np.array([[0.0, 0.0], [pad, pad]])
    upright = np.eye(2, 3)
    yield "drawn", _placing(whole, SIDE, 0) @ _square(upright)
    if preparation.straighten:
        upright = straightening(lines)
    yield "straighten", _placing(whole, SIDE, 0) @ _square(upright)
    pen = STROKE_WIDTH if preparation.crop else 0.0  # the ink is to fit, and not only its middle line
    box = _box(_moved(lines, upright)) if preparation.crop and lines else whole
    yield "crop", _placing(box, SIDE, pen) @ _square(upright)
    way = _placing(box, BOX if preparation.fit else SIDE, pen) @ _square(upright)
    yield "fit", way
    if preparation.centre:
        way = way.copy()
        way[:, 2] += CENTRE - centre_of_mass(render(_moved(lines, way)))
    yield "centre", way


def _moved(lines: Sequence[Points], way: Matrix) -> list[Points]:
    """Apply an affine map to lines."""
    return [line @ way[:, :2].T + way[:, 2] for line in lines]


def _square(way: Matrix) -> Matrix:
    """Return an affine map as a (3, 3) matrix, so that another can follow it."""
    return np.vstack([way, [0.0, 0.0, 1.0]])


def _box(lines: Sequence[Points]) -> Points:
    """Return the least and the greatest corner of lines, (2, 2)."""
    every = np.concatenate(lines)
    return np.stack([every.min(axis=0), every.max(axis=0)])


def _placing(box: Points, size: float, pen: float) -> Matrix:
    """Scale a box, with a pen's width around it, to a size in pixels in the middle of the field."""
    extent = float((box[1] - box[0]).max())
    scale = (size - pen) / extent if extent > 0 else 0.0
    offset = (SIDE - 1) / 2 - box.mean(axis=0) * scale
    return np.array([[scale, 0.0, offset[0]], [0.0, scale, offset[1]]])


def straightening(lines: Sequence[Points]) -> Matrix:
    """Return the map that undoes the slant: a shear after which x and y are uncorrelated.

    Every point of the lines weighs alike, wherever the pen was sampled. A drawing without height
    has no slant.
    """
    pieces = [np.concatenate([line[:-1], line[1:]], axis=1) for line in lines if len(line) > 1]
    if not pieces:
        return np.eye(2, 3)
    starts, ends = np.split(np.concatenate(pieces), 2, axis=1)
    middle, weight = (starts + ends) / 2, np.linalg.norm(ends - starts, axis=1)
    if weight.sum() == 0:
        return np.eye(2, 3)
    centre = weight @ middle / weight.sum()
    offset, along = middle - centre, ends - starts
    # A piece's own spread, its square over 12, belongs to the sum: a line may be a single piece.
    (xx, xy), (_, yy) = (offset.T * weight) @ offset + (along.T * weight) @ along / 12
    if yy <= FLAT * xx:
        return np.eye(2, 3)
    shear = np.clip(xy / yy, -STEEPEST, STEEPEST)
    return np.array([[1.0, -shear, shear * centre[1]], [0.0, 1.0, 0.0]])


def centre_of_mass(picture: Picture) -> NDArray[np.float64]:
    """Return (x, y) of a picture's centre of mass in pixels; its middle where it is blank."""
    mass = float(picture.sum())
    if mass == 0:
        return np.full(2, (SIDE - 1) / 2)
    places = np.arange(SIDE)
    return np.array([picture.sum(axis=0) @ places, picture.sum(axis=1) @ places]) / mass


def render(lines: Sequence[Points]) -> Picture:
    """Draw lines with a soft round pen, (28, 28), 0 to 1.

    A pixel's ink follows from its distance to the nearest point of a line, so that strokes that
    cross do not add up. The points are marked on a grid finer than the pixels, and each pixel
    looks for marks around it, first up and down, then to the sides: the work does not grow with
    the number of strokes.
    """
    marks = np.zeros((_GRID, _GRID), bool)
    for line in lines:
        places = np.rint(_along(line) * FINE).astype(int) + FINE * REACH
        inside = ((places >= 0) & (places < _GRID)).all(axis=1)
        columns, rows = places[inside].T
        marks[rows, columns] = True
    squared = np.where(marks, np.float32(0), np.float32(np.inf))
    for _ in range(2):
        around = sliding_window_view(squared, len(_SQUARES), axis=0)[::FINE]
        squared = (around + _SQUARES).min(axis=2).T
    picture: Picture = np.clip((STROKE_WIDTH / 2 - np.sqrt(squared)) / SOFTNESS + 0.5, 0, 1)
    return picture


def _along(line: Points) -> Points:
    """Return points along a line, no further from each other than the marks."""
    pieces = np.linalg.norm(np.diff(line, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(pieces)])
    places = np.append(np.arange(0, length[-1], 1 / FINE), length[-1])
    return np.stack([np.interp(places, length, line[:, axis]) for axis in (0, 1)], axis=1)
