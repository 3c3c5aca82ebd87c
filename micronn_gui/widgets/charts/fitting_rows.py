"""Which rows of a list are shown where there is not room for all, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics

from micronn_gui.theme import px

LEAST_HEIGHT = 15.0
"""A row is no lower than this, so that it can be read."""
GREATEST_HEIGHT = 30.0
LEAST_WIDTH = 130
"""A row is usually no narrower than this where rows stand in several columns."""
COLUMN_GAP = 12


class FittingRows:
    """Rows in one column, or in several where they are too many for one; of still more, the largest.

    Args:
        values: one of each row, or none.
        count: how many rows there are.
        width: of the room.
        height: of the room.
        highest: height of a row, in pixels at the usual text size, that is not exceeded.
        narrowest: its width, likewise, where rows stand in several columns.
    """

    def __init__(
        self,
        values: Sequence[float],
        count: int,
        width: int,
        height: int,
        highest: float = GREATEST_HEIGHT,
        narrowest: float = LEAST_WIDTH,
    ) -> None:
        self._gap = px(COLUMN_GAP)
        in_column = max(1, int(height // px(LEAST_HEIGHT)))
        most = max(1, (width + self._gap) // (px(narrowest) + self._gap))
        columns = min(most, -(-count // in_column)) if count else 1
        self.shown = tuple(range(count))
        if count > columns * in_column:
            order = sorted(range(count), key=lambda i: -abs(values[i]) if values else i)
            self.shown = tuple(sorted(order[: columns * in_column]))
        self._in_column = max(1, -(-len(self.shown) // columns))
        self._width = (width + self._gap) / columns - self._gap
        self.height = min(height / self._in_column, px(highest))

    def place(self, at: int) -> QRectF:
        """Return where the row lies that is shown at a place, 0 first."""
        column, row = divmod(at, self._in_column)
        return QRectF(column * (self._width + self._gap), row * self.height, self._width, self.height)

    def at(self, x: float, y: float) -> int | None:
        """Return the row that is shown at a point, if there is one."""
        for place, row in enumerate(self.shown):
            if self.place(place).contains(x, y):
                return row
        return None


def name_width(metrics: QFontMetrics, names: Sequence[str], least: float, most: float) -> float:
    """Return how wide the column of names is: as the longest of them, with a margin, within limits."""
    widest = max((metrics.horizontalAdvance(name) for name in names), default=0)
    return min(max(least, widest + px(12)), most)
