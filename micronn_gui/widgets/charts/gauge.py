"""A number with a bar below it, and what it means beside or under it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

_BAR = 7


class Gauge(Guarded, QWidget):
    """Shows a value as text and as the share of a bar."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._caption = "–", ""
        self._share: float | None = None
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(px(112), px(48))

    def show_value(self, text: str, caption: str, share: float | None) -> None:
        """Show a value, what it means, and its share from 0 to 1; None for no bar."""
        self._text, self._caption, self._share = text, caption, share
        self.setAccessibleDescription(tr("{value} {meaning}", value=text, meaning=caption))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number, bar and caption."""
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            known = self._share is not None
            painter.setFont(number_font(13, QFont.Weight.Bold if known else QFont.Weight.Normal))
            painter.setPen(theme.color("text" if known else "faint"))
            painter.drawText(QRectF(0, 0, self.width(), px(18)), Qt.AlignmentFlag.AlignVCenter, self._text)
            painter.setFont(text_font(12))
            painter.setPen(theme.color("soft"))
            painter.drawText(
                QRectF(0, px(31), self.width(), px(17)), Qt.AlignmentFlag.AlignVCenter, self._caption
            )
            if self._share is None:
                return
            bar = px(_BAR)
            track = QRectF(0, px(21), self.width(), bar)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("border"))
            painter.drawRoundedRect(track, bar / 2, bar / 2)
            if self._share > 0:
                painter.setBrush(theme.color("positive"))
                track.setWidth(max(bar, min(self._share, 1.0) * track.width()))
                painter.drawRoundedRect(track, bar / 2, bar / 2)
