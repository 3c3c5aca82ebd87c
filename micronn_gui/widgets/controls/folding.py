"""A section that folds away what is seldom needed, and says in a line or two what is in it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.controls.buttons import keep_place
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.guard import Guarded

CHEVRON = 14
"""Side of the sign before the title, in pixels."""


class FoldingSection(Guarded, QWidget):
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
        self.title.setIconSize(QSize(px(CHEVRON), px(CHEVRON)))
        themes.changed.connect(self._dress)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title.toggled.connect(self.open)
        self._summary = ElidedText(lines=2, role="faint", at_the_right=True)
        keep_place(self._summary)
        self._inside = QWidget()
        self.rows = QVBoxLayout(self._inside)
        self.rows.setContentsMargins(0, 0, 0, px(4))
        self.rows.setSpacing(px(4))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self.title)
        head.addWidget(self._summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addLayout(head)
        column.addWidget(self._inside)
        self.open(False)

    def _dress(self) -> None:
        name = "chevron-down" if self.title.isChecked() else "chevron-right"
        self.title.setIcon(icon(name, themes.current, "soft", px(CHEVRON)))

    def summarise(self, summary: str) -> None:
        """Say in a line or two what is set here; it is shown while the rows are not."""
        self._summary.set_text(summary)
        self.title.setAccessibleDescription(summary)

    def open(self, shown: bool) -> None:
        """Show the rows, or fold them away."""
        self.title.setChecked(shown)
        self._dress()
        self._inside.setVisible(shown)
        self._summary.setVisible(not shown)

    def minimumSizeHint(self) -> QSize:
        """Return the room that it needs; it is as wide folded as it is unfolded."""
        hint = super().minimumSizeHint()
        return QSize(max(hint.width(), self._inside.minimumSizeHint().width()), hint.height())
