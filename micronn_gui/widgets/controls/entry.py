"""A line of text that is read when it is complete."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from micronn_gui.theme import number_font
from micronn_gui.widgets.guard import Guarded


class Entry(Guarded, QLineEdit):
    """A line that asks to be read when Enter is pressed, the focus leaves it, or a button is about to act.

    Escape puts the text back that was there.
    """

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put the old text back at Escape, if there is another."""
        if event.key() == Qt.Key.Key_Escape and self.put_back():
            event.accept()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # it was for this line: nothing around it is to act as well

    def put_back(self) -> bool:
        """Forget what was written since the text was last read; False if nothing was."""
        if not self.isModified() or self.text() == self._known:
            return False
        self.setText(self._known)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was written."""
        super().focusOutEvent(event)
        self.read()

    def _leave(self) -> None:
        """Take what was written and give the keys back to the window, unless it must be mended."""
        self.read()
        if not self._stays and not self.property("wrong"):
            self.window().setFocus()

    def read(self) -> None:
        """Ask to be read, if something has been written."""
        if self.isModified() and self.text() != self._known:
            self.setModified(False)
            self._known = self.text()
            self.entered.emit(self.text())


def entry_in_use() -> Entry | None:
    """Return the line that has the keyboard, alone or in a box of choices."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QComboBox):
        focused = focused.lineEdit()
    return focused if isinstance(focused, Entry) else None


def read_entry_in_use() -> None:
    """Have read what stands in the line that has the keyboard.

    A click on a button does not take the keyboard away, so the line would not be read before the
    button acts on it.
    """
    if entry := entry_in_use():
        entry.read()
