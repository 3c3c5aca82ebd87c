"""Named shares of a whole, each as a bar and a number; the largest stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import number_font, px, text_size, themes
from micronn_gui.widgets.charts.fitting_rows import LEAST_WIDTH, FittingRows, name_width
from micronn_gui.widgets.guard import Guarded

ROW = 22
"""Height at which rows stand well, in pixels at the usual text size."""
GREATEST_ROW = 44
"""Height of a row that is not exceeded."""
LEAST_SHOWN = 0.0005
"""A share below this is written as 0.000, and its bar is empty."""
LEAST_BAR = 2
"""Pixels that a bar has at least if its share is not written as 0."""


class ShareBars(Guarded, QWidget):
    """Shows shares from 0 to 1.

    Args:
        name: what it is called for those who cannot see it.
        most: how many rows there is room for in its size hint.
        narrowest: width of a row, at the usual text size, where there are several columns.
    """

    chosen = Signal(int)
    """A row was clicked: its place among the shares."""

    def __init__(self, name: str, most: int = 10, narrowest: float = LEAST_WIDTH) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._marked: int | None = None
        self._most, self._narrowest = most, narrowest
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: list[str] = []
        self._shares: list[float] = []
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which its rows are legible."""
        return QSize(px(260), px(ROW * self._most))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(124), px(16 * self._most))

    def show_shares(self, names: Sequence[str], shares: Sequence[float] | None) -> None:
        """Show one row a share; None shows the names with empty bars."""
        rows = list(names), list(shares) if shares is not None else []
        if rows == (self._names, self._shares):
            return
        self._names, self._shares = rows
        pairs = zip(self._names, self._shares, strict=False)
        texts = [tr("{name} {value:.3f}", name=name, value=share) for name, share in pairs]
        self.setAccessibleDescription(", ".join(texts))
        self.update()

    def mark(self, row: int | None) -> None:
        """Put a frame around a row, or around none."""
        if row != self._marked:
            self._marked = row
            self.update()

    def _rows(self) -> FittingRows:
        size = self.width(), self.height()
        return FittingRows(self._shares, len(self._names), *size, GREATEST_ROW, self._narrowest)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row that was clicked."""
        row = self._rows().at(event.position().x(), event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self.chosen.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and number of each row."""
        if not self._names:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rows = self._rows()
            row_height = rows.height / text_size.factor
            size = min(max(13.0, 0.4 * row_height), max(12.0, row_height - 3))
            bold = QFontMetrics(number_font(size, QFont.Weight.Bold))
            left = name_width(bold, self._names, px(28), 0.45 * rows.place(0).width())
            right = bold.horizontalAdvance(number(0.0, ".3f")) + px(10)
            largest = max(self._shares, default=0.0)
            for place, i in enumerate(rows.shown):
                share = self._shares[i] if self._shares else 0.0
                wins = bool(self._shares) and share == largest
                row = rows.place(place)
                if i == self._marked:
                    painter.setPen(themes.current.color("accent"))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
                painter.setFont(number_font(size, QFont.Weight.Bold if wins else QFont.Weight.Normal))
                painter.setPen(themes.current.color("text" if wins or not self._shares else "soft"))
                name = bold.elidedText(self._names[i], Qt.TextElideMode.ElideRight, int(left) - px(8))
                painter.drawText(row.adjusted(px(4), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
                text = number(share, ".3f") if self._shares else "–"
                painter.drawText(
                    row.adjusted(0, 0, -px(2), 0),
                    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                    text,
                )
                thick = min(max(px(10), 0.4 * rows.height), rows.height - px(6))
                width = row.width() - left - right
                track = QRectF(row.x() + left, row.center().y() - thick / 2, width, thick)
                paint_share(painter, track, share, "accent" if wins else "faint")


def paint_share(painter: QPainter, track: QRectF, share: float, role: str) -> None:
    """Paint a share as a bar on its track; one that is written as 0 leaves the track empty."""
    round_ = min(track.width(), track.height()) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(themes.current.color("field"))
    painter.drawRoundedRect(track, round_, round_)
    if not share >= LEAST_SHOWN:
        return
    painter.setBrush(themes.current.color(role))
    bar = QRectF(track)
    bar.setWidth(max(px(LEAST_BAR), track.width() * min(share, 1.0)))
    if bar.width() >= track.height():
        painter.drawRoundedRect(bar, round_, round_)
        return
    whole, piece = QPainterPath(), QPainterPath()
    whole.addRoundedRect(track, round_, round_)
    piece.addRect(bar)
    painter.drawPath(whole.intersected(piece))  # a sliver of the track's round end
