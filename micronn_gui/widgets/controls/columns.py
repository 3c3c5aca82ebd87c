"""Columns side by side; those that have no room beside the others stand below them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from micronn_gui.theme import px
from micronn_gui.widgets.guard import Guarded

NO_LIMIT = (1 << 24) - 1
"""The greatest width that Qt knows, where a column is to have no other."""


class Columns(Guarded, QWidget):
    """Lays columns in as few rows as their least widths allow: what is narrow scrolls down, not across.

    Args:
        columns: from left to right, each with its stretch.
        spacing: pixels between them, at the usual text size.
    """

    arranged = Signal()
    """They stand in other rows than before."""

    def __init__(self, columns: Sequence[tuple[QWidget, int]], spacing: int) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._spacing = px(spacing)
        self._lengths: list[int] = []
        self._below = QVBoxLayout(self)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(self._spacing)
        self._rows = [QHBoxLayout() for _ in self._columns]
        for row in self._rows:
            row.setSpacing(self._spacing)
        self._arrange([len(self._columns)])

    @property
    def rows(self) -> int:
        """In how many rows they stand."""
        return len(self._lengths)

    @property
    def in_first_row(self) -> int:
        """How many stand in the first row."""
        return self._lengths[0]

    def _least(self, column: QWidget) -> int:
        return column.minimumWidth() or column.minimumSizeHint().width()

    def _fitting(self, width: int) -> list[int]:
        """Return how many columns stand in each row at a width."""
        lengths, used = [0], 0
        for column, _ in self._columns:
            least = self._least(column)
            if lengths[-1] and used + self._spacing + least > width:
                lengths.append(0)
                used = 0
            used += least + (self._spacing if lengths[-1] else 0)
            lengths[-1] += 1
        return lengths

    def _arrange(self, lengths: list[int]) -> None:
        if lengths == self._lengths:
            return
        self._lengths = lengths
        for row in self._rows:
            self._below.removeItem(row)
            for column, _ in self._columns:
                row.removeWidget(column)
        waiting = iter(self._columns)
        for row, length in zip(self._rows, lengths, strict=False):
            self._below.addLayout(row, 1)
            for _ in range(length):
                row.addWidget(*next(waiting))
        self.updateGeometry()
        self.arranged.emit()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest column, and the height that they need as they stand now."""
        width = max(self._least(column) for column, _ in self._columns)
        height = self._below.minimumSize().height()
        if self.rows > 1 and self._below.hasHeightForWidth():
            height = max(height, self._below.minimumHeightForWidth(self.width()))  # with words that wrap
        return QSize(width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the columns anew where the width asks for it."""
        super().resizeEvent(event)
        self._arrange(self._fitting(self.width()))
