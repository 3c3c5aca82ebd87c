"""A small grey picture, ink on paper in the theme's colours, pixels shown as squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from micronn_gui.theme import px, themes
from micronn_gui.widgets.guard import Guarded


class PictureView(Guarded, QWidget):
    """Shows a picture, 0 (paper) to 1 (ink)."""

    def __init__(self, name: str, side: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedSize(QSize(side, side))
        self._picture: NDArray[np.floating] = np.zeros((28, 28))
        themes.changed.connect(self.update)

    def show_picture(self, picture: NDArray[np.floating]) -> None:
        """Show a picture, (rows, columns)."""
        if picture is not self._picture:
            self._picture = picture
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and its frame."""
        with QPainter(self) as painter:
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.fillRect(
                frame, themes.current.color("field" if themes.current.name == "dark" else "card")
            )
            ink, room = ink_image(self._picture), frame.adjusted(px(3), px(3), -px(3), -px(3))
            shown = ink.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            # Pixels stay squares, but those of a picture that is made smaller are averaged.
            smaller = QPainter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smaller, ink.width() > shown.width())
            place = QRectF(QPointF(), shown)
            place.moveCenter(room.center())
            painter.drawImage(place, ink)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(themes.current.color("border"), 1))
            painter.drawRoundedRect(frame, px(6), px(6))


def ink_image(picture: NDArray[np.floating]) -> QImage:
    """Return a picture, 0 (paper) to 1 (ink), as an image in the colour of text on nothing."""
    levels = np.ascontiguousarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    rows, columns = levels.shape
    mask = QImage(levels.data, columns, rows, columns, QImage.Format.Format_Alpha8)
    ink = QImage(mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
    ink.fill(themes.current.color("text"))
    with QPainter(ink) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, mask)
    return ink
