"""Which key means a digit, on every keyboard: where digits need Shift, the key without Shift does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

PLACES: dict[str, Sequence[int]] = {"xcb": range(10, 20), "wayland": range(10, 20), "windows": range(2, 12)}
"""The scan codes of the row of digits, 1 to 9 and 0, wherever these say which key was pressed."""

MAC_PLACES = (18, 19, 20, 21, 23, 22, 26, 28, 25, 29)
"""The same as a Mac's virtual keys: it has no scan codes."""

LETTERS = ("&", "éě", '"š', "'č", "(ř", "-§ž", "èý", "_!á", "çí", "à")
"""What the row writes without Shift in French, Belgian and Czech, for events that do not tell the key."""

_EDITING = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def digit_of(event: QKeyEvent) -> int | None:
    """Return the digit that a key stands for, whatever is held besides; None if it stands for none."""
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return event.key() - Qt.Key.Key_0
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return None  # ! is no 1
    platform = QGuiApplication.platformName()
    if platform in PLACES and event.nativeScanCode():
        row, pressed = PLACES[platform], event.nativeScanCode()
    elif platform == "cocoa":
        row, pressed = MAC_PLACES, event.nativeVirtualKey()
    else:
        found = [place for place, letters in enumerate(LETTERS, 1) if (_letter(event) or " ") in letters]
        return found[0] % 10 if found else None
    return (row.index(pressed) + 1) % 10 if pressed in row else None


def plain_digit(event: QKeyEvent) -> int | None:
    """Return the digit that a key stands for when no Ctrl, Alt or Meta makes it a command."""
    return None if event.modifiers() & _EDITING else digit_of(event)


def _letter(event: QKeyEvent) -> str:
    """Return what the key writes; Ctrl leaves no text, but the letter's own code."""
    return event.text() if event.text().isprintable() and event.text() else _written(event.key())


def _written(key: int) -> str:
    return chr(key).lower() if key < 0x110000 else ""
