"""A chart of a few growing lines over one axis, with a mark at the moment that is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainterPath
from PySide6.QtWidgets import (
    QAbstractGraphicsShapeItem,
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsRectItem,
    QWidget,
)

from micronn_core.common.texts import localized, number
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.ticks import round_ticks
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.guard import Guarded

Values = NDArray[np.floating]

SMALLEST = 1e-6
"""Values below this are drawn here on a logarithmic axis."""


BEYOND = 20
"""Heights of the full view that a line reaches beyond it: Qt loses sight of what is far longer."""


@dataclass(frozen=True)
class LineStyle:
    """How a line looks: the colour's role, its width, and the sign that marks the shown moment.

    Where lines lie on each other, the later one must leave the earlier one in sight.
    """

    role: str
    width: float
    sign: str
    sign_size: float


LEFT = 44
"""Pixels for the numbers of the vertical axis; a longer name of the other axis needs more."""


MOST_TICKS = 6
"""Numbers below a horizontal axis."""

MOST_BESIDE = 5
"""Numbers beside a vertical axis."""
BESIDE = 18
"""Pixels of height for each of them."""

GAP = 14
"""Pixels between two of them."""
BEYOND_ENDS = 48
"""Pixels that the first and the last of them may reach beyond the axis."""
RIGHT = 16
"""Least pixels right of the axes."""


EDGE = 2
"""Pixels beyond the axes in which a line that lies on their edge is drawn too."""


class _ViewBox(pg.ViewBox):
    """Shows a line on its edge in the line's whole width."""

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.boundingRect().adjusted(-EDGE, -EDGE, EDGE, EDGE))
        return path


