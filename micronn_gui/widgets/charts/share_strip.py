"""Shares of a whole over time: a row a name, the stronger the colour the larger the share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.charts.fitting_rows import name_width
from micronn_gui.widgets.charts.ticks import round_ticks
from micronn_gui.widgets.guard import Guarded

LEAST_PITCH = 12
"""Least pixels from one name to the next, at the usual text size."""
MOST_TICKS, TICK_ROOM, TICK_GAP = 6, 40, 14
"""How many numbers the axis has, the least room for each of them, and between two of them."""
BELOW = 36
"""Room for the numbers of the axis, and below them for what they count."""
LEAST_GAP = 8
"""Height of a row from which a gap divides it from the next."""
COLUMNS = 240


class ShareStrip(Guarded, QWidget):
    """Shows how shares have changed, with a mark at the moment that is shown.

    Args:
        name: what it is called for those who cannot see it.
        axis: what is counted from left to right.
    """

    moment_chosen = Signal(float)
    """The mouse was pressed, or drawn with its button held, at this moment."""

    def __init__(self, name: str, axis: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._axis = axis
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
        return QSize(px(180), px(10 * LEAST_PITCH + BELOW))

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
        """Return where the shares are painted: at the right there is room for a half of the last number."""
        metrics = QFontMetrics(number_font(12))
        left = name_width(metrics, self._names, px(22), 0.3 * self.width())
        right = math.ceil(metrics.horizontalAdvance(_in_digits(self._end)) / 2) + 1
        return QRectF(left, 0, self.width() - left - right, self.height() - px(BELOW))

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
            painter.setPen(QPen(theme.color("border"), 1))
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
            if self._moments.size:
                image = self._image()
                happened = QRectF(place)
                happened.setWidth(place.width() * image.width() / COLUMNS)
                painter.drawImage(happened, image)
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
                painter.drawLine(round(place.x()), y, round(place.right()) - 2, y)
        room = place.x() - px(8)
        for i in self._legible(height):
            leads = i == self._leader
            painter.setFont(number_font(12, QFont.Weight.Bold if leads else QFont.Weight.Normal))
            painter.setPen(theme.color("text" if leads else "soft"))
            line = painter.fontMetrics().height()
            name = painter.fontMetrics().elidedText(self._names[i], Qt.TextElideMode.ElideRight, int(room))
            where = QRectF(0, (i + 0.5) * height - line / 2, room, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    @property
    def _leader(self) -> int | None:
        """The row with the largest share at the last moment."""
        return int(self._shares[:, -1].argmax()) if self._moments.size else None

    def _legible(self, height: float) -> list[int]:
        """Return the rows whose names there is room for: the leader, and from it on every 1st, 2nd, 3rd …."""
        every = max(1, math.ceil(px(LEAST_PITCH) / height - 1e-9)) if height > 0 else len(self._names)
        return list(range((self._leader or 0) % every, len(self._names), every))

    def _paint_axis(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(number_font(12))
        painter.setPen(themes.current.color("soft"))
        metrics = painter.fontMetrics()
        line, below = metrics.height(), place.bottom() + px(3)
        for tick in self._ticks(place.width()):
            middle = place.x() + place.width() * tick / self._end
            width = metrics.horizontalAdvance(_in_digits(tick)) + 2
            where = QRectF(middle - width / 2, below, width, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, _in_digits(tick))
        painter.setFont(text_font(12, QFont.Weight.Medium))
        where = QRectF(place.x(), below + line, place.width(), self.height() - below - line)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, self._axis)

    def _ticks(self, width: float) -> list[float]:
        """Return the numbers of an axis of this width: round ones, and the end, whatever that is."""
        widest = QFontMetrics(number_font(12)).horizontalAdvance(_in_digits(self._end))
        room = max(px(TICK_ROOM), widest + px(TICK_GAP))
        most = min(MOST_TICKS, max(2, int(width // room)))
        apart = room * self._end / max(width, 1)
        ticks = round_ticks(0, self._end, most, whole=self._end >= 1)
        return [0, *(tick for tick in ticks[1:] if self._end - tick >= apart), self._end]

    def _image(self) -> QImage:
        """Return the rows up to the last moment as an image; each column shows the last moment up to it."""
        at = (np.arange(COLUMNS) + 0.5) / COLUMNS * self._end
        at = at[at <= self._moments[-1] + self._end / COLUMNS]
        i = np.clip(np.searchsorted(self._moments, at, side="right") - 1, 0, None)
        indexed = np.ascontiguousarray((self._shares[:, i] * 255).astype(np.uint8))
        rows, columns = indexed.shape
        image = QImage(indexed.data, columns, rows, columns, QImage.Format.Format_Indexed8).copy()
        low, high = themes.current.color("field"), themes.current.color("accent")
        image.setColorTable([_mixed(low, high, level / 255) for level in range(256)])
        return image


def _in_digits(moment: float) -> str:
    return number(moment, ",.10g")


def _mixed(low: QColor, high: QColor, share: float) -> int:
    parts = [
        round(a + (b - a) * share)
        for a, b in zip(low.getRgb()[:3], high.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts).rgb()
