"""The drawing: strokes as vectors, with undo and redo."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import starmap, zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from micronn_core.common.texts import tr
from micronn_core.drawing.photographs.steps import Photograph
from micronn_core.drawing.preparation import (
    MNIST_FIELD,
    Field,
    Preparation,
    Stage,
    map_to_field,
    prepare,
    stages,
    traces,
)
from micronn_gui.session.drawing_first import DrawingFirst
from micronn_gui.session.undo import PAD, Act

Point = tuple[float, ...]
"""(x, y) on a pad whose side is 1, or (x, y, pressure)."""
Stroke = tuple[Point, ...]

Picture = NDArray[np.float32]

IN_PLACE = Preparation(drop_specks=False, straighten=False, crop=False, fit=False, centre=False)
"""How strokes are brought onto the field where a picture lies: each dot may belong to that."""


BRUSH = 0.06
"""Width of the brush at first, as a share of the pad's side."""


class Line(NamedTuple):
    """A stroke on the pad: its points, and the width of the brush that drew it.

    The width is for the eye alone: the network sees every line as wide as MNIST's pen.
    """

    points: Stroke
    width: float = BRUSH


class Trace(NamedTuple):
    """A line as the pad shows it.

    Attributes:
        points: the curve that the network sees, of points (x, y) or (x, y, pressure).
        width: that of its brush.
        is_speck: whether it is left out as a speck.
    """

    points: list[list[float]]
    width: float
    is_speck: bool


class Way(NamedTuple):
    """The way of a photograph to the pad.

    Attributes:
        photograph: as it was decoded.
        stages: the pictures after each step; the last one is as large as the field.
        without: the steps that were left out.
    """

    photograph: Photograph
    stages: tuple[Stage, ...]
    without: frozenset[str]


@dataclass(frozen=True, eq=False)
class Sheet:
    """What lies on the pad: lines, and under them a picture of the field's size, or none.

    Attributes:
        lines: the strokes.
        under: the picture, (height, width), 0 to 1.
        way: how that came from a photograph; None where it did not.
    """

    lines: tuple[Line, ...] = ()
    under: Picture | None = None
    way: Way | None = None


@dataclass(frozen=True, eq=False)
class _Change:
    """The sheet before a change, or after it, and the change."""

    sheet: Sheet
    act: Act


