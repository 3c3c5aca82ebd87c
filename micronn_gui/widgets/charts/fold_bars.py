"""A bar and a number for each of a few jobs, which fill as the jobs come further."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

TALL = 34
"""Greatest height of a row, in pixels."""


class FoldRow(NamedTuple):
    """A job: its name, how far it is (0 to 1), its result as a share (NaN before its end), and words."""

    name: str
    progress: float
    result: float
    text: str


class FoldBars(Guarded, QWidget):
    """Shows a row a job: thin and grey while it works, full and in the colour of validation at its end.

    Args:
        name: what the results are.
        widest: the longest text that will stand beside a bar.
    """

    def __init__(self, name: str, widest: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._widest = widest
        self._rows: tuple[FoldRow, ...] = ()
        self._mean = math.nan
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which five rows are at ease."""
        return QSize(px(320), px(120))

    def minimumSizeHint(self) -> QSize:
        """Return a size at which ten rows are legible."""
        return QSize(px(200), px(110))

    def show_rows(self, rows: Sequence[FoldRow], mean: float) -> None:
        """Show the jobs, and a line at the mean of their results (NaN for none)."""
        self._rows, self._mean = tuple(rows), mean
        self.setMaximumHeight(TALL * max(len(rows), 1))
        self.setAccessibleDescription(
            ", ".join(tr("{name} {value}", name=row.name, value=row.text) for row in rows)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and text of each row."""
        if not self._rows:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            height = self.height() / len(self._rows)
            size = min(12.0, height)
            painter.setFont(number_font(size))
            metrics = painter.fontMetrics()
            left = metrics.horizontalAdvance("00") + 10.0
            right = metrics.horizontalAdvance(self._widest) + 12.0
            track = QRectF(left, 0, max(self.width() - left - right, 20.0), min(10.0, height - 4))
            for i, row in enumerate(self._rows):
                place = QRectF(0, i * height, self.width(), height)
                track.moveTop(place.center().y() - track.height() / 2)
                self._paint_row(painter, row, place, track, size)
            if math.isfinite(self._mean):
                x = math.floor(track.x() + self._mean * track.width()) + 0.5  # one sharp pixel
                pen = QPen(themes.current.color("text"), 1, Qt.PenStyle.DashLine)
                painter.setPen(pen)
                painter.drawLine(QPointF(x, 2), QPointF(x, len(self._rows) * height - 2))

    def _paint_row(self, painter: QPainter, row: FoldRow, place: QRectF, track: QRectF, size: float) -> None:
        theme, ended = themes.current, math.isfinite(row.result)
        working = not ended and row.progress > 0
        painter.setFont(number_font(size))
        painter.setPen(theme.color("text" if ended or working else "faint"))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.name)
        painter.setFont(number_font(size, QFont.Weight.DemiBold) if ended else text_font(size))
        painter.setPen(theme.color("text" if ended else "soft" if working else "faint"))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.text)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = track.height() / 2
        painter.setBrush(theme.color("field"))
        painter.drawRoundedRect(track, radius, radius)
        share = row.result if ended else row.progress
        if share > 0:
            bar = QRectF(track.x(), track.y(), max(track.height(), track.width() * share), track.height())
            if not ended:
                bar = bar.adjusted(0, track.height() / 3, 0, -track.height() / 3)
            painter.setBrush(theme.color("negative" if ended else "faint"))
            painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
