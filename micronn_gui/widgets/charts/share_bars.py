"""Named shares of a whole, each as a bar and a number; the largest stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.fitting_rows import FittingRows, name_width
from micronn_gui.widgets.guard import Guarded


class ShareBars(Guarded, QWidget):
    """Shows shares from 0 to 1."""

    chosen = Signal(int)
    """A row was clicked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._marked: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: list[str] = []
        self._shares: list[float] = []
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size at which ten rows are legible."""
        return QSize(px(260), px(260))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(160), px(160))

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
        return FittingRows(self._shares, len(self._names), self.width(), self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row that was clicked."""
        row = self._rows().at(event.position().x(), event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self.chosen.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and number of each row."""
        if not self._names:
            return
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rows = self._rows()
            thick, size = min(12.0, rows.height - 4), min(13.0, rows.height - 3)
            largest = max(self._shares, default=0.0)
            bold = QFontMetrics(number_font(size, QFont.Weight.Bold))
            left = name_width(bold, self._names, 28.0, 0.45 * rows.place(0).width())
            for place, i in enumerate(rows.shown):
                share = self._shares[i] if self._shares else 0.0
                wins = bool(self._shares) and share == largest
                row = rows.place(place)
                name = bold.elidedText(self._names[i], Qt.TextElideMode.ElideRight, int(left) - 8)
                if i == self._marked:
                    painter.setPen(theme.color("accent"))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
                painter.setFont(number_font(size, QFont.Weight.Bold if wins else QFont.Weight.Normal))
                painter.setPen(theme.color("text"))
                painter.drawText(row.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
                track = QRectF(row.x() + left, row.center().y() - thick / 2, row.width() - left - 56, thick)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("border"))
                painter.drawRoundedRect(track, thick / 2, thick / 2)
                if share > 0:
                    painter.setBrush(theme.color("accent" if wins else "faint"))
                    bar = QRectF(track.x(), track.y(), max(thick / 2, track.width() * share), thick)
                    painter.drawRoundedRect(bar, thick / 2, thick / 2)
                painter.setPen(theme.color("text" if wins else "soft"))
                text = number(share, ".3f") if self._shares else "–"
                painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