class Drawing(QObject):
    """What is on the pad, and what of it the network sees.

    A drawing is strokes, or a picture that was put on the pad with strokes drawn over it.

    Attributes:
        brush: width of the brush on the pad, as a share of its side.
        erasing: whether the pen erases.
        field: the size of the picture that the network sees.
    """

    changed = Signal()
    tools_changed = Signal()
    cleared = Signal(Act)
    """Everything has been taken away; the act puts it back, whatever has been drawn since."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.brush = BRUSH
        self.erasing = False
        self._sheet = Sheet()
        self._undone: list[_Change] = []
        self._done: list[_Change] = []
        self._pen: list[Point] | None = None
        self._pen_width = BRUSH
        self._erasing = False
        self._eraser_at: tuple[float, float] | None = None
        self.preparation = Preparation()
        self.field = MNIST_FIELD
        self._picture: Picture | None = None
        self._first = DrawingFirst(self)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes, the one under the pen included."""
        return tuple(line.points for line in self.lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The strokes with the widths that they were drawn with, the one under the pen included."""
        lines = self._sheet.lines
        return (*lines, Line(tuple(self._pen), self._pen_width)) if self._pen else lines

    @property
    def under(self) -> Picture | None:
        """The picture that was put on the pad, (height, width), or None."""
        return self._sheet.under

    @property
    def way(self) -> Way | None:
        """How the picture on the pad came from a photograph; None where there is none, or it did not."""
        return self._sheet.way

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn and no picture lies on the pad."""
        return not self.strokes and self.under is None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._undone)

    @property
    def last_act(self) -> Act | None:
        """What would be undone next."""
        if self._pen is not None:
            return self._act(tr("stroke"))
        return self._done[-1].act if self._done else None

    @property
    def picture(self) -> Picture:
        """What the network sees, (height, width), 0 to 1."""
        if self._picture is None:
            if self.under is None:
                self._picture = prepare(self.strokes, 1.0, self.preparation, self.field)
            else:  # a picture has been normalised when it was read; what is drawn over it stays in its place
                self._picture = np.maximum(self.under, prepare(self.strokes, 1.0, IN_PLACE, self.field))
        return self._picture

    def traces(self) -> list[Trace]:
        """Return the lines as the pad shows them: the curves that the network sees.

        The stroke under the pen is not yet shown as a speck, since every stroke begins as a dot.
        """
        preparation = self.preparation if self.under is None else IN_PLACE
        lines = self.lines
        seen = traces([line.points for line in lines], preparation)
        ended = len(lines) - (self._pen is not None)
        return [
            Trace(trace.points.tolist(), line.width, trace.is_speck and i < ended)
            for i, (line, trace) in enumerate(zip(lines, seen, strict=True))
        ]

    def map_to_field(self) -> NDArray[np.float64]:
        """Return the affine map, (2, 3), from a place on the pad to its place in the field."""
        preparation = self.preparation if self.under is None else IN_PLACE
        return map_to_field(self.strokes, 1.0, preparation, self.field)

    def picture_with(self, **steps: bool) -> Picture:
        """Return what the network would see with steps of the preparation switched on or off."""
        return prepare(self.strokes, 1.0, dataclasses.replace(self.preparation, **steps), self.field)

    def stages(self) -> list[Stage]:
        """Return the pictures on the way from the pad to the network."""
        if self.under is None:
            return stages(self.strokes, 1.0, self.preparation, self.field)
        return [Stage(step, self.picture) for step in ("drawn", *vars(self.preparation))]

    # -- the pen --

    def pen_down(self, x: float, y: float, *pressure: float) -> None:
        """Begin a stroke, with or without the pen's pressure, 0 to 1; one that was never ended is kept."""
        self.pen_up()
        self._pen, self._pen_width = [(x, y, *pressure)], self.brush
        self._change()

    def pen_move(self, points: Iterable[Point]) -> None:
        """Go on with the stroke."""
        if self._pen is not None:
            self._pen.extend(points)
            self._change()

    def pen_up(self) -> None:
        """End the stroke, or the erasing."""
        if self._pen is not None:
            lines, self._pen = self.lines, None
            self._become(Sheet(lines, self.under, self.way), tr("stroke"))
        self._erasing, self._eraser_at = False, None

    def pen_withdraw(self) -> None:
        """Take back the stroke under the pen, as if it had never been."""
        if self._pen is not None:
            self._pen = None
            self._change()

    def erase(self, x: float, y: float, radius: float) -> None:
        """Take away what lies within a radius of the eraser's way to a point, of strokes and of a picture.

        A stroke may fall into pieces. What is erased until the pen goes up is undone as one.
        """
        way = np.array([self._eraser_at or (x, y), (x, y)])
        self._eraser_at = x, y
        lines = tuple(
            Line(piece, line.width)
            for line in self._sheet.lines
            for piece in _without(line.points, way, radius)
        )
        under = None if self.under is None else _rubbed(self.under, way, radius)
        if lines == self._sheet.lines and under is self.under:
            return
        sheet = Sheet(lines, under, self.way) if under is not None and under.any() else Sheet(lines)
        if self._erasing:
            self._sheet = sheet
            self._change()
        else:
            self._become(sheet, tr("erase"))
            self._erasing = True

    def use(self, brush: float | None = None, erasing: bool | None = None) -> None:
        """Take another brush, or the eraser, or put it away."""
        self.brush = self.brush if brush is None else brush
        self.erasing = self.erasing if erasing is None else erasing
        self.tools_changed.emit()

    # -- the whole --

    def clear(self, *, kept: bool = False) -> None:
        """Take everything away; it can be undone, and this is said unless it has been kept elsewhere."""
        self.pen_up()
        if not self.is_empty:
            before, what = self._sheet, tr("clear the pad")
            self._become(Sheet(), what)
            if kept:
                return
            put_back = partial(self._become, before, tr("put back what was cleared"))
            self.cleared.emit(Act(PAD, what, put_back, tr("The pad is cleared.")))

    def show(self, strokes: Sequence[Stroke], widths: Sequence[float] = ()) -> None:
        """Put other strokes on the pad; it can be undone.

        Args:
            strokes: their points.
            widths: those of their brushes; the present one for strokes that have none.
        """
        self.pen_up()
        pairs = zip_longest(strokes, widths[: len(strokes)], fillvalue=self.brush)
        self._become(Sheet(tuple(starmap(Line, pairs))), tr("another drawing"))

    def lay_under(self, picture: Picture, way: Way | None = None) -> None:
        """Put a picture on the pad to be read or drawn over; it can be undone.

        Args:
            picture: (height, width), 0 to 1.
            way: how it came from a photograph, if it did.
        """
        self.pen_up()
        self._become(Sheet((), picture, way), tr("lay a picture on the pad"))

    def go_another_way(self, picture: Picture, way: Way) -> None:
        """Put another picture of the same photograph under what is drawn; it can be undone."""
        self.pen_up()
        self._become(Sheet(self._sheet.lines, picture, way), tr("switch a step"))

    def undo(self) -> None:
        """Go back by one stroke, be it still under the pen, one erasing, or one clearing."""
        self.pen_up()
        if self._done:
            change = self._done.pop()
            self._undone.append(_Change(self._sheet, change.act))
            self._sheet = change.sheet
            self._change()

    def redo(self) -> None:
        """Take back the last undoing."""
        self.pen_up()
        if self._undone:
            change = self._undone.pop()
            self._done.append(_Change(self._sheet, self._act(change.act.what)))  # it is done now
            self._sheet = change.sheet
            self._change()

    def use_field(self, field: Field) -> None:
        """Bring the drawing onto a field of another size; pictures of the old size are taken away."""
        if field == self.field:
            return
        self.pen_up()
        self.field = field
        changes = (*self._done, *self._undone)
        if any(sheet.under is not None for sheet in (self._sheet, *(change.sheet for change in changes))):
            self._sheet = Sheet(self._sheet.lines)
            self._done.clear()
            self._undone.clear()
        self._change()

    def prepare_by(self, **steps: bool) -> None:
        """Switch steps of the preparation on or off, by their names in `Preparation`."""
        self.preparation = dataclasses.replace(self.preparation, **steps)
        self._change()

    def _act(self, what: str) -> Act:
        return Act(PAD, what, self.undo)

    def _become(self, sheet: Sheet, what: str) -> None:
        self._done.append(_Change(self._sheet, self._act(what)))
        self._undone.clear()
        self._sheet = sheet
        self._change()

    def _change(self) -> None:
        self._first.claim()
        self._picture = None
        self.changed.emit()


