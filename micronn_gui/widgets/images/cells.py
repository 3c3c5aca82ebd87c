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
BELOW = (16, 64)
"""Least and greatest height of bars below an image; they take what height is left."""
BARS_SHARE = 0.18
"""Least share of the bars in the height of an image with bars below."""
BESIDE = (48, 110)
"""Least and greatest width of bars beside an image; they take what width is left."""
NAMES = 16
"""Room for the bars' names."""
LEAST_SIDE = 40
"""An image is no smaller than this; where the cells do not fit, the grid scrolls."""
NAMED_SIDE = 76
"""From this side on there is room for ten names along an image's edge."""


class CellLayout(NamedTuple):
    """How the cells lie, in pixels.

    Attributes:
        columns: cells side by side.
        side: width and height of an image.
        bars: extent of the bars: their height below the image, or their width beside it.
        names: room for their names, or 0.
        beside: whether the bars are beside the image.
    """

    columns: int
    side: int
    bars: int
    names: int
    beside: bool

    @property
    def width(self) -> int:
        """Width of a cell without the gap."""
        return self.side + self.names + self.bars if self.beside else self.side

    @property
    def height(self) -> int:
        """Height of a cell without the gap."""
        return self.side + px(CAPTION) + (0 if self.beside else self.bars + self.names)

    def bars_below(self, cell: QRect) -> QRectF:
        """Return where the bars go in a cell, below its image."""
        return QRectF(cell.x(), cell.y() + self.side + px(CAPTION), self.side, self.bars)

    def bars_beside(self, cell: QRect) -> QRectF:
        """Return where the bars go in a cell, beside its image."""
        return QRectF(cell.x() + self.side + self.names, cell.y(), self.bars, self.side)


def fit_cells(count: int, width: int, height: int, with_bars: bool = True) -> CellLayout:
    """Choose what makes the images largest: how many columns, and the bars below or beside.

    Where the images would get too small, they keep the least size and the grid scrolls.
    """
    gap, least = px(GAP), px(LEAST_SIDE)
    across = max(1, (width + gap) // (least + gap))
    if not with_bars:
        return _fit_bare_cells(count, width, height, CellLayout(across, least, 0, 0, False))
    best = CellLayout(across, least, px(BELOW[0]), 0, False)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        wide, high = (width + gap) // columns - gap - 2, (height + gap) // rows - gap - 2
        room = high - px(CAPTION)
        below = _largest_above_bars(wide, room - px(NAMES))
        names = px(NAMES)
        if below < px(NAMED_SIDE):
            below, names = _largest_above_bars(wide, room), 0
        if below > best.side:
            bars = min(room - names - below, px(BELOW[1]))
            best = CellLayout(columns, below, bars, names, False)
        beside = min(wide - px(BESIDE[0]) - px(NAMES), room)
        if beside > best.side and beside >= px(NAMED_SIDE):
            bars = min(wide - px(NAMES) - beside, px(BESIDE[1]))
            best = CellLayout(columns, beside, bars, px(NAMES), True)
    return best


def _largest_above_bars(wide: int, high: int) -> int:
    """Return the side of the largest image that leaves room for bars below it."""
    return min(wide, high - px(BELOW[0]), int(high * (1 - BARS_SHARE)))


def _fit_bare_cells(count: int, width: int, height: int, best: CellLayout) -> CellLayout:
    gap = px(GAP)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        side = min((width + gap) // columns, (height + gap) // rows - px(CAPTION)) - gap - 2
        if side > best.side:
            best = CellLayout(columns, side, 0, 0, False)
    return best
