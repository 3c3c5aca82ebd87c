"""How many values lie where: filled as they are now, in outline as they were at the start."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.guard import Guarded

Counts = NDArray[np.integer]

_AXIS = 17
"""Pixels below the columns, for the numbers."""


class Histogram(Guarded, QWidget):
    """Shows two sets of counts over common edges."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(px(130))
        self._now: Counts = np.zeros(1, np.intp)
        self._start: Counts = np.zeros(1, np.intp)
        self._edges: NDArray[np.floating] = np.array([0.0, 1.0])
        self._remark = ""
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which both can be told apart."""
        return QSize(px(200), px(76))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(110), px(60))

    def show_counts(self, now: Counts, start: Counts, edges: NDArray[np.floating], remark: str = "") -> None:
        """Show counts (bins,) now and at the start over edges (bins + 1,), and a remark in the corner."""
        self._now, self._start, self._edges, self._remark = now, start, edges, remark
        text = tr("{low} … {high}", low=_short(edges[0]), high=_short(edges[-1]))
        self.setAccessibleDescription(", ".join(filter(None, [text, remark])))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns, the outline, the axis and the remark."""
        theme = themes.current
        with QPainter(self) as painter:
            place = QRectF(0.5, 1, self.width() - 1, self.height() - px(_AXIS) - 1)
            highest = max(int(self._now.max()), int(self._start.max()), 1)
            fill = theme.color("positive")
            fill.setAlpha(150)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(self._steps(self._now / highest, place))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text"), 1))
            painter.drawPolyline(self._steps(self._start / highest, place))
            painter.setPen(theme.color("border"))
            painter.drawLine(place.bottomLeft(), place.bottomRight())
            self._paint_axis(painter, place)
            painter.setPen(theme.color("soft"))
            painter.setFont(number_font(12))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._remark)

    def _paint_axis(self, painter: QPainter, place: QRectF) -> None:
        """Write both ends, and 0 where it lies well between them."""
        painter.setFont(number_font(12))
        painter.setPen(themes.current.color("soft"))
        row = QRectF(0, place.bottom() + 1, self.width(), px(_AXIS) - 1)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, _short(self._edges[0]))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, _short(self._edges[-1]))
        zero = -float(self._edges[0]) / float(self._edges[-1] - self._edges[0])
        if 0.25 < zero < 0.75:
            x = place.x() + zero * place.width()
            painter.drawText(
                QRectF(x - px(20), row.y(), px(40), row.height()), Qt.AlignmentFlag.AlignHCenter, "0"
            )
            painter.setPen(themes.current.color("border"))
            painter.drawLine(QPointF(x, place.y()), QPointF(x, place.bottom()))

    def _steps(self, heights: NDArray[np.floating], place: QRectF) -> QPolygonF:
        """Return the outline of columns of these heights, from 0 to 1."""
        x = np.linspace(place.left(), place.right(), len(heights) + 1).repeat(2)
        y = place.bottom() - np.concatenate([[0], heights.repeat(2), [0]]) * place.height()
        return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])


def _short(value: float) -> str:
    """Write the end of an axis in few characters, with a true minus sign."""
    return number(value, ".2f" if 0.005 <= abs(value) < 100 or value == 0 else ".0e")
