"""From pen strokes to the picture that the network sees, the way MNIST was made.

MNIST's makers fitted each digit into a box of 20x20 pixels with its proportions kept, and laid
its centre of mass on the centre of a field of 28x28. Here the *geometry* of the strokes is
fitted and not its pixels, so small, large, off-centre and thinly drawn digits come out alike,
all with a stroke as wide as MNIST's. On a field of another size all has the same share of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from micronn_core.drawing.smoothing import smoothed
from micronn_core.drawing.specks import specks

Points = NDArray[np.float64]
Picture = NDArray[np.float32]
Matrix = NDArray[np.float64]

MNIST_SIDE = 28
BOX = 20
"""Side of the box that MNIST's digits are fitted into, in a field of 28x28."""

STROKE_WIDTH = 2.7
"""Width of the pen in pixels of the 28x28 field: near the mean of MNIST's strokes."""

NARROW = ((0.1, 1.0), (0.2, 0.65), (0.325, 0.65), (0.5, 1.0))
"""Width over height of a drawing, and the share of the pen's width that it is drawn with.

The usual pen fills the loops of a digit that is half as wide as others. A line has none to fill.
"""

SOFTNESS = 1.2
"""Pixels of the 28x28 field over which a stroke's edge fades, as MNIST's do."""

FINE = 4
"""Marks per pixel on either side."""

FLAT = 0.02
"""Height over width, squared, below which a drawing is a line across and has no slant."""

FINEST = 1e-200
"""Length below which a drawing is a point: what it would take to make it larger is no number any more."""

STEEPEST = 1.0
"""Largest shear that is undone, that of 45 degrees: nobody writes with more slant."""


@dataclass(frozen=True)
class Preparation:
    """What is done to a drawing before the network sees it; each step can be left out.

    Attributes:
        drop_specks: leave out what is tiny and far from the digit, as a palm leaves it.
        smooth: bend the lines between points that lie far apart, as a fast hand leaves them.
        straighten: undo its slant, which MNIST's makers did not do: networks read slanted hands worse.
        crop: take the drawing's own box; else the whole pad.
        fit: scale the box to 20x20 of 28x28 pixels; else to all of the field.
        centre: lay the centre of mass on the middle of the field; else the middle of the box.
    """

    drop_specks: bool = True
    smooth: bool = True
    straighten: bool = True
    crop: bool = True
    fit: bool = True
    centre: bool = True


@dataclass(frozen=True)
class Field:
    """The field of pixels that a drawing is brought onto.

    Attributes:
        height: rows.
        width: columns.
        pen: the share of the usual pen's width that is drawn with.
    """

    height: int = MNIST_SIDE
    width: int = MNIST_SIDE
    pen: float = 1.0

    @cached_property
    def share(self) -> float:
        """How large it is beside MNIST's field; what is measured in pixels there has the same share here."""
        return min(self.height, self.width) / MNIST_SIDE

    @cached_property
    def size(self) -> NDArray[np.float64]:
        """Its width and height."""
        return np.array([self.width, self.height], np.float64)

    @cached_property
    def box(self) -> NDArray[np.float64]:
        """Width and height of the box that a drawing is fitted into."""
        return np.full(2, BOX * self.share)

    @cached_property
    def middle(self) -> NDArray[np.float64]:
        """Its middle, (x, y), counted in pixels from the middle of the first one."""
        return (self.size - 1) / 2

    @cached_property
    def centre(self) -> NDArray[np.float64]:
        """Where MNIST's makers laid the centre of mass, (x, y), counted in the same way."""
        return self.size / 2

    @cached_property
    def stroke_width(self) -> float:
        """Width of the pen in pixels."""
        return STROKE_WIDTH * self.share * self.pen

    @cached_property
    def softness(self) -> float:
        """Pixels over which a stroke's edge fades: a pixel at least."""
        return max(1.0, SOFTNESS * self.share)

    @cached_property
    def reach(self) -> int:
        """Pixels around a pixel in which it looks for marks: more than the pen reaches."""
        return math.ceil((self.stroke_width + self.softness) / 2)

    @cached_property
    def margin(self) -> int:
        """Marks beyond each border: as many as a pixel looks for."""
        return FINE * self.reach

    @cached_property
    def squares(self) -> NDArray[np.float32]:
        """Squared distances, in pixels, of the marks that a pixel looks for in a row, (2 margin + 1,)."""
        return np.square(np.arange(-self.margin, self.margin + 1) / FINE).astype(np.float32)

    @cached_property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of marks."""
        width, height = (FINE * (side - 1) + 2 * self.margin + 1 for side in (self.width, self.height))
        return width, height


MNIST_FIELD = Field()


class Stage(NamedTuple):
    """A drawing on its way to the network: the step's name in `Preparation`, and the picture after it."""

    step: str
    picture: Picture


