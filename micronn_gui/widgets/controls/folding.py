"""A section that folds away what is seldom needed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from micronn_gui.theme import px


class FoldingSection(QWidget):
    """A title to press, and rows that are shown while it is open. It begins closed.

    Attributes:
        title: the button.
        rows: takes the rows.
    """

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self.title = QToolButton()
        self.title.setObjectName("fold")
        self.title.setText(title)
        self.title.setToolTip(tip)
        self.title.setAccessibleName(title)
        self.title.setCheckable(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title.toggled.connect(self.open)
        self._inside = QWidget()
        self.rows = QVBoxLayout(self._inside)
        self.rows.setContentsMargins(0, px(0), px(0), px(0))
        self.rows.setSpacing(px(4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(4))
        column.addWidget(self.title)
        column.addWidget(self._inside)
        self.open(False)

    def open(self, shown: bool) -> None:
        """Show the rows, or fold them away."""
        self.title.setChecked(shown)
        self.title.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self._inside.setVisible(shown)
