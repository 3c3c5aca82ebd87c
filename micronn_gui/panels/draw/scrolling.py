"""A column that scrolls where it is higher than its room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from micronn_gui.theme import px
from micronn_gui.widgets.guard import Guarded


class ScrollingColumn(Guarded, QScrollArea):
    """Widgets one below the other, as wide as the area; no wider than the area is its content.

    Attributes:
        rows: takes the widgets.
    """

    resized = Signal()
    """There is more room for the widgets, or less."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self.rows = QVBoxLayout(inside)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(px(10))
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let those know whose size follows the room there is."""
        super().resizeEvent(event)
        self.resized.emit()