def prepare(
    strokes: Sequence[ArrayLike],
    pad: float = 1.0,
    preparation: Preparation = Preparation(),
    field: Field = MNIST_FIELD,
) -> Picture:
    """Return the picture of a drawing, (height, width), 0 (paper) to 1 (ink); all 0 where nothing is drawn.

    Args:
        strokes: each a list of (x, y), x to the right, y down; one point makes a dot. What else a
            point holds, such as the pen's pressure, is passed over: the lines are what is written.
        pad: the side of the square that was drawn on, for a drawing that is not to be cropped.
        preparation: what is done to it.
        field: the size of the picture.
    """
    *_, last = _steps(_lines(strokes), pad, preparation, field)
    return last.picture


def map_to_field(
    strokes: Sequence[ArrayLike],
    pad: float = 1.0,
    preparation: Preparation = Preparation(),
    field: Field = MNIST_FIELD,
) -> Matrix:
    """Return the affine map, (2, 3), from a place on the pad to its place in the field."""
    *_, last = _steps(_lines(strokes), pad, preparation, field)
    return last.way


def stages(
    strokes: Sequence[ArrayLike],
    pad: float = 1.0,
    preparation: Preparation = Preparation(),
    field: Field = MNIST_FIELD,
) -> list[Stage]:
    """Return the pictures on the way from the pad to the network; the last is what `prepare` returns.

    The first stage is named "drawn"; a step that is left out shows the picture before it.
    """
    return [Stage(step.name, step.picture) for step in _steps(_lines(strokes), pad, preparation, field)]


class Trace(NamedTuple):
    """A stroke as the network sees it: its points, (n, 2 or more), and whether it is left out as a speck."""

    points: Points
    is_speck: bool


def traces(strokes: Sequence[ArrayLike], preparation: Preparation = Preparation()) -> list[Trace]:
    """Return what becomes of each stroke on the pad before all of them are moved onto the field.

    Args:
        strokes: (points, 2 or more) each, finite, at least one point; what else than x and y a point
            holds is carried along the curve.
        preparation: what is done to the drawing.
    """
    lines = [np.asarray(stroke, np.float64) for stroke in strokes]
    places = [line[:, :2] for line in lines]
    left_out = specks(places) if preparation.drop_specks else [False] * len(lines)
    extent = _extent([place for place, out in zip(places, left_out, strict=True) if not out])
    return [
        Trace(smoothed(line, extent) if preparation.smooth else line, out)
        for line, out in zip(lines, left_out, strict=True)
    ]


def _lines(strokes: Sequence[ArrayLike]) -> list[Points]:
    """Return the strokes' finite points, (n, 2) each, without strokes that have none."""
    points = (np.asarray(stroke, np.float64) for stroke in strokes)
    lines = (stroke[:, :2] if stroke.ndim == 2 else stroke.reshape(-1, 2) for stroke in points)
    finite = (line[np.isfinite(line).all(axis=1)] for line in lines)
    return [line for line in finite if len(line)]


class _Step(NamedTuple):
    """A step's name, the lines after it, their way from the pad to the field, and the field with its pen."""

    name: str
    lines: list[Points]
    way: Matrix
    field: Field

    @property
    def picture(self) -> Picture:
        """The lines as they are drawn after this step."""
        return render(_moved(self.lines, self.way), self.field)


