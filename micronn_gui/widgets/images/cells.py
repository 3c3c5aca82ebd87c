"""How the cells of an image grid lie: as large as the room allows.

All lengths here are in pixels at the usual text size.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF

from micronn_gui.theme import px

GAP = 14
"""Room between two cells."""
CAPTION = 20
"""Height of the caption under an image."""
BARS = (16, 64)
"""Least and greatest height of the bars below an image; they take what height is left."""
BARS_SHARE = 0.18
"""Least share of the bars in the height of an image with bars below."""
NAMES = 16
"""Room for the bars' names."""
LEAST_SIDE = 40
"""An image is no smaller than this; where the cells do not fit even without bars, the grid scrolls."""
NAMED_SIDE = 76
"""From this side on there is room for ten names along an image's edge."""


class CellLayout(NamedTuple):
    """How the cells lie, in pixels.

    Attributes:
        columns: cells side by side.
        side: width and height of an image.
        bars: height of the bars below the image, or 0.
        names: room for their names, or 0.
    """

    columns: int
    side: int
    bars: int
    names: int

    @property
    def height(self) -> int:
        """Height of a cell without the gap."""
        return self.side + px(CAPTION) + self.bars + self.names

    def bars_in(self, cell: QRect) -> QRectF:
        """Return where the bars go in a cell."""
        return QRectF(cell.x(), cell.y() + self.side + px(CAPTION), self.side, self.bars)


def fit_cells(count: int, width: int, height: int, with_bars: bool = True) -> CellLayout:
    """Choose how many columns make the images largest.

    Where the images would get too small, the bars go; where that is not enough, the grid scrolls.
    """
    columns = range(1, count + 1)
    if with_bars:
        fitting = [_fit_named(n, *_room(count, n, width, height)) for n in columns]
        best = max(fitting, key=lambda layout: (layout.side, layout.names, layout.bars))
        if best.side >= px(LEAST_SIDE):
            return best
    bare = [CellLayout(n, min(_room(count, n, width, height)), 0, 0) for n in columns]
    best = max(bare, key=lambda layout: layout.side)
    if best.side < px(LEAST_SIDE):
        across = max(1, (width + px(GAP)) // (px(LEAST_SIDE) + px(GAP)))
        return CellLayout(across, px(LEAST_SIDE), px(BARS[0]) if with_bars else 0, 0)
    # An image with bars is no smaller in more room than one that has lost them.
    return best._replace(side=px(LEAST_SIDE)) if with_bars else best


def _room(count: int, columns: int, width: int, height: int) -> tuple[int, int]:
    """Return the width of a cell in so many columns, and the height above its caption."""
    gap, rows = px(GAP), -(-count // columns)
    return (width + gap) // columns - gap - 2, (height + gap) // rows - gap - 2 - px(CAPTION)


def _fit_named(columns: int, wide: int, high: int) -> CellLayout:
    """Return the layout with bars, and with their names where the images are large enough for them."""
    side, names = _above_bars(wide, high - px(NAMES)), px(NAMES)
    if side < px(NAMED_SIDE):  # and no larger than the first images with names are
        side, names = min(_above_bars(wide, high), px(NAMED_SIDE)), 0
    return CellLayout(columns, side, min(high - names - side, px(BARS[1])), names)


def _above_bars(wide: int, high: int) -> int:
    """Return the side of the largest image that leaves room for bars below it."""
    return min(wide, high - min(max(px(BARS[0]), round(high * BARS_SHARE)), px(BARS[1])))
