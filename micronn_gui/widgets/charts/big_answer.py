"""An answer, large: its name, how sure it is, and what there is to say of it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px, text_font, text_size, themes
from micronn_gui.widgets.guard import Guarded

LEAST_BESIDE = 92
"""Least room for the words beside the name; where there is less, they stand below it."""
LEAST_NAME = 16
"""Size to which the name is made smaller before it is cut."""

_WRAPPED = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


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
            font = self._name_font(room)
            metrics = QFontMetricsF(font)
            name = metrics.elidedText(self._answer, Qt.TextElideMode.ElideRight, room.width())
            width, gap = metrics.horizontalAdvance(name), px(self._size / 6 + 6)
            painter.setFont(font)
            painter.setPen(themes.current.color("text"))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            if room.width() - width - gap >= px(LEAST_BESIDE):
                painter.drawText(room, middle, name)
                self._paint_words(painter, room.adjusted(width + gap, 0, 0, 0))
                return
            height, words = metrics.capHeight() + px(12), self._words_height()
            top = max(0.0, (room.height() - height - words) / 2)
            painter.drawText(QRectF(0, top, room.width(), height), middle, name)
            self._paint_words(painter, QRectF(0, top + height, room.width(), words))

    def _name_font(self, room: QRectF) -> QFont:
        """Return the font in which the name fits with the words, if there is one that is not too small."""
        font = text_font(self._size, QFont.Weight.Bold)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self._answer)
        if width + px(LEAST_BESIDE + self._size / 6 + 6) <= room.width():
            return font
        height = metrics.capHeight() + px(12) + self._words_height()
        share = min(room.width() / width, 1 - (height - room.height()) / metrics.capHeight(), 1.0)
        if share == 1:
            return font
        return text_font(max(LEAST_NAME, self._size * share - 1 / text_size.factor), QFont.Weight.Bold)

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        height = self._words_height()
        place = QRectF(room.x(), room.y() + (room.height() - height) / 2, room.width(), height)
        sure = QFontMetricsF(self._sure_font())
        painter.setFont(self._sure_font())
        painter.setPen(themes.current.color("text"))
        first = QRectF(place.x(), place.y(), place.width(), sure.height())
        text = sure.elidedText(self._sure, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(self._more_font())
        painter.setPen(themes.current.color("soft"))
        rest = place.adjusted(0, sure.height() + px(2), 0, 0)
        more, text = QFontMetricsF(self._more_font()), self._more
        if self._lines == 1:
            text = more.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(rest, int(_WRAPPED) if self._lines > 1 else int(Qt.AlignmentFlag.AlignLeft), text)