def _steps(lines: list[Points], pad: float, preparation: Preparation, field: Field) -> Iterator[_Step]:
    """Yield what there is after each step."""
    whole = np.array([[0.0, 0.0], [pad, pad]])
    as_it_is = _placing(whole, field, field.size, 0)
    yield _Step("drawn", lines, as_it_is, field)
    if preparation.drop_specks:
        lines = [line for line, out in zip(lines, specks(lines), strict=True) if not out]
    yield _Step("drop_specks", lines, as_it_is, field)
    if preparation.smooth:
        extent = _extent(lines)
        lines = [smoothed(line, extent) for line in lines]
    yield _Step("smooth", lines, as_it_is, field)
    upright = straightening(lines) if preparation.straighten else np.eye(2, 3)
    yield _Step("straighten", lines, as_it_is @ _square(upright), field)
    pen, box = 0.0, whole
    if preparation.crop and lines:
        box = _box(_moved(lines, upright))
        field = replace(field, pen=field.pen * pen_share(box))
        pen = field.stroke_width  # the ink is to fit, and not only its middle line
    yield _Step("crop", lines, _placing(box, field, field.size, pen) @ _square(upright), field)
    way = _placing(box, field, field.box if preparation.fit else field.size, pen) @ _square(upright)
    yield _Step("fit", lines, way, field)
    if preparation.centre:
        way = way.copy()
        way[:, 2] += field.centre - centre_of_mass(render(_moved(lines, way), field))
    yield _Step("centre", lines, way, field)


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


def pen_share(box: Points) -> float:
    """Return with what share of the usual pen's width a drawing is drawn, by `NARROW`.

    Args:
        box: its least and its greatest corner, (2, 2), in any unit.
    """
    width, height = box[1] - box[0]
    ratios, shares = zip(*NARROW, strict=True)
    return float(np.interp(width / max(height, FINEST), ratios, shares))


def _extent(lines: Sequence[Points]) -> float:
    """Return the longer side of the box around lines."""
    return float(np.diff(_box(lines), axis=0).max()) if lines else 0.0


def _placing(box: Points, field: Field, size: NDArray[np.float64], pen: float) -> Matrix:
    """Scale a box, with a pen's width around it, into a size in pixels in the middle of the field."""
    extent = box[1] - box[0]
    scale = min(
        ((side - pen) / length for side, length in zip(size, extent, strict=True) if length > FINEST),
        default=0.0,
    )
    offset = field.middle - box.mean(axis=0) * scale
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
        return (np.array(picture.shape[::-1]) - 1) / 2
    return np.array([picture.sum(axis=i) @ np.arange(picture.shape[1 - i]) for i in range(2)]) / mass


def render(lines: Sequence[Points], field: Field = MNIST_FIELD) -> Picture:
    """Draw lines with a soft round pen, (height, width), 0 to 1.

    A pixel's ink follows from its distance to the nearest point of a line, so that strokes that
    cross do not add up. The points are marked on a grid finer than the pixels, and each pixel
    looks for marks around it, first up and down, then to the sides: the work does not grow with
    the number of strokes.
    """
    marks = np.zeros(field.grid[::-1], bool)
    for line in lines:
        places = np.rint(_along(line) * FINE).astype(int) + field.margin
        inside = ((places >= 0) & (places < field.grid)).all(axis=1)
        columns, rows = places[inside].T
        marks[rows, columns] = True
    squared = np.where(marks, np.float32(0), np.float32(np.inf))
    for _ in range(2):
        around = sliding_window_view(squared, len(field.squares), axis=0)[::FINE]
        squared = (around + field.squares).min(axis=2).T
    picture: Picture = np.clip((field.stroke_width / 2 - np.sqrt(squared)) / field.softness + 0.5, 0, 1)
    return picture


def _along(line: Points) -> Points:
    """Return points along a line, no further from each other than the marks."""
    pieces = np.linalg.norm(np.diff(line, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(pieces)])
    places = np.append(np.arange(0, length[-1], 1 / FINE), length[-1])
    return np.stack([np.interp(places, length, line[:, axis]) for axis in (0, 1)], axis=1)
