"""A picture of signed values in the diverging colours, each of which can be chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.images.heat_cells import EDGE, FOOT
from micronn_gui.widgets.images.heat_map import HeatMap

SIDE = 120
"""Side of the picture, in pixels."""


class Evidence(QWidget):
    """The picture, and beside it what the mouse or the arrow keys point at; a click or Enter chooses."""

    chosen = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._map = _Pixels(name)
        self._map.setFixedSize(px(SIDE), px(SIDE + FOOT - EDGE))
        self._map.chosen.connect(self.chosen)
        self._map.hovered.connect(self._read)
        self._reading = label("", "reading")
        self._reading.setWordWrap(True)
        self._values: NDArray[np.float64] = np.zeros((1, 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(0), px(0), px(0))
        row.setSpacing(px(12))
        row.addWidget(self._map)
        row.addWidget(self._reading, 1)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """Show values, (rows, columns)."""
        self._values = values
        self._map.show_matrix(values, float(np.abs(values).max()), None)
        self._read(-1, -1)

    def _read(self, row: int, column: int) -> None:
        if row < 0:
            self._reading.setText(tr("blue speaks for it, orange against"))
        else:
            value = number(self._values[row, column], "+.4f")
            self._reading.setText(tr("pixel ({row}, {column}) {value}", row=row, column=column, value=value))


class _Pixels(HeatMap):
    """Arrow keys only point: what is chosen takes the picture's place."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Point at another pixel by the arrow keys; Enter chooses."""
        target = self._target(event)
        if target is None:
            super().keyPressEvent(event)
        else:
            self.select(*target)
            self.hovered.emit(*target)
