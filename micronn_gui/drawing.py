"""The drawing: strokes as vectors, with undo and redo. It is part of the session's state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from micronn_core.drawing import Preparation, Stage, prepare, stages

Stroke = tuple[tuple[float, float], ...]
"""Points (x, y) on a pad whose side is 1."""

Picture = NDArray[np.float32]


class Drawing(QObject):
    """What is on the pad, and what of it the network sees.

    A drawing is strokes, or a picture that was put on the pad with strokes drawn over it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strokes: tuple[Stroke, ...] = ()
        self._undone: list[tuple[Stroke, ...]] = []
        self._done: list[tuple[Stroke, ...]] = []
        self._pen: list[tuple[float, float]] | None = None
        self.preparation = Preparation()
        self._picture: Picture | None = None

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes, the one under the pen included."""
        return (*self._strokes, tuple(self._pen)) if self._pen else self._strokes

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes

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
            self._picture = prepare(self.strokes, 1.0, self.preparation)
        return self._picture

    def stages(self) -> list[Stage]:
        """Return the pictures on the way from the pad to the network."""
        return stages(self.strokes, 1.0, self.preparation)

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
            self._become((*self._strokes, stroke))

    def erase(self, x: float, y: float, radius: float) -> None:
        """Take away what lies within a radius of a point; a stroke may fall into pieces."""
        kept: list[Stroke] = []
        for stroke in self._strokes:
            kept.extend(_without(stroke, x, y, radius))
        if tuple(kept) != self._strokes:
            self._become(tuple(kept))

    # -- the whole --

    def clear(self) -> None:
        """Take everything away; it can be undone."""
        if not self.is_empty:
            self._pen = None
            self._become(())

    def show(self, strokes: Sequence[Stroke]) -> None:
        """Put other strokes on the pad; it can be undone."""
        self._pen = None
        self._become(tuple(strokes))

    def undo(self) -> None:
        """Go back by one stroke, one erasing, or one clearing."""
        if self._done:
            self._undone.append(self._strokes)
            self._strokes = self._done.pop()
            self._tell()

    def redo(self) -> None:
        """Take back the last undoing."""
        if self._undone:
            self._done.append(self._strokes)
            self._strokes = self._undone.pop()
            self._tell()

    def prepare_by(self, **steps: bool) -> None:
        """Switch steps of the preparation on or off, by their names in `Preparation`."""
        self.preparation = dataclasses.replace(self.preparation, **steps)
        self._tell()

    def _become(self, strokes: tuple[Stroke, ...]) -> None:
        self._done.append(self._strokes)
        self._undone.clear()
        self._strokes = strokes
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
