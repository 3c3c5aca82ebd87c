"""Words in a fixed number of lines: what does not fit is left to the tool tip."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from micronn_gui.theme import px, text_font, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.guard import Guarded

LEAST_WIDTH = 96
"""Pixels below which no label is cut, unless another width is asked for."""


class ElidedLabel(Guarded, QLabel):
    """A label of one line that gives way where there is little room: its tool tip then says all of it.

    Args:
        text: what it shows.
        role: a role of the style sheet, such as "title".
        tip: what its tool tip says besides.
        least: pixels, at the usual text size, below which it is not cut.
    """

    def __init__(self, text: str, role: str, tip: str = "", least: int = LEAST_WIDTH) -> None:
        super().__init__(text)
        self.least = px(least)
        self.setObjectName(role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tip = tip

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few letters."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), self.least), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        text, room = self.text(), self.contentsRect()
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(as_written("\n".join(filter(None, ["" if shown == text else text, self._tip]))))
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(room, self.alignment(), shown)


class ElidedText(Guarded, QWidget):
    """Shows a text in at most so many lines, and all of it as its tool tip.

    Args:
        lines: how many there is room for.
        size: of the letters, in pixels at the usual text size.
        role: of their colour.
        at_the_right: whether the lines end at the right, in the middle of the height.
        in_the_middle: whether they stand in the middle of the height, and begin at the left.
    """

    def __init__(
        self,
        lines: int,
        size: float = 12,
        role: str = "text",
        at_the_right: bool = False,
        in_the_middle: bool = False,
    ) -> None:
        super().__init__()
        self._role, self._at_the_right = role, at_the_right
        self._in_the_middle = at_the_right or in_the_middle
        self._text = ""
        self._font = text_font(size)
        self.set_lines(lines)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All of the text."""
        return self._text

    def set_lines(self, lines: int) -> None:
        """Make room for so many lines."""
        self._lines = lines
        self.setFixedHeight(lines * QFontMetrics(self._font).height())
        self.update()

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setToolTip(as_written(text))
        self.setAccessibleName(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the least size: some words."""
        return QSize(px(60), self.height())

    def lines(self) -> list[str]:
        """Return the lines as they are shown."""
        layout, metrics = QTextLayout(self._text, self._font), QFontMetrics(self._font)
        layout.beginLayout()
        shown: list[str] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            start, length = line.textStart(), line.textLength()
            if len(shown) == self._lines - 1 and start + length < len(self._text):
                rest = self._text[start:]
                shown.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width()))
                break
            shown.append(self._text[start : start + length].rstrip())
        layout.endLayout()
        return shown

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        metrics = QFontMetrics(self._font)
        with QPainter(self) as painter:
            painter.setFont(self._font)
            painter.setPen(themes.current.color(self._role))
            lines = self.lines()
            top = (self.height() - len(lines) * metrics.height()) / 2 if self._in_the_middle else 0.0
            for i, line in enumerate(lines):
                left = self.width() - metrics.horizontalAdvance(line) if self._at_the_right else 0
                painter.drawText(QPointF(left, top + i * metrics.height() + metrics.ascent()), line)
