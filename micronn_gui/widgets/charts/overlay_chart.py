"""A chart of several lines over each other, told apart by colour, dash and the name at their end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import RUN_HUES, number_font, px, text_font, themes
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle, Values
from micronn_gui.widgets.guard import Guarded

MOST_LINES = 16
"""Lines that can be drawn at once."""
WIDTH = 2
"""Of a line, in pixels."""
ON_ANOTHER = (4, 5)
"""Widths of a line that a dash and a gap are long where it lies on another line."""
BEHIND = 110
"""Opacity, of 255, of a second line behind a line."""
LEADER = 130
"""Opacity, of 255, of what leads from the end of a line to its name."""
FONT = 12
"""Size of the names, in pixels at the usual text size."""
GAP = 8
"""Between the axes and the names."""
MARGIN = 0.012
"""Room to the right of the longest line, as a share of the axis."""
WIDEST = 0.24
"""Of the chart's width, for the names at most."""
BEYOND = 2.0
"""Heights of the axis that a line reaches beyond it: Qt loses sight of what is far longer."""

DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)


class LineLook(NamedTuple):
    """How a line is told from others: the role of its colour, and its dash."""

    role: str
    dash: Qt.PenStyle


def line_look(number: int) -> LineLook:
    """Return the look of the line of this number (1, 2 ...), which it has for ever."""
    turn, hue = divmod(max(number, 1) - 1, len(RUN_HUES))
    return LineLook(RUN_HUES[hue], DASHES[turn % len(DASHES)])


class OverlayLine(NamedTuple):
    """A line.

    Attributes:
        name: stands at its end,
        value: and its last value in words.
        look: its colour and dash.
        x, y: its points, finite; x rises.
        end: where it ends, in sight or not.
        behind: x and y of a second, fainter line.
        on_another: whether it lies on one that was given before it, which is seen between its dashes.
        outside: whether nothing of it is in sight: its name leads nowhere.
    """

    name: str
    value: str
    look: LineLook
    x: Values
    y: Values
    end: tuple[float, float]
    behind: tuple[Values, Values] | None = None
    on_another: bool = False
    outside: bool = False


