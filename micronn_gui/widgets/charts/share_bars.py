"""Named shares of a whole, each as a bar and a number; the largest stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.theme import number_font, themes


class ShareBars(QWidget):
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
        return QSize(260, 260)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(160, 160)

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

    def _row_height(self) -> float:
        return min(self.height() / max(len(self._names), 1), 30.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row that was clicked."""
        row = int(event.position().y() / self._row_height())
        if event.button() is Qt.MouseButton.LeftButton and 0 <= row < len(self._names):
            self.chosen.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, bar and number of each row."""
        if not self._names:
            return
        theme, painter = themes.current, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height()
        thick, size = min(12.0, height - 4), min(13.0, height - 3)
        largest = max(self._shares, default=0.0)
        for i, name in enumerate(self._names):
            share = self._shares[i] if self._shares else 0.0
            wins = bool(self._shares) and share == largest
            row = QRectF(0, i * height, self.width(), height)
            if i == self._marked:
                painter.setPen(theme.color("accent"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(number_font(size, QFont.Weight.Bold if wins else QFont.Weight.Normal))
            painter.setPen(theme.color("text"))
            painter.drawText(row.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
            track = QRectF(28, row.center().y() - thick / 2, self.width() - 28 - 56, thick)
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
