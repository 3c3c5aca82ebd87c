"""How the cells of an image grid lie: as large as the room allows."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF

GAP = 14
"""Pixels between two cells."""
CAPTION = 20
"""Height of the caption under an image."""
BELOW = (20, 64)
"""Least and greatest height of bars below an image; they take what height is left."""
BARS_SHARE = 0.18
"""Least share of the bars in the height of an image with bars below."""
BESIDE = (48, 110)
"""Least and greatest width of bars beside an image; they take what width is left."""
NAMES = 12
"""Room for the bars' names."""
LEAST_SIDE = 44
"""An image is no smaller than this; where the cells do not fit, the grid scrolls."""
NAMED_SIDE = 64
"""From this side on there is room for ten names along an image's edge."""


class CellLayout(NamedTuple):
    """How the cells lie.

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
        return self.side + CAPTION + (0 if self.beside else self.bars + self.names)

    def bars_below(self, cell: QRect) -> QRectF:
        """Return where the bars go in a cell, below its image."""
        return QRectF(cell.x(), cell.y() + self.side + CAPTION, self.side, self.bars)

    def bars_beside(self, cell: QRect) -> QRectF:
        """Return where the bars go in a cell, beside its image."""
        return QRectF(cell.x() + self.side + self.names, cell.y(), self.bars, self.side)


def fit_cells(count: int, width: int, height: int, with_bars: bool = True) -> CellLayout:
    """Choose what makes the images largest: how many columns, and the bars below or beside.

    Where the images would get too small, they keep the least size and the grid scrolls.
    """
    across = max(1, (width + GAP) // (LEAST_SIDE + GAP))
    if not with_bars:
        return _fit_bare_cells(count, width, height, CellLayout(across, LEAST_SIDE, 0, 0, False))
    best = CellLayout(across, LEAST_SIDE, BELOW[0], 0, False)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        across, down = (width + GAP) // columns - GAP - 2, (height + GAP) // rows - GAP - 2
        room = down - CAPTION - NAMES
        below = min(across, room - BELOW[0], int(room * (1 - BARS_SHARE)))
        if below > best.side:
            bars = min(room - below, BELOW[1])
            best = CellLayout(columns, below, bars, NAMES if below >= NAMED_SIDE else 0, False)
        beside = min(across - BESIDE[0] - NAMES, down - CAPTION)
        if beside > best.side and beside >= NAMED_SIDE:
            bars = min(across - NAMES - beside, BESIDE[1])
            best = CellLayout(columns, beside, bars, NAMES, True)
    return best


def _fit_bare_cells(count: int, width: int, height: int, best: CellLayout) -> CellLayout:
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        side = min((width + GAP) // columns, (height + GAP) // rows - CAPTION) - GAP - 2
        if side > best.side:
            best = CellLayout(columns, side, 0, 0, False)
    return best
