"""Heat maps to test, and how to look at them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from micronn_gui.theme import LIGHT
from micronn_gui.widgets.images.heat_map import HeatMap

Make = Callable[..., HeatMap]
SIZES = [(1, 1), (2, 3), (10, 1), (1, 10), (10, 10), (10, 784), (784, 1), (512, 512), (512, 784)]


def write(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def numbers(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 1, (rows, columns))


def shown(
    qtbot: QtBot, values: np.ndarray, size: tuple[int, int] | None = None, **names: list[str]
) -> HeatMap:
    """Show a matrix in a window of its own that has the keyboard."""
    made = HeatMap("W")
    qtbot.addWidget(made)
    made.show_matrix(values, 1.0, write, **names)
    made.resize(*(size or made.sizeHint().toTuple()))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def color(heat: HeatMap, row: int, column: int) -> QColor:
    """Return the colour near a cell's corner, where no number is."""
    place = heat.cell(row, column)
    inset = min(6, place.width() // 2), min(6, place.height() // 2)
    return heat.grab().toImage().pixelColor(place.topLeft() + QPoint(*inset))


def middle(heat: HeatMap, row: int, column: int) -> QPoint:
    return heat.cell(row, column).center()


def framed(heat: HeatMap, corner: QPoint) -> bool:
    """Whether there is a frame along the upper edge that begins at a corner."""
    return heat.grab().toImage().pixelColor(corner + QPoint(10, 0)) == LIGHT.color("accent")
