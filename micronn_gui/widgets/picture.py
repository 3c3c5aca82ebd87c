"""A small grey picture, ink on paper in the theme's colours, pixels shown as squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from micronn_gui.theme import themes


class PictureView(QWidget):
    """Shows a picture, 0 (paper) to 1 (ink)."""

    def __init__(self, name: str, side: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedSize(QSize(side, side))
        self._levels: NDArray[np.uint8] = np.zeros((28, 28), np.uint8)
        themes.changed.connect(self.update)

    def show_picture(self, picture: NDArray[np.floating]) -> None:
        """Show a picture, (rows, columns)."""
        self._levels = np.ascontiguousarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and its frame."""
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(frame, themes.current.color("field" if themes.current.name == "dark" else "card"))
        rows, columns = self._levels.shape
        image = QImage(self._levels.data, columns, rows, columns, QImage.Format.Format_Alpha8)
        ink = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
        ink.fill(themes.current.color("text"))
        mask = QPainter(ink)
        mask.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        mask.drawImage(0, 0, image)
        mask.end()
        painter.drawImage(frame.adjusted(3, 3, -3, -3), ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(themes.current.color("border"), 1))
        painter.drawRoundedRect(frame, 6, 6)
