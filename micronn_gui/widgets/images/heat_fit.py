"""How large matrices side by side are, so that together they fill the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize

from micronn_gui.theme import px
from micronn_gui.widgets.images.heat_cells import EDGE, FOOT, NUMBER_HEIGHT, SIDE, USUAL, HeatMatrix

LEAST_PICTURE, LEAST_SIDE, LEGIBLE = 96, 12, 20
"""Least side of a picture, of a cell, and of one that need not be pressed together, in pixels."""


@dataclass(frozen=True)
class Fitted:
    """A matrix that is to be fitted.

    Attributes:
        matrix: its cells.
        picture: whether it is a picture, whose cells are pixels.
        least: its least width, for what is written above it.
    """

    matrix: HeatMatrix
    picture: bool
    least: int

    def width(self, side: float, numbers: bool) -> float:
        """Return its width with cells of this side, which are wider where numbers are written in them."""
        columns = self.matrix.shape[1]
        written = columns == 1 or numbers
        cells = columns * (max(side, self.matrix.number_width) if written else side)
        return max(cells + self.frame, self.least)

    def height(self, side: float, room: float) -> float:
        """Return the height of its cells: lower where there are many rows."""
        rows = self.matrix.shape[0]
        return rows * min(side, room / max(rows, 1))

    @property
    def frame(self) -> int:
        """The width of what is around its cells."""
        return self.matrix.names_width + 2 * px(EDGE)


def fit(matrices: Sequence[Fitted], width: int, height: int) -> list[QSize]:
    """Return the size of each matrix: cells as large as the room allows, numbers where they fit.

    Args:
        matrices: from left to right.
        width: the room for all of them.
        height: the room for each.
    """
    room = max(height - px(EDGE + FOOT), 1)
    plain = [each for each in matrices if not each.picture]
    side_of_picture = _picture_side(matrices, width, room)
    free = width - sum(max(side_of_picture + each.frame, each.least) for each in matrices if each.picture)
    side, numbers = _side(plain, free, room)
    wide = [each for each in plain if each.width(side, numbers) > free]
    left = free - sum(each.width(px(USUAL), numbers) for each in plain if each not in wide)
    sizes = []
    for each in matrices:
        if each.picture:
            across, down = side_of_picture + each.frame, side_of_picture
        elif each in wide:
            across = max(left / len(wide), float(each.least), px(LEAST_PICTURE))
            down = each.height(px(USUAL), room)
        else:
            cells = side if not wide else max(side, px(USUAL))
            across, down = each.width(cells, numbers), each.height(cells, room)
        sizes.append(QSize(int(across), int(down) + px(EDGE + FOOT)))
    return sizes


def _picture_side(matrices: Sequence[Fitted], width: int, room: float) -> float:
    """Return the side of pictures, where the others have their usual size."""
    pictures = [each for each in matrices if each.picture]
    others = sum(each.width(px(USUAL), numbers=False) for each in matrices if not each.picture)
    share = (width - others - sum(each.frame for each in pictures)) / max(len(pictures), 1)
    return max(min(share, room), px(LEAST_PICTURE))


def _side(plain: Sequence[Fitted], free: float, room: float) -> tuple[float, bool]:
    """Return the greatest side of cells at which all fit, and whether with their numbers."""
    for numbers, least in ((True, px(NUMBER_HEIGHT)), (False, px(LEAST_SIDE))):
        for side in range(px(SIDE), least - 1, -1):
            low = any(each.matrix.shape[0] * side > room for each in plain)
            if sum(each.width(side, numbers) for each in plain) <= free and (not low or not numbers):
                return side, numbers
    return px(LEGIBLE), False  # then what is shown is wider than the room
