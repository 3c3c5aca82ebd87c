"""A line of text that is read when it is complete."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit

from micronn_gui.theme import number_font


class Entry(QLineEdit):
    """A line that asks to be read when Enter is pressed or the focus leaves it."""

    entered = Signal(str)

    def __init__(self, stays: bool = False) -> None:
        """Take whether it keeps the keyboard after Enter; else the window gets it, so that Space plays."""
        super().__init__()
        self._stays = stays
        self._known = ""  # the text that was last shown or read
        self.setFont(number_font(12))
        self.returnPressed.connect(self._leave)

    def show_text(self, text: str) -> None:
        """Show a text, unless a person is writing."""
        if text != self._known or not self.isModified():
            self._known = text
            self.setText(text)
            if not self.hasFocus():
                self.setCursorPosition(0)  # of a long text the beginning is seen

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was written."""
        super().focusOutEvent(event)
        self._enter()

    def _leave(self) -> None:
        """Take what was written and give the keys back to the window, unless it must be mended."""
        self._enter()
        if not self._stays and not self.property("wrong"):
            self.window().setFocus()

    def _enter(self) -> None:
        if self.isModified() and self.text() != self._known:
            self.setModified(False)
            self._known = self.text()
            self.entered.emit(self.text())