class _Axis(pg.AxisItem):
    """Writes the numbers of its ticks as the language does, and in full."""

    whole = False
    """Whether what is counted has no halves."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        levels = super().tickSpacing(low, high, size)
        return [
            (math.ceil(spacing), offset) if self.whole else (spacing, offset) for spacing, offset in levels
        ]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [localized(text) for text in super().tickStrings(values, scale, spacing)]
        decimals = max(0, math.ceil(-math.log10(spacing * scale) - 1e-9))
        return [number(value * scale, f",.{decimals}f") for value in values]


class LineChart(Guarded, pg.PlotWidget):
    """Lines that grow, drawn by pyqtgraph.

    The wheel zooms and dragging moves; a double click returns to the full view. Nothing here
    knows what the lines mean.
    """

    hovered = Signal(object)
    """The mouse is over this place on the horizontal axis; None when it has left."""
    zoomed = Signal(bool)
    """Whether a part is shown instead of the full view."""

    def __init__(
        self,
        name: str,
        x_name: str,
        styles: dict[str, LineStyle],
        tick_text: Callable[[float], str],
        parent: QWidget | None = None,
    ) -> None:
        axes = {side: _Axis(side) for side in ("left", "bottom")}
        super().__init__(parent, viewBox=_ViewBox(), axisItems=axes)
        self.setAntialiasing(True)
        self._tick_text = tick_text
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._styles = styles
        self._full_x, self._full_y = (0.0, 1.0), (0.0, 1.0)
        self._is_zoomed = False
        self._log = False
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setContentsMargins(0, px(8), px(RIGHT), 0)
        self._axes = [plot.getAxis(side) for side in ("left", "bottom")]
        for axis in self._axes:
            axis.setZValue(-1)  # behind the lines
            axis.setStyle(maxTickLevel=0, tickLength=0, tickFont=number_font(12), hideOverlappingLabels=False)
        self._axes[1].setStyle(tickTextOffset=px(6), hideOverlappingLabels=px(BEYOND_ENDS))
        self._axes[1].setHeight(px(24))
        self._x_name = label("", "caption", self)
        self.name_axis(x_name)
        self._grid = pg.PlotCurveItem(connect="pairs", antialias=False)
        self._bands = {key: pg.PlotCurveItem(skipFiniteCheck=True, antialias=False) for key in styles}
        self._curves = {key: pg.PlotCurveItem(skipFiniteCheck=True, antialias=True) for key in styles}
        self._marks = {key: _mark(style) for key, style in styles.items()}
        self._events = pg.PlotCurveItem(connect="pairs", antialias=False)
        self._shown_line = QGraphicsLineItem()
        self._hover_line = pg.InfiniteLine(angle=90)
        self._hover_line.hide()
        for item in (
            self._grid,
            *self._bands.values(),
            self._events,
            *self._curves.values(),
            self._shown_line,
            self._hover_line,
            *self._marks.values(),
        ):
            plot.addItem(item, ignoreBounds=True)
        plot.getViewBox().sigRangeChangedManually.connect(self._zoomed_by_hand)
        self.viewport().installEventFilter(self)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def log(self) -> bool:
        """Whether the vertical axis is logarithmic."""
        return self._log

    def set_log(self, log: bool) -> None:
        """Make the vertical axis logarithmic or not; the lines must then be given again."""
        self._log = log
        self._axes[0].setLogMode(False, log)
        self.reset_view()

    def set_full_view(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Say what the full view is; it is taken at once unless somebody has zoomed."""
        if (x, y) != (self._full_x, self._full_y):
            self._full_x, self._full_y = x, y
            if not self._is_zoomed:
                self._show_full_view()

    @property
    def is_zoomed(self) -> bool:
        """Whether a part is shown instead of the full view."""
        return self._is_zoomed

    def view_x(self) -> tuple[float, float]:
        """Return the part of the horizontal axis in sight."""
        low, high = self.getPlotItem().viewRange()[0]
        return low, high

    def set_line(self, key: str, x: Values, y: Values, band: tuple[Values, Values] | None = None) -> None:
        """Draw a line through finite points, and a band behind it: its x and its up-and-down y."""
        self._curves[key].setData(x, self._scaled(y))
        if band is None:
            self._bands[key].setData([], [])
        else:
            self._bands[key].setData(band[0], self._scaled(band[1]))

    def mark(self, x: float, values: dict[str, float]) -> None:
        """Mark a moment: a dashed line, and each line's sign at its value."""
        low, high = self._scaled(np.array(self._full_y))
        beyond = BEYOND * (high - low)
        self._shown_line.setLine(x, low - beyond, x, high + beyond)
        for key, value in values.items():
            mark = self._marks[key]
            mark.setVisible(math.isfinite(value))
            if math.isfinite(value):
                mark.setPos(x, float(self._scaled(np.array(value))))

    def set_events(self, places: Sequence[float]) -> None:
        """Mark that something happened at these places of the horizontal axis."""
        low, high = self._scaled(np.array(self._full_y))
        reach = BEYOND * (high - low)
        self._events.setData(np.repeat(places, 2), np.tile([low - reach, high + reach], len(places)))

    def reset_view(self) -> None:
        """Return to the full view."""
        self._show_full_view()
        if self._is_zoomed:
            self._is_zoomed = False
            self.zoomed.emit(False)

    def _scaled(self, y: Values) -> Values:
        return np.log10(np.maximum(y, SMALLEST)) if self._log else y

    def name_axis(self, name: str, whole: bool = True) -> None:
        """Say what the horizontal axis counts, in whole numbers or not, in the corner left of them."""
        self._axes[1].whole = whole
        self._x_name.setText(name)
        self._x_name.ensurePolished()
        self._x_name.adjustSize()
        self._axes[0].setWidth(max(px(LEFT), self._x_name.width() + px(8)))

    def _show_full_view(self) -> None:
        low, high = self._scaled(np.array(self._full_y))
        self.setRange(xRange=self._full_x, yRange=(low, high), padding=0, disableAutoRange=True)
        self._name_axes()

    def _name_axes(self) -> None:
        """Write as many round numbers beside and below the full view as there is room for."""
        low, high = self._scaled(np.array(self._full_y))
        if self._log:
            ticks = [(float(p), number(10.0**p, "g")) for p in range(math.ceil(low), math.floor(high) + 1)]
        else:
            ticks = [(y, self._tick_text(y)) for y in self._ticks_beside(low, high)]
        self._axes[0].setTicks([ticks])
        self._axes[0].setGrid(False)  # pyqtgraph's own grid would hide the names of the outermost ticks
        self._grid.setData(np.tile(self._full_x, len(ticks)), np.repeat([y for y, _ in ticks], 2))
        self._name_below()

    def _ticks_beside(self, low: float, high: float) -> list[float]:
        """Return the round numbers of the vertical axis."""
        return round_ticks(low, high, self._most_beside(), quarters=high - low == 1)

    def _most_beside(self) -> int:
        """Return how many numbers there is room for beside the vertical axis."""
        room = self.height() - self._axes[1].height() - px(8)
        return min(max(int(room // px(BESIDE)), 2), MOST_BESIDE)

    def _name_below(self) -> None:
        """Write as many numbers below the full view as there is room for, the last one whole."""
        letters = QFontMetrics(number_font(12)).horizontalAdvance
        widest = letters(number(self._full_x[1], ",.10g")) + px(GAP)
        right = self._room_right(widest)
        self.getPlotItem().setContentsMargins(0, px(8), right, 0)
        room = int(max(0, self.width() - self._axes[0].width() - right))
        most = min(max(room // widest + 1, 2), MOST_TICKS)
        below = round_ticks(*self._full_x, most, self._axes[1].whole)
        self._axes[1].setTicks([[(x, number(x, ",.10g")) for x in below]])

    def _room_right(self, widest: int) -> int:
        """Return the pixels right of the axes, where the widest number below them may reach out."""
        return max(px(RIGHT), widest // 2)

    def _zoomed_by_hand(self) -> None:
        if not self._is_zoomed:
            self._is_zoomed = True
            for axis in self._axes:
                axis.setTicks(None)  # pyqtgraph's own choice for what is in sight
            self._grid.setData([], [])
            self._axes[0].setGrid(255)
            self.zoomed.emit(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hovering reads values, a double click resets the view; the axis's name stays in its corner."""
        if event.type() is QEvent.Type.Resize:
            if not self._is_zoomed:
                self._name_axes()
            self._x_name.adjustSize()
            self._x_name.move(px(2), self.height() - self._x_name.height() - px(5))
        if event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._hover(event.position())
        elif event.type() is QEvent.Type.Leave:
            self._hover_line.hide()
            self.hovered.emit(None)
        return bool(super().eventFilter(watched, event))

    def _hover(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(self.mapToScene(position.toPoint()))
        x = box.mapSceneToView(self.mapToScene(position.toPoint())).x()
        self._hover_line.setVisible(inside)
        self._hover_line.setPos(x)
        self.hovered.emit(x if inside else None)

    def _dress(self) -> None:
        theme = themes.current
        self.setBackground(theme.color("card"))
        for axis in self._axes:
            axis.setPen(pg.mkPen(theme.color("border")))
            axis.setTextPen(theme.color("soft"))
        self._grid.setPen(pg.mkPen(theme.color("border")))
        for key, style in self._styles.items():
            color = theme.color(style.role)
            self._curves[key].setPen(pg.mkPen(color, width=style.width))
            color.setAlpha(60)
            self._bands[key].setPen(pg.mkPen(color, width=1))
        for key, style in self._styles.items():
            self._marks[key].setBrush(theme.color(style.role))
            self._marks[key].setPen(pg.mkPen(theme.color("card"), width=1))
        self._events.setPen(pg.mkPen(theme.color("accent"), width=1))
        self._shown_line.setPen(pg.mkPen(theme.color("faint"), style=Qt.PenStyle.DashLine))
        self._hover_line.setPen(pg.mkPen(theme.color("accent")))


def _mark(style: LineStyle) -> QAbstractGraphicsShapeItem:
    """Return a line's sign, whose size is in pixels; Qt's own items cost a moving mark the least."""
    shape = {"o": QGraphicsEllipseItem, "s": QGraphicsRectItem}[style.sign]
    made: QAbstractGraphicsShapeItem = shape(*[-px(style.sign_size) / 2] * 2, *[px(style.sign_size)] * 2)
    made.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
    made.hide()
    return made
