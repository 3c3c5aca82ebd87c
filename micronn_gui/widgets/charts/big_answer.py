"""An answer, large: its name, how sure it is, and what there is to say of it."""

from __future__ import annotations

import math
import string

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px, text_font, text_size, themes
from micronn_gui.widgets.guard import Guarded

LEAST_BESIDE = 96
"""Least room for the words beside the name; where there is less, they stand below it."""
LEAST_NAME = 16
"""Size to which the name is made smaller before it is cut."""
LEAST, GREATEST = 0.5, 2.5
"""To which shares of its usual size the name may shrink and grow beside the words."""
HIGH = 0.72
"""Share of the height that the letters of the name may take beside the words."""
GAP = 16
"""Pixels between the name and the words."""


class BigAnswer(Guarded, QWidget):
    """Paints them all itself, for they change while a line is drawn: no layout is to hear of that.

    Args:
        name: what it is called for those who cannot see it.
        size: that of the answer's name, in pixels at the usual text size.
        lines: how many lines there is room for below how sure it is.
    """

    def __init__(self, name: str, size: int, lines: int = 1) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._size, self._lines = size, lines
        self._answer = self._sure = self._more = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        themes.changed.connect(self.update)

    @property
    def answer(self) -> str:
        """The name of the answer that is shown; "" for none."""
        return self._answer

    def say(self, answer: str, sure: str, more: str) -> None:
        """Show an answer, or "" for none, how sure it is, and what else is to be said."""
        if (answer, sure, more) != (self._answer, self._sure, self._more):
            self._answer, self._sure, self._more = answer, sure, more
            values = {"answer": answer, "sure": sure, "more": more}
            said = tr("{answer}: {sure}, {more}", **values) if answer else tr("{sure}, {more}", **values)
            self.setAccessibleDescription(said)
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for a short name with the words beside it."""
        return QSize(px(self._size * 0.7 + 110), max(px(self._size), self._words_height() + px(4)))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: room for a short name, and for the words beside it."""
        return QSize(px(max(LEAST_BESIDE, self._size * 0.7)), self.sizeHint().height())

    def _sure_font(self) -> QFont:
        return text_font(17, QFont.Weight.DemiBold)

    def _more_font(self) -> QFont:
        return text_font(12, QFont.Weight.Medium)

    def _words_height(self) -> int:
        sure, more = QFontMetricsF(self._sure_font()), QFontMetricsF(self._more_font())
        return math.ceil(sure.height() + px(4) + self._lines * more.lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name, and the words beside it or below."""
        with QPainter(self) as painter:
            room = QRectF(self.rect())
            if not self._answer:
                self._paint_words(painter, room)
                return
            beside = self._font_beside(room)
            font = beside or self._font_above(room)
            metrics = QFontMetricsF(font)
            name = metrics.elidedText(self._answer, Qt.TextElideMode.ElideRight, room.width())
            painter.setFont(font)
            painter.setPen(themes.current.color("text"))
            ink = metrics.tightBoundingRect(name)
            if beside is not None:
                painter.drawText(QPointF(-ink.left(), room.center().y() - ink.center().y()), name)
                self._paint_words(painter, room.adjusted(_width(metrics, name) + px(GAP), 0, 0, 0))
                return
            height, words = metrics.capHeight(), self._words_height()
            top = max(0.0, (room.height() - height - px(GAP) - words) / 2)
            painter.drawText(QPointF(-ink.left(), top + height), name)
            self._paint_words(painter, QRectF(0, top + height + px(GAP), room.width(), words))

    def _font_beside(self, room: QRectF) -> QFont | None:
        """Return the font in which the name stands beside the words, as large as the room allows.

        None where it would be smaller than a part of its usual size: then the words stand below it.
        """
        usual = QFontMetricsF(text_font(self._size, QFont.Weight.Bold))
        free = room.width() - px(GAP) - self._words_width()
        high = HIGH * room.height() / usual.capHeight()
        share = min(free / _width(usual, self._answer), high, GREATEST)
        return text_font(self._size * share, QFont.Weight.Bold) if share >= LEAST else None

    def _font_above(self, room: QRectF) -> QFont:
        """Return the font in which the name fits above the words, if there is one that is not too small."""
        usual = QFontMetricsF(text_font(self._size, QFont.Weight.Bold))
        free = room.height() - px(GAP) - self._words_height()
        share = min(room.width() / usual.horizontalAdvance(self._answer), free / usual.capHeight(), 1.0)
        return text_font(max(LEAST_NAME, self._size * share - 1 / text_size.factor), QFont.Weight.Bold)

    def _words_width(self) -> float:
        """Return how wide the words have to be: mostly always as wide, whatever they say."""
        return max(QFontMetricsF(self._sure_font()).horizontalAdvance(self._sure), px(LEAST_BESIDE))

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        height = self._words_height()
        top = room.y() + (room.height() - height) / 2
        sure, more = QFontMetricsF(self._sure_font()), QFontMetricsF(self._more_font())
        painter.setFont(self._sure_font())
        painter.setPen(themes.current.color("text"))
        text = sure.elidedText(self._sure, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QPointF(room.x(), top + sure.ascent()), text)
        painter.setFont(self._more_font())
        painter.setPen(themes.current.color("soft"))
        top += sure.height() + px(2) + more.ascent()
        lines = _lines(self._more, more, room.width()) if self._lines > 1 else [self._more]
        for i, line in enumerate(lines):
            text = more.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(QPointF(room.x(), top + i * more.lineSpacing()), text)


def _width(metrics: QFontMetricsF, name: str) -> float:
    """Return how wide a name is; all digits are as wide as the widest, so that nothing jumps."""
    return max(map(metrics.horizontalAdvance, (name, *string.digits)))


def _lines(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Return a text in one line if it fits, else in two of about the same length."""
    words = text.split(" ")
    if metrics.horizontalAdvance(text) <= width or len(words) == 1:
        return [text]
    ways = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(ways, key=lambda way: max(map(metrics.horizontalAdvance, way)))
