"""The drawing: strokes as vectors, with undo and redo. It is part of the session's state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from micronn_core.drawing import Preparation, Stage, prepare, stages, way_to_field

Stroke = tuple[tuple[float, float], ...]
"""Points (x, y) on a pad whose side is 1."""

Picture = NDArray[np.float32]

AS_IT_IS = Preparation(crop=False, fit=False, centre=False)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What lies on the pad: strokes, and under them a picture, (28, 28), or none."""

    strokes: tuple[Stroke, ...] = ()
    under: Picture | None = None


class Drawing(QObject):
    """What is on the pad, and what of it the network sees.

    A drawing is strokes, or a picture that was put on the pad with strokes drawn over it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = Sheet()
        self._undone: list[Sheet] = []
        self._done: list[Sheet] = []
        self._pen: list[tuple[float, float]] | None = None
        self.preparation = Preparation()
        self._picture: Picture | None = None

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes, the one under the pen included."""
        return (*self._sheet.strokes, tuple(self._pen)) if self._pen else self._sheet.strokes

    @property
    def under(self) -> Picture | None:
        """The picture that was put on the pad, (28, 28), or None."""
        return self._sheet.under

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
    def picture(self) -> Picture:
        """What the network sees, (28, 28), 0 to 1."""
        if self._picture is None:
            if self.under is None:
                self._picture = prepare(self.strokes, 1.0, self.preparation)
            else:  # a picture has been normalised when it was read; what is drawn over it stays in its place
                self._picture = np.maximum(self.under, prepare(self.strokes, 1.0, AS_IT_IS))
        return self._picture

    def way_to_field(self) -> NDArray[np.float64]:
        """Return the affine map, (2, 3), from a place on the pad to its place in the 28x28 field."""
        preparation = self.preparation if self.under is None else AS_IT_IS
        return way_to_field(self.strokes, 1.0, preparation)

    def stages(self) -> list[Stage]:
        """Return the pictures on the way from the pad to the network."""
        if self.under is None:
            return stages(self.strokes, 1.0, self.preparation)
        return [Stage(step, self.picture) for step in ("drawn", *vars(self.preparation))]

    # -- the pen --

    def pen_down(self, x: float, y: float) -> None:
        """Begin a stroke."""
        self._pen = [(x, y)]
        self._tell()

    def pen_move(self, points: Iterable[tuple[float, float]]) -> None:
        """Go on with the stroke."""
        if self._pen is not None:
            self._pen.extend(points)
            self._tell()

    def pen_up(self) -> None:
        """End the stroke."""
        if self._pen is not None:
            stroke, self._pen = tuple(self._pen), None
            self._become(Sheet((*self._sheet.strokes, stroke), self.under))

    def erase(self, x: float, y: float, radius: float) -> None:
        """Take away what lies within a radius of a point; a stroke may fall into pieces."""
        kept: list[Stroke] = []
        for stroke in self._sheet.strokes:
            kept.extend(_without(stroke, x, y, radius))
        if tuple(kept) != self._sheet.strokes:
            self._become(Sheet(tuple(kept), self.under))

    # -- the whole --

    def clear(self) -> None:
        """Take everything away; it can be undone."""
        if not self.is_empty:
            self._pen = None
            self._become(Sheet())

    def show(self, strokes: Sequence[Stroke]) -> None:
        """Put other strokes on the pad; it can be undone."""
        self._pen = None
        self._become(Sheet(tuple(strokes)))

    def lay_under(self, picture: Picture) -> None:
        """Put a picture on the pad, (28, 28), 0 to 1, to be read or drawn over; it can be undone."""
        self._pen = None
        self._become(Sheet((), picture))

    def undo(self) -> None:
        """Go back by one stroke, one erasing, or one clearing."""
        if self._done:
            self._undone.append(self._sheet)
            self._sheet = self._done.pop()
            self._tell()

    def redo(self) -> None:
        """Take back the last undoing."""
        if self._undone:
            self._done.append(self._sheet)
            self._sheet = self._undone.pop()
            self._tell()

    def prepare_by(self, **steps: bool) -> None:
        """Switch steps of the preparation on or off, by their names in `Preparation`."""
        self.preparation = dataclasses.replace(self.preparation, **steps)
        self._tell()

    def _become(self, sheet: Sheet) -> None:
        self._done.append(self._sheet)
        self._undone.clear()
        self._sheet = sheet
        self._tell()

    def _tell(self) -> None:
        self._picture = None
        self.changed.emit()


def _without(stroke: Stroke, x: float, y: float, radius: float) -> list[Stroke]:
    """Return what is left of a stroke when a disc is taken out of it."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in stroke:
        if (point[0] - x) ** 2 + (point[1] - y) ** 2 > radius**2:
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    return [tuple(piece) for piece in pieces if piece]
