"""A list of named numbers with a bar each: right and blue above zero, left and orange below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import number_font, px, text_size, themes
from micronn_gui.widgets.charts.fitting_rows import FittingRows, name_width
from micronn_gui.widgets.guard import Guarded

FIGURE = 68
"""Room for a number, in pixels."""


class SignedBars(Guarded, QWidget):
    """Shows signed numbers to a common scale."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: list[str] = []
        self._values: list[float] = []
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which ten rows are legible."""
        return QSize(px(260), px(240))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(160), px(130))

    def show_values(self, names: Sequence[str], values: Sequence[float]) -> None:
        """Show one row a value."""
        self._names, self._values = list(names), list(values)
        pairs = zip(names, values, strict=True)
        texts = [tr("{name} {value:+.3f}", name=name, value=value) for name, value in pairs]
        self.setAccessibleDescription(", ".join(texts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and number of each row."""
        if not self._values:
            return
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rows = FittingRows(self._values, len(self._values), self.width(), self.height())
            height = rows.height
            size = min(12.0, (height - 1) / text_size.factor)
            largest = max(abs(value) for value in self._values) or 1.0
            bold = QFontMetrics(number_font(size, QFont.Weight.Bold))
            left = name_width(bold, self._names, px(28), 0.45 * rows.place(0).width())
            for place, i in enumerate(rows.shown):
                row, value = rows.place(place), self._values[i]
                figure = px(FIGURE)
                name = bold.elidedText(self._names[i], Qt.TextElideMode.ElideRight, int(left) - px(8))
                middle = row.x() + (left + row.width() - figure) / 2
                half = (row.width() - figure - left) / 2
                painter.setPen(theme.color("text"))
                painter.setFont(number_font(size, QFont.Weight.Bold))
                painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
                painter.setFont(number_font(size))
                right_side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(row, right_side, number(value, "+.3f"))
                painter.fillRect(QRectF(middle - 0.5, row.y(), 1, height), theme.color("border"))
                length = max(abs(value) / largest * half, 1)
                thick = min(px(12), max(height - px(3), 0.6 * height))
                bar = QRectF(
                    middle if value >= 0 else middle - length, row.center().y() - thick / 2, length, thick
                )
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("positive" if value >= 0 else "negative"))
                painter.drawRoundedRect(bar, px(3), px(3))
