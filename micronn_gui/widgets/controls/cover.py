"""What a card says in the place of its content where it has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from micronn_gui.theme import px
from micronn_gui.widgets.guard import Guarded

EDGE = 2
"""Pixels of a card's own border that stay free, where nothing else is asked for."""


class Cover(Guarded, QLabel):
    """Lies over a card below its title while there is a text; the card is then not to be used.

    Args:
        card: what is covered.
        top: pixels from the top that stay free, for the title.
        edge: pixels that stay free at the other sides; without any, its corners are not round.
    """

    def __init__(self, card: QWidget, top: int = 48, edge: int = EDGE) -> None:
        super().__init__(card)
        self._card, self._top, self._edge = card, top, edge
        self.setObjectName("cover" if edge else "cover-flat")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMargin(px(16))
        card.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Say in the place of the content why there is none; "" shows the content again."""
        if text == self.text() and bool(text) is not self.isHidden():
            return
        self.setText(text)
        self._card.setEnabled(not text)
        self._card.setAccessibleDescription(text)
        self.setVisible(bool(text))
        self._fit()
        self.raise_()

    def _fit(self) -> None:
        top, edge = px(self._top), px(self._edge)
        self.setGeometry(edge, top, self._card.width() - 2 * edge, self._card.height() - top - edge)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the card, and stay on top of what it is given later."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self._fit()
            self.raise_()
        return False
