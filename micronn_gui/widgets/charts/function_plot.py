"""A small still plot of one or two functions, painted by ourselves: no plotting library is waited for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

LEGEND = 20.0
"""Height of the legend, in pixels."""
SAMPLE = 22.0
"""Length of a line's sample in the legend, in pixels."""
SPILL = 0.05
"""Share of a step by which values may reach beyond the last number of an axis."""


@dataclass(frozen=True)
class Curve:
    """A line through points with finite values.

    Attributes:
        name: what it is, for the legend.
        x: places along the horizontal axis, rising, (n,).
        y: values, (n,).
        role: its colour's role in the theme.
        dashed: whether its line is dashed, so that it can be told apart without its colour.
    """

    name: str
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    role: str = "positive"
    dashed: bool = False


class FunctionPlot(Guarded, QWidget):
    """Shows curves over one pair of axes, with names, numbers and a legend."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._curves: tuple[Curve, ...] = ()
        self._names = ("", "")
        self._x_ticks: tuple[float, ...] = (0.0, 1.0)
        self._y_ticks: tuple[float, ...] = (0.0, 1.0)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which everything is legible."""
        return QSize(px(320), px(160))

    def show_curves(self, curves: Sequence[Curve], x_name: str, y_name: str) -> None:
        """Show these curves, over axes of these names that reach as far as they do."""
        self._curves, self._names = tuple(curves), (x_name, y_name)
        self._x_ticks = ticks(np.concatenate([curve.x for curve in curves]), tight=True)
        self._y_ticks = ticks(np.concatenate([curve.y for curve in curves]), tight=False)
        self.setAccessibleName(", ".join(curve.name for curve in curves))
        self.update()

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is shown."""
        return self._curves

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axes, then the curves, then the legend."""
        if not self._curves:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            place = self._paint_axes(painter)
            for curve in self._curves:
                points = zip(*self._to_pixels(place, curve.x, curve.y), strict=True)
                painter.setPen(self._pen(curve))
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
            self._paint_legend(painter, place)

    def _to_pixels(
        self, place: QRectF, x: NDArray[np.floating], y: NDArray[np.floating]
    ) -> tuple[list[float], list[float]]:
        (left, *_, right), (low, *_, high) = self._x_ticks, self._y_ticks
        across = place.left() + (x - left) / (right - left) * place.width()
        down = place.bottom() - (y - low) / (high - low) * place.height()
        return across.tolist(), down.tolist()

    def _paint_axes(self, painter: QPainter) -> QRectF:
        """Paint grid, numbers and names, and return where the curves go."""
        theme = themes.current
        painter.setFont(number_font(12))
        metrics = painter.fontMetrics()
        x_texts, y_texts = (
            [number(tick, ".4g") for tick in ticks] for ticks in (self._x_ticks, self._y_ticks)
        )
        left = max(map(metrics.horizontalAdvance, y_texts)) + px(8)
        right = metrics.horizontalAdvance(x_texts[-1]) / 2 + 2
        below = 2 * metrics.height() + 2
        place = QRectF(self.rect()).adjusted(left, px(LEGEND + 8), -right, -below)
        xs, ys = self._to_pixels(place, np.array(self._x_ticks), np.full(len(self._x_ticks), math.nan))
        for x, text in zip(xs, x_texts, strict=True):
            _grid_line(painter, QPointF(x, place.top()), QPointF(x, place.bottom()), text == "0")
            painter.setPen(theme.color("soft"))
            box = QRectF(x - px(40), place.bottom() + px(3), px(80), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        xs, ys = self._to_pixels(place, np.full(len(self._y_ticks), math.nan), np.array(self._y_ticks))
        for y, text in zip(ys, y_texts, strict=True):
            _grid_line(painter, QPointF(place.left(), y), QPointF(place.right(), y), text == "0")
            painter.setPen(theme.color("soft"))
            box = QRectF(0, y - metrics.height() / 2, left - px(10), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(text_font(12))
        painter.setPen(theme.color("faint"))
        bottom = QRectF(place.left(), self.height() - metrics.height() - 1, place.width(), metrics.height())
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, self._names[0])
        painter.drawText(QRectF(0, 0, px(120), px(LEGEND)), Qt.AlignmentFlag.AlignVCenter, self._names[1])
        return place

    def _paint_legend(self, painter: QPainter, place: QRectF) -> None:
        """Paint a sample and the name of each curve at the top right."""
        painter.setFont(text_font(12))
        x = place.right()
        for curve in reversed(self._curves):
            width = painter.fontMetrics().horizontalAdvance(curve.name)
            x -= width
            painter.setPen(themes.current.color("soft"))
            painter.drawText(QRectF(x, 0, width + 2, px(LEGEND)), Qt.AlignmentFlag.AlignVCenter, curve.name)
            x -= px(SAMPLE + 4)
            painter.setPen(self._pen(curve))
            painter.drawLine(QPointF(x, px(LEGEND / 2)), QPointF(x + px(SAMPLE - 2), px(LEGEND / 2)))
            x -= px(16)

    def _pen(self, curve: Curve) -> QPen:
        style = Qt.PenStyle.DashLine if curve.dashed else Qt.PenStyle.SolidLine
        return QPen(themes.current.color(curve.role), 2, style, Qt.PenCapStyle.FlatCap)


def _grid_line(painter: QPainter, start: QPointF, end: QPointF, zero: bool) -> None:
    """Paint a line of the grid; that of zero stands out."""
    painter.setPen(QPen(themes.current.color("faint" if zero else "border"), 1))
    painter.drawLine(start, end)


def ticks(values: NDArray[np.floating], tight: bool) -> tuple[float, ...]:
    """Return two to seven round numbers that reach over all values.

    Args:
        values: what is to be seen.
        tight: let the axis end where the values do.
    """
    low, high = float(values.min()), float(values.max())
    if high == low:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - SPILL))
    first, last = math.floor(low / step + SPILL), math.ceil(high / step - SPILL)
    ticks = [round(i * step, 12) + 0.0 for i in range(first, last + 1)]
    if tight:
        inner = [tick for tick in ticks if low + step / 2 <= tick <= high - step / 2]
        ticks = [low, *inner, high]
    return tuple(ticks)
