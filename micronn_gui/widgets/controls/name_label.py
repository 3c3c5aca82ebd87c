"""The name of a control that can be pressed to learn what the control does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel

from micronn_gui.widgets.guard import Guarded


class NameLabel(Guarded, QLabel):
    """Shows a name, and says when somebody asks about it."""

    asked = Signal()

    def __init__(self, text: str, tip: str) -> None:
        super().__init__(text)
        self.setObjectName("name")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(tip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.asked.emit()
