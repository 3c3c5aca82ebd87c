"""Shares of a whole over time: a row a name, the stronger the colour the larger the share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.guard import Guarded

LEAST_PITCH = 10.0
"""Least pixels from one name to the next."""

_LEFT, _BOTTOM, _COLUMNS = 22, 16, 240


class ShareStrip(Guarded, QWidget):
    """Shows how shares have changed, with a mark at the moment that is shown."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: Sequence[str] = ()
        self._moments: NDArray[np.floating] = np.zeros(0)
        self._shares: NDArray[np.floating] = np.zeros((0, 0))
        self._end, self._shown = 1.0, 0.0
        themes.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(180), px(110))

    def show_shares(
        self,
        names: Sequence[str],
        moments: NDArray[np.floating],
        shares: NDArray[np.floating],
        end: float,
    ) -> None:
        """Show shares (names, n) at rising moments (n,), on an axis from 0 to `end`."""
        self._names, self._moments, self._shares, self._end = names, moments, shares, max(end, 1e-9)
        self.update()

    def mark(self, moment: float) -> None:
        """Mark the moment that is shown."""
        self._shown = moment
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, the names and the axis."""
        theme = themes.current
        with QPainter(self) as painter:
            place = QRectF(_LEFT, 0, self.width() - _LEFT - 1, self.height() - _BOTTOM)
            painter.fillRect(place, theme.color("field"))
            if self._moments.size:
                painter.drawImage(place, self._image())
            painter.setFont(number_font(min(12, place.height() / max(len(self._names), 1) - 1)))
            painter.setPen(theme.color("soft"))
            height = place.height() / max(len(self._names), 1)
            every = math.ceil(LEAST_PITCH / height)  # of many names, those there is room for
            for i, name in list(enumerate(self._names))[::every]:
                painter.drawText(QRectF(0, i * height, _LEFT - 6, height), Qt.AlignmentFlag.AlignCenter, name)
            painter.setFont(number_font(11, QFont.Weight.Normal))
            axis = QRectF(place.x(), place.bottom() + 2, place.width(), _BOTTOM - 2)
            painter.drawText(axis, Qt.AlignmentFlag.AlignLeft, "0")
            painter.drawText(axis, Qt.AlignmentFlag.AlignRight, number(self._end, ",.10g"))
            x = place.x() + place.width() * min(self._shown / self._end, 1)
            painter.setPen(theme.color("text"))
            painter.drawLine(round(x), 0, round(x), round(place.bottom()))

    def _image(self) -> QImage:
        """Return the rows as an image; each column shows the last moment up to it."""
        at = (np.arange(_COLUMNS) + 0.5) / _COLUMNS * self._end
        i = np.clip(np.searchsorted(self._moments, at, side="right") - 1, 0, None)
        levels = np.where(at <= self._moments[-1] + self._end / _COLUMNS, self._shares[:, i], 0)
        indexed = np.ascontiguousarray((levels * 255).astype(np.uint8))
        rows, columns = indexed.shape
        image = QImage(indexed.data, columns, rows, columns, QImage.Format.Format_Indexed8).copy()
        low, high = themes.current.color("field"), themes.current.color("accent")
        image.setColorTable([_mixed(low, high, level / 255) for level in range(256)])
        return image


def _mixed(low: QColor, high: QColor, share: float) -> int:
    parts = [
        round(a + (b - a) * share)
        for a, b in zip(low.getRgb()[:3], high.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts).rgb()
