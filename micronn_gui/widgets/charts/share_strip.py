"""Shares of a whole over time: a row a name, the stronger the colour the larger the share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.fitting_rows import name_width
from micronn_gui.widgets.charts.ticks import round_ticks
from micronn_gui.widgets.guard import Guarded

LEAST_PITCH = 14
"""Least pixels from one name to the next, at the usual text size."""
TICK_ROOM = 56
"""Room for a number of the axis, and BELOW for all of them."""
BELOW = 22
LEAST_GAP = 8
"""Height of a row from which a gap divides it from the next."""
COLUMNS = 240


class ShareStrip(Guarded, QWidget):
    """Shows how shares have changed, with a mark at the moment that is shown."""

    moment_chosen = Signal(float)
    """The mouse was pressed, or drawn with its button held, at this moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: Sequence[str] = ()
        self._moments: NDArray[np.floating] = np.zeros(0)
        self._shares: NDArray[np.floating] = np.zeros((0, 0))
        self._end, self._shown = 1.0, 0.0
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which ten rows are legible."""
        return QSize(px(360), px(240))

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

    def place(self) -> QRectF:
        """Return where the shares are painted."""
        metrics = QFontMetrics(number_font(12))
        left = name_width(metrics, self._names, px(22), 0.3 * self.width())
        return QRectF(left, 0, self.width() - left - 1, self.height() - px(BELOW))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the moment that was clicked."""
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the moments that the mouse is drawn over."""
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        place = self.place()
        if event.buttons() & Qt.MouseButton.LeftButton and self._moments.size and place.width() > 0:
            share = (event.position().x() - place.x()) / place.width()
            self.moment_chosen.emit(min(max(share, 0.0), 1.0) * self._end)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, the names and the axis."""
        theme = themes.current
        with QPainter(self) as painter:
            place = self.place()
            painter.fillRect(place, theme.color("field"))
            if self._moments.size:
                painter.drawImage(place, self._image())
            self._paint_names(painter, place)
            self._paint_axis(painter, place)
            x = round(place.x() + place.width() * min(self._shown / self._end, 1))
            painter.setPen(QPen(theme.color("text"), 1))
            painter.drawLine(x, 0, x, round(place.bottom()))

    def _paint_names(self, painter: QPainter, place: QRectF) -> None:
        theme, count = themes.current, max(len(self._names), 1)
        height = place.height() / count
        if height >= px(LEAST_GAP):
            painter.setPen(QPen(theme.color("card"), 2))
            for i in range(1, len(self._names)):
                y = round(i * height)
                painter.drawLine(round(place.x()), y, round(place.right()), y)
        painter.setFont(number_font(12))
        painter.setPen(theme.color("soft"))
        every = math.ceil(px(LEAST_PITCH) / height) if height > 0 else count  # those there is room for
        room, line = place.x() - px(8), painter.fontMetrics().height()
        for i in range(0, len(self._names), every):
            name = painter.fontMetrics().elidedText(self._names[i], Qt.TextElideMode.ElideRight, int(room))
            top = min(max((i + 0.5) * height - line / 2, 0.0), place.bottom() - line)
            where = QRectF(0, top, room, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    def _paint_axis(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(number_font(12))
        painter.setPen(themes.current.color("soft"))
        metrics = painter.fontMetrics()
        below = QRectF(0, place.bottom() + px(4), 0, px(BELOW - 4))
        for tick in round_ticks(0, self._end, max(2, int(place.width() // px(TICK_ROOM)))):
            text = number(tick, ",.10g")
            width = metrics.horizontalAdvance(text) + 2
            middle = place.x() + place.width() * tick / self._end
            left = min(max(middle - width / 2, place.x() - px(4)), place.right() - width)
            painter.drawText(
                QRectF(left, below.y(), width, below.height()), Qt.AlignmentFlag.AlignHCenter, text
            )

    def _image(self) -> QImage:
        """Return the rows as an image; each column shows the last moment up to it."""
        at = (np.arange(COLUMNS) + 0.5) / COLUMNS * self._end
        i = np.clip(np.searchsorted(self._moments, at, side="right") - 1, 0, None)
        levels = np.where(at <= self._moments[-1] + self._end / COLUMNS, self._shares[:, i], 0)
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
