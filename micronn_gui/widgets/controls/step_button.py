"""A stage of a way: a dot, a symbol, and below it a few words where there is room. One is the present one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

DOT, SYMBOL, PAD, BESIDE = 9, 20, 4, 3
"""Side of the dot, height of the symbol, what is left free between them and beside the words, in pixels."""
LINES = 3
"""Lines of the words."""
LETTERS, SHORT_LETTERS, BESIDE_SYMBOL = 13, 12, 2
"""Size of a symbol above words and without words, and what is left free beside the latter, in pixels."""


class StepButton(Guarded, QAbstractButton):
    """Can be checked; stages before the checked one are marked as done."""

    def __init__(self, symbol: str) -> None:
        super().__init__()
        self._symbol, self._words, self._done = symbol, "", False
        self._short = False
        self.setCheckable(True)
        self.setAccessibleName(symbol)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def say(self, words: str, tip: str) -> None:
        """Say what happens at this stage, in a few words and in more."""
        self.setAccessibleDescription(words)
        self.setToolTip(tip)
        if words != self._words:
            self._words = words
            self.updateGeometry()
            self.update()

    def shorten(self, short: bool) -> None:
        """Stand without the words, or with them."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size for the dot, the symbol and, unless it is short, the words."""
        return self._short_size() if self._short else self.full_size()

    def _short_size(self) -> QSize:
        symbol = QFontMetrics(self._symbol_font(QFont.Weight.DemiBold)).horizontalAdvance(self._symbol)
        return QSize(symbol + 2 * px(BESIDE_SYMBOL), px(DOT + SYMBOL + 3 * PAD))

    def _symbol_font(self, weight: QFont.Weight) -> QFont:
        return number_font(SHORT_LETTERS if self._short else LETTERS, weight)

    def full_size(self) -> QSize:
        """Return the size at which the words need few lines and are broken between words only."""
        metrics = QFontMetrics(text_font(12, QFont.Weight.Medium))
        words = max(map(metrics.horizontalAdvance, self._words.split()), default=0)
        while (height := self._height_of_words(metrics, words)) > (LINES + 0.5) * metrics.lineSpacing():
            words += px(PAD)
        height = max(height, LINES * metrics.lineSpacing())
        symbol = QFontMetrics(number_font(LETTERS, QFont.Weight.DemiBold)).horizontalAdvance(self._symbol)
        width = max(words, symbol) + 2 * px(BESIDE)
        return QSize(width, px(DOT + SYMBOL + 4 * PAD) + height)

    def _height_of_words(self, metrics: QFontMetrics, width: int) -> int:
        room = QRect(0, 0, width + 1, 1000)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._words).height()

    def minimumSizeHint(self) -> QSize:
        """Return the same: what is narrower would cut words off."""
        return self.sizeHint()

    def mark_done(self, done: bool) -> None:
        """Fill the dot of a stage that has been gone through."""
        if done != self._done:
            self._done = done
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot, the symbol and the words, one below the other."""
        theme = themes.current
        here = self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(theme.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            back = "accent_soft" if here else "field" if self.underMouse() else "card"
            painter.setBrush(theme.color(back))
            painter.drawRoundedRect(place, px(8), px(8))
            reached = here or self._done
            dot = QRectF(place.center().x() - px(DOT) / 2, place.y() + px(2 * PAD), px(DOT), px(DOT))
            painter.setPen(QPen(theme.color("accent" if reached else "faint"), 1.5))
            painter.setBrush(theme.color("accent") if reached else QColor(Qt.GlobalColor.transparent))
            painter.drawEllipse(dot)
            symbol = QRectF(place.x(), dot.bottom() + px(2), place.width(), px(SYMBOL))
            painter.setFont(self._symbol_font(QFont.Weight.DemiBold if here else QFont.Weight.Medium))
            painter.setPen(theme.color("accent" if here else "text"))
            painter.drawText(symbol, Qt.AlignmentFlag.AlignCenter, self._symbol)
            if self._short:
                return
            words = QRectF(place.x(), symbol.bottom(), place.width(), place.bottom() - symbol.bottom())
            painter.setFont(text_font(12, QFont.Weight.Medium))
            painter.setPen(theme.color("text" if here else "soft"))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(words, int(flags), self._words)
