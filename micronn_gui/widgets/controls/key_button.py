"""A button that names its key, small, below what it does."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from micronn_gui.theme import px, text_font, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.entry import read_entry_in_use
from micronn_gui.widgets.guard import Guarded

MARGINS = (14, 5)
"""Pixels left and right of the words, and above and below them."""


class KeyButton(Guarded, QPushButton):
    """Takes the focus by Tab only, as the other buttons do.

    Args:
        text: what it does.
        key: the key that does it, too.
        tip: its tool tip.
    """

    def __init__(self, text: str, key: str, tip: str) -> None:
        super().__init__(text)
        self._key = key
        self.setToolTip(as_written(tip))
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.pressed.connect(read_entry_in_use)
        themes.changed.connect(self.update)

    @staticmethod
    def _fonts() -> tuple[QFont, QFont]:
        return text_font(13, QFont.Weight.DemiBold), text_font(12)

    def sizeHint(self) -> QSize:
        """Return the room for both words."""
        (name, key), (beside, above) = map(QFontMetrics, self._fonts()), map(px, MARGINS)
        width = max(name.horizontalAdvance(self.text()), key.horizontalAdvance(self._key))
        return QSize(width + 2 * beside, name.height() + key.height() + 2 * above)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: no word is to be cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and on it the words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        top = (self.height() - self.sizeHint().height()) / 2 + px(MARGINS[1])
        for text, font, role in zip((self.text(), self._key), self._fonts(), ("text", "soft"), strict=True):
            line = QFontMetrics(font).height()
            painter.setFont(font)
            painter.setPen(themes.current.color(role if self.isEnabled() else "faint"))
            painter.drawText(QRectF(0, top, self.width(), line), Qt.AlignmentFlag.AlignCenter, text)
            top += line
        painter.end()