class OverlayChart(LineChart):
    """Lines with their names at their ends, which never lie on each other."""

    def __init__(self, name: str, x_name: str, tick_text: Callable[[float], str]) -> None:
        styles = {str(i): LineStyle("text", WIDTH, "o", 7) for i in range(MOST_LINES)}
        self.lines: tuple[OverlayLine, ...] = ()
        super().__init__(name, x_name, styles, tick_text)
        self._shown_line.hide()
        self._names = _EndNames(self)
        self.getPlotItem().getViewBox().sigRangeChanged.connect(self._names.update)

    def show_lines(self, lines: Sequence[OverlayLine]) -> None:
        """Show these lines, at most `MOST_LINES`, and no others."""
        looks_before = [(line.look, line.on_another) for line in self.lines]
        room_before = self._room_right(0)
        self.lines = tuple(lines[:MOST_LINES])
        nothing = np.zeros(0)
        for i in range(MOST_LINES):
            mark = self._marks[str(i)]
            mark.setVisible(i < len(self.lines) and not self.lines[i].outside)
            if i < len(self.lines):
                line = self.lines[i]
                behind = line.behind and (line.behind[0], self._held(line.behind[1]))
                self.set_line(str(i), line.x, self._held(line.y), behind)
                mark.setPos(line.end[0], float(self._scaled(self._held(np.array(line.end[1])))))
            else:
                self.set_line(str(i), nothing, nothing)
        if looks_before != [(line.look, line.on_another) for line in self.lines]:
            self._dress()
        if room_before != self._room_right(0) and not self._is_zoomed:
            self._show_full_view()
        self.setAccessibleDescription(
            ", ".join(tr("{name} {value}", name=line.name, value=line.value) for line in self.lines)
        )
        self._names.update()

    def _show_full_view(self) -> None:
        """Leave room for the signs of lines that end at the right edge."""
        super()._show_full_view()
        low, high = self._full_x
        self.setXRange(low, high + MARGIN * (high - low), padding=0)

    def _held(self, y: Values) -> Values:
        """Return values that are not far from the axis, so that a line leaves it at the edge."""
        low, high = self._full_y
        beyond = BEYOND * (high - low)
        return y if self.log else np.clip(y, low - beyond, high + beyond)

    def _room_right(self, widest: int) -> int:
        """Return the pixels right of the axes: for the names of the lines."""
        words = QFontMetrics(text_font(FONT, QFont.Weight.DemiBold)).horizontalAdvance
        digits = QFontMetrics(number_font(FONT)).horizontalAdvance
        needed = [words(line.name) + digits(f" {line.value}") for line in self.lines]
        names = min(max(needed, default=0), int(WIDEST * self.width())) + px(GAP) + px(4)
        return max(names, super()._room_right(widest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the names lie over the whole chart."""
        super().resizeEvent(event)
        if hasattr(self, "_names"):  # Qt sizes a view while it is being made
            self._names.setGeometry(self.rect())

    def ends(self) -> list[QPointF]:
        """Return where on the chart the lines end: at the edge, where that is out of sight."""
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect()
        found = []
        for line in self.lines:
            y = float(self._scaled(self._held(np.array(line.end[1]))))
            place = box.mapViewToScene(QPointF(line.end[0], y))
            x, y = place.x(), place.y()
            found.append(
                QPointF(
                    min(max(x, inside.left()), inside.right()), min(max(y, inside.top()), inside.bottom())
                )
            )
        return found

    def plot_area(self) -> QRectF:
        """Return where on the chart the lines lie."""
        area: QRectF = self.getPlotItem().getViewBox().sceneBoundingRect()
        return area

    def _dress(self) -> None:
        super()._dress()
        theme = themes.current
        for i, line in enumerate(self.lines):
            color = theme.color(line.look.role)
            self._curves[str(i)].setPen(_pen(color, line))
            self._marks[str(i)].setBrush(color)
            color.setAlpha(BEHIND)
            self._bands[str(i)].setPen(pg.mkPen(color, width=1))


def _pen(color: QColor, line: OverlayLine) -> QPen:
    dash = ON_ANOTHER if line.on_another else None
    pen: QPen = pg.mkPen(color, width=WIDTH, style=line.look.dash, dash=dash)
    return pen


class _EndNames(Guarded, QWidget):
    """The names and last values of a chart's lines, each at the height of its end."""

    def __init__(self, chart: OverlayChart) -> None:
        super().__init__(chart)
        self._chart = chart
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write each name in the colour of its line, and lead to it where it stands aside."""
        chart, theme = self._chart, themes.current
        lines, ends, area = chart.lines, chart.ends(), chart.plot_area()
        bold, plain = text_font(FONT, QFont.Weight.DemiBold), number_font(FONT)
        metrics, digits = QFontMetrics(bold), QFontMetrics(plain)
        heights = spread([end.y() for end in ends], metrics.height(), area.top(), area.bottom())
        left, right = area.right() + px(GAP), self.width() - px(2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for line, end, y in zip(lines, ends, heights, strict=True):
                color = theme.color(line.look.role)
                value_width = digits.horizontalAdvance(f" {line.value}")
                room = int(right - left - value_width)
                name = metrics.elidedText(line.name, Qt.TextElideMode.ElideMiddle, room)
                painter.setPen(color)
                painter.setFont(bold)
                base = y + metrics.ascent() - metrics.height() / 2
                painter.drawText(QPointF(left, base), name)
                painter.setFont(plain)
                painter.drawText(QPointF(left + metrics.horizontalAdvance(name), base), f" {line.value}")
                color.setAlpha(LEADER)
                painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
                aside = left - end.x() > px(GAP) + px(4) or abs(y - end.y()) > px(4)
                if aside and not line.outside:
                    knee = area.right() + px(2)
                    painter.drawLine(QPointF(end.x() + px(4), end.y()), QPointF(knee, end.y()))
                    painter.drawLine(QPointF(knee, end.y()), QPointF(left - px(2), y))


def spread(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Return the middles of rows near where they are wanted, none on another, in the same order.

    Args:
        wanted: where the middle of each would best be.
        height: of a row.
        top: they lie below it,
        bottom: and above it, if there is room for all.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[tuple[list[int], float]] = []  # rows that touch, and the middle of them all
    for i in order:
        rows, middle = [i], wanted[i]
        while True:
            half = len(rows) * height / 2
            middle = max(min(middle, bottom - half + height / 2), top + half - height / 2)
            if not groups or middle - half >= groups[-1][1] + len(groups[-1][0]) * height / 2:
                break
            before, _ = groups.pop()
            rows = before + rows
            middle = sum(wanted[row] for row in rows) / len(rows)
        groups.append((rows, middle))
    places = [0.0] * len(wanted)
    for rows, middle in groups:
        for k, row in enumerate(rows):
            places[row] = middle + (k - (len(rows) - 1) / 2) * height
    return places
