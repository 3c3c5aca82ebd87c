"""A chart of several lines over each other, told apart by colour, dash and the sign at their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from micronn_gui.theme import Theme, text_font, themes
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle, Values
from micronn_gui.widgets.guard import Guarded

SAMPLE = QSize(28, 12)
"""Size of a line's sample, in pixels."""
ENTRY_HEIGHT = 20
"""Height of a row of the legend."""
COLUMNS = 4
"""Names side by side in the legend."""
MARGIN = 0.015
"""Room to the right of the longest line, as a share of the axis."""
BEHIND = 110
"""Opacity, of 255, of a second line behind a line."""


@dataclass(frozen=True)
class OverlayStyle(LineStyle):
    """A line's look, with its dash."""

    dash: Qt.PenStyle


SOLID, DASH, DOT, DASH_DOT = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)
STYLES = (
    OverlayStyle("positive", 2, "o", 8, SOLID),
    OverlayStyle("negative", 2, "s", 7, SOLID),
    OverlayStyle("text", 2, "o", 8, DASH),
    OverlayStyle("good", 2, "s", 7, DASH),
    OverlayStyle("positive", 2, "s", 7, DOT),
    OverlayStyle("negative", 2, "o", 8, DOT),
    OverlayStyle("text", 2, "s", 7, DASH_DOT),
    OverlayStyle("good", 2, "o", 8, DASH_DOT),
)
"""As many looks as can be told apart. Orange and green, which some eyes take for each other, never
have the same dash."""


def line_sample(style: OverlayStyle, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """Return a short piece of a line with its sign, to stand beside a name."""
    pixmap = QPixmap(SAMPLE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = SAMPLE.height() / 2
        painter.setPen(QPen(theme.color(style.role), style.width, style.dash))
        painter.drawLine(QPointF(0, middle), QPointF(SAMPLE.width(), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(style.role))
        place = QRectF(0, 0, style.sign_size, style.sign_size)
        place.moveCenter(QPointF(SAMPLE.width() - style.sign_size / 2, middle))
        (painter.drawEllipse if style.sign == "o" else painter.drawRect)(place)
    return pixmap


class OverlayChart(LineChart):
    """Up to eight lines, "0" to "7", each with its sign where it ends."""

    def __init__(self, name: str, x_name: str, tick_text: Callable[[float], str]) -> None:
        super().__init__(name, x_name, {str(i): style for i, style in enumerate(STYLES)}, tick_text)
        self._shown_line.hide()

    def show_lines(
        self,
        lines: Mapping[int, tuple[Values, Values]],
        behind: Mapping[int, tuple[Values, Values]],
        ends: Mapping[int, tuple[float, float]],
    ) -> None:
        """Show these lines, by their places among the styles, and no others.

        Args:
            lines: x and y of each, finite; x rises.
            behind: of some, x and y of a second, fainter line.
            ends: where each ends, in sight or not.
        """
        nothing = np.zeros(0)
        for place in range(len(STYLES)):
            x, y = lines.get(place, (nothing, nothing))
            self.set_line(str(place), x, y, behind.get(place))
            mark = self._marks[str(place)]
            mark.setVisible(place in ends)
            if place in ends:
                x_end, y_end = ends[place]
                mark.setPos(x_end, float(self._scaled(np.array(y_end))))

    def _show_full_view(self) -> None:
        """Leave room for the signs of lines that end at the right edge."""
        super()._show_full_view()
        low, high = self._full_x
        self.setXRange(low, high + MARGIN * (high - low), padding=0)

    def _dress(self) -> None:
        super()._dress()
        theme = themes.current
        for i, style in enumerate(STYLES):
            color = theme.color(style.role)
            self._curves[str(i)].setPen(pg.mkPen(color, width=style.width, style=style.dash))
            color.setAlpha(BEHIND)
            self._bands[str(i)].setPen(pg.mkPen(color, width=1))


class LineLegend(Guarded, QWidget):
    """The names of lines, each beside a sample of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._entries: tuple[tuple[int, str], ...] = ()
        themes.changed.connect(self.update)
        self.show_names([])

    def show_names(self, names: Sequence[tuple[int, str]]) -> None:
        """Show these names, each with its place among the styles."""
        if tuple(names) != self._entries:
            self._entries = tuple(names)
            self.setAccessibleDescription(", ".join(text for _, text in names))
        self.setFixedHeight(ENTRY_HEIGHT * max(1, -(-len(names) // COLUMNS)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them in columns of equal width; what is too long is cut by an ellipsis."""
        theme = themes.current
        with QPainter(self) as painter:
            painter.setFont(text_font(12))
            painter.setPen(theme.color("soft"))
            width = self.width() // COLUMNS
            for i, (place, text) in enumerate(self._entries):
                cell = QRect(i % COLUMNS * width, i // COLUMNS * ENTRY_HEIGHT, width - 12, ENTRY_HEIGHT)
                sample = line_sample(STYLES[place], theme, self.devicePixelRatioF())
                painter.drawPixmap(cell.left(), cell.center().y() - SAMPLE.height() // 2 + 1, sample)
                cell.setLeft(cell.left() + SAMPLE.width() + 8)
                room = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, cell.width())
                painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, room)
