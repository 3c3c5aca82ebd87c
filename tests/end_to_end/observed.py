"""The program as it is, and somebody beside it who says what can be seen and heard.

    python -m tests.end_to_end.observed

starts the window. For each byte on standard input it writes a line to standard output, once
everything is painted: the visible parts of the window by their accessible names, in JSON, as a
screen reader has them. So a test waits for a state of the program and not for time to pass, and
clicks at what a person would find, wherever the layout puts it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from micronn_gui.__main__ import main

INPUT, OUTPUT = 0, 1


class Observer(QObject):
    """Lives on the window's thread; asked on another."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer)  # a queued call: it comes between two events of the window

    def listen(self) -> None:
        """Pass on each question, until nobody is there to ask."""
        while os.read(INPUT, 1):
            self.asked.emit()

    def _answer(self) -> None:
        windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
        QGuiApplication.sync()
        for window in windows:
            window.repaint()
        QGuiApplication.sync()  # now the screen shows it
        parts: dict[str, dict[str, Any]] = {}
        for window in windows:
            for part in window.findChildren(QWidget):
                if part.isVisible() and part.accessibleName():
                    # A slider under a number has the number's name: the first is meant.
                    parts.setdefault(part.accessibleName(), _described(part))
        os.write(OUTPUT, json.dumps(parts).encode() + b"\n")


def _described(part: QWidget) -> dict[str, Any]:
    corner = part.mapToGlobal(QPoint(0, 0))
    return {
        "box": (corner.x(), corner.y(), part.width(), part.height()),
        "description": part.accessibleDescription(),
        "checked": isinstance(part, QAbstractButton) and part.isChecked(),
    }


if __name__ == "__main__":
    observer = Observer()
    threading.Thread(target=observer.listen, daemon=True).start()
    sys.exit(main([]))