def _without(stroke: Stroke, way: NDArray[np.float64], radius: float) -> list[Stroke]:
    """Return what is left of a stroke where an eraser went from one point to another, (2, 2)."""
    points = _dense(stroke, radius / 4)
    outside = _distances(points[:, :2], way) > radius
    if outside.all():
        return [stroke]
    runs = np.split(points, np.flatnonzero(np.diff(outside)) + 1)  # outside and inside in turns
    return [tuple(map(tuple, run.tolist())) for run in runs[0 if outside[0] else 1 :: 2]]


def _rubbed(picture: Picture, way: NDArray[np.float64], radius: float) -> Picture:
    """Return a picture that covers the pad without the ink where an eraser went; itself if there is none."""
    height, width = picture.shape
    rows, columns = np.mgrid[:height, :width]
    middles = np.stack([(columns + 0.5) / width, (rows + 0.5) / height], axis=-1).reshape(-1, 2)
    pixel = 1 / max(height, width)
    left = np.clip((_distances(middles, way) - radius) / pixel + 0.5, 0, 1).reshape(picture.shape)
    rubbed = np.minimum(picture, left.astype(picture.dtype))
    return picture if np.array_equal(rubbed, picture) else rubbed


def _distances(points: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distances, (n,), of points, (n, 2), to the straight way between two, (2, 2)."""
    start, step = way[0], way[1] - way[0]
    share = np.clip((points - start) @ step / max(float(step @ step), 1e-12), 0, 1)
    distances: NDArray[np.float64] = np.linalg.norm(points - start - share[:, None] * step, axis=1)
    return distances


def _dense(stroke: Stroke, spacing: float) -> NDArray[np.float64]:
    """Return the points of a stroke and more between them, none too far from the next, (n, 2 or 3)."""
    points = np.array(stroke)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points[:, :2], axis=0), axis=1))])
    places = np.union1d(lengths, np.arange(0, lengths[-1], spacing))
    return np.stack([np.interp(places, lengths, points[:, axis]) for axis in range(points.shape[1])], axis=1)
