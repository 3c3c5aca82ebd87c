"""The legend of the diverging colours: orange, zero, blue, and the values at its ends."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.image_grid import indexed_image

SIDE = 50
"""Room for a value, in pixels."""
RAMP = 80
"""Length of the ramp, in pixels."""

_RAMP = np.arange(1, 256, dtype=np.uint8).reshape(1, -1)


class ColorLegend(Guarded, QWidget):
    """Shows which colour means which value."""

    def __init__(self) -> None:
        super().__init__()
        self._left, self._right = "−", "+"
        self.setAccessibleName(tr("Colour scale"))
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size of the ramp with its two values."""
        return QSize(px(2 * SIDE + RAMP), px(18))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the values must not be cut off."""
        return self.sizeHint()

    def show_range(self, left: str, right: str) -> None:
        """Show what the ends of the scale stand for."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.setAccessibleDescription(tr("from {low} to {high}", low=left, high=right))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ramp between its two values."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            side = px(SIDE)
            ramp = QRectF(side, self.height() / 2 - px(4), self.width() - 2 * side, px(8))
            painter.drawImage(ramp, indexed_image(_RAMP))
            painter.setFont(number_font(12))
            painter.setPen(themes.current.color("soft"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                QRectF(0, 0, side - px(6), self.height()), middle | Qt.AlignmentFlag.AlignRight, self._left
            )
            right = QRectF(self.width() - side + px(6), 0, side - px(6), self.height())
            painter.drawText(right, middle | Qt.AlignmentFlag.AlignLeft, self._right)
