"""A row in a list of steps: a dot, a name, a summary. One row is the present one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

NAME = 84
"""Room for the name, in pixels."""


class StepButton(Guarded, QAbstractButton):
    """Can be checked; steps before the checked one are marked as done."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__()
        self._name, self._summary, self._done = name, summary, False
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(summary)
        self.setToolTip(summary)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size of a row."""
        return QSize(px(200), px(29))

    def mark_done(self, done: bool) -> None:
        """Fill the dot of a step that has been gone through."""
        if done != self._done:
            self._done = done
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            row = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(theme.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            hovered = self.underMouse() and not self.isChecked()
            back = "accent_soft" if self.isChecked() else "field" if hovered else "card"
            painter.setBrush(theme.color(back))
            painter.drawRoundedRect(row, 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if self._done or self.isChecked() else "border"))
            painter.drawEllipse(QRectF(10, row.center().y() - 4, 8, 8))
            weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium
            painter.setFont(number_font(12, weight))
            painter.setPen(theme.color("accent" if self.isChecked() else "text"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(row.adjusted(28, 0, 0, 0), middle, self._name)
            painter.setFont(text_font(12))
            painter.setPen(theme.color("soft"))
            words = row.adjusted(28 + NAME, 0, -4, 0)
            text = painter.fontMetrics().elidedText(
                self._summary, Qt.TextElideMode.ElideRight, int(words.width())
            )
            painter.drawText(words, middle, text)
