"""A matrix as coloured cells, with its numbers where they fit: blue above zero, orange below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import themes
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.heat_cells import NOWHERE, ROOM, USUAL, HeatCells, HeatMatrix, Values
from micronn_gui.widgets.images.heat_painter import HeatMarks, HeatPainter

PAGE = 10
"""Rows that Page Up and Page Down move by."""


class HeatMap(Guarded, QWidget):
    """Shows a matrix of any size; of cells smaller than a pixel, the value farthest from zero."""

    hovered = Signal(int, int)
    """The mouse is over this row and column; (-1, -1) when it has left, or the shape has changed."""
    chosen = Signal(int, int)
    """A cell was clicked, reached by the arrow keys, or confirmed by Enter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._matrix = HeatMatrix(np.zeros((0, 0)), 0.0)
        self._cells = HeatCells(self._matrix, self.size())
        self._painter = HeatPainter(self._cells)
        self._selected = self._under_mouse = NOWHERE
        self._marked: tuple[frozenset[int], frozenset[int]] = frozenset(), frozenset()
        themes.changed.connect(self.update)

    @property
    def matrix(self) -> HeatMatrix:
        """The matrix that is shown."""
        return self._matrix

    @property
    def selected(self) -> tuple[int, int]:
        """Row and column of the selected cell, or (-1, -1)."""
        return self._selected

    def show_matrix(
        self,
        values: Values,
        limit: float,
        texts: Callable[[float], str] | None = None,
        row_names: Sequence[str] = (),
        column_names: Sequence[str] = (),
    ) -> None:
        """Show a matrix; it is kept, not copied.

        The selected cell stays selected, and frames stay, as long as the shape does.

        Args:
            values: (rows, columns).
            limit: the value that gets the full colour.
            texts: writes a number; None leaves the cells without numbers.
            row_names: written left of the cells, faintly.
            column_names: written below them.
        """
        before = self._matrix.shape
        self._matrix = HeatMatrix(values, limit, texts, row_names, column_names)
        reshaped = self._matrix.shape != before
        if reshaped:
            self._selected = NOWHERE
            self._marked = frozenset(), frozenset()
        wide = values.shape[1] > ROOM // USUAL
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self._describe()
        self.updateGeometry()
        if reshaped:
            self._hover(NOWHERE)  # last: those who hear it find the new matrix

    def select(self, row: int, column: int) -> None:
        """Put the frame around a cell; one that does not exist, such as (-1, -1), takes it away."""
        rows, columns = self._matrix.shape
        self._selected = (row, column) if 0 <= row < rows and 0 <= column < columns else NOWHERE
        self._describe()
        self.update()

    def highlight(self, rows: Collection[int] = (), columns: Collection[int] = ()) -> None:
        """Put a frame around whole rows and columns, and around nothing else."""
        marked = frozenset(rows), frozenset(columns)
        if marked != self._marked:
            self._marked = marked
            self.update()

    def text_of(self, row: int, column: int) -> str:
        """Return the number of a cell as it is written."""
        return self._matrix.text_of(row, column)

    def cell(self, row: int, column: int) -> QRect:
        """Return where a cell lies, with the gap to its neighbours; it is at least a pixel."""
        return self._cells.cell(row, column)

    def _describe(self) -> None:
        """Say the selected cell in words, for those who cannot see it."""
        rows, columns = self._matrix.shape
        if self._selected == NOWHERE:
            text = tr("{rows} × {columns}", rows=rows, columns=columns)
        else:
            i, j = self._selected
            row_names, column_names = self._matrix.row_names, self._matrix.column_names
            row = row_names[i] if i < len(row_names) else str(i)
            column = column_names[j] if j < len(column_names) else str(j)
            value = self.text_of(i, j)
            text = tr("row {row}, column {column}: {value}", row=row, column=column, value=value)
        self.setAccessibleDescription(text)

    # -- size --

    def sizeHint(self) -> QSize:
        """Return the size at which vectors and small matrices show their numbers."""
        return self._matrix.usual_size()

    def minimumSizeHint(self) -> QSize:
        """Return the size below which a small matrix could not be read."""
        return self._matrix.least_size()

    def _lay_out(self) -> None:
        """Place rows and columns in the room there is."""
        self._cells = HeatCells(self._matrix, self.size())
        self._painter = HeatPainter(self._cells)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cells out anew."""
        super().resizeEvent(event)
        self._lay_out()

    # -- mouse and keys --

    def _hover(self, at: tuple[int, int]) -> None:
        if at != self._under_mouse:
            self._under_mouse = at
            self.setCursor(Qt.CursorShape.ArrowCursor if at == NOWHERE else Qt.CursorShape.PointingHandCursor)
            self.hovered.emit(*at)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self._hover(self._cells.at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self._hover(NOWHERE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that was clicked."""
        at = self._cells.at(event.position())
        if at != NOWHERE and event.button() is Qt.MouseButton.LeftButton:
            self._choose(*at)

    def _choose(self, row: int, column: int) -> None:
        self.select(row, column)
        self.chosen.emit(row, column)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys while focused: elsewhere in the window they go from step to step."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._target(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def _target(self, event: QKeyEvent) -> tuple[int, int] | None:
        """Return the cell to which a key leads, or None for other keys."""
        rows, columns = self._matrix.shape
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = modifiers == Qt.KeyboardModifier.ControlModifier
        if not rows * columns or (modifiers and not control):
            return None
        row, column = self._selected if self._selected != NOWHERE else (0, 0)
        key, last = event.key(), (rows - 1, columns - 1)
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            corner = (0, 0) if key == Qt.Key.Key_Home else last
            return corner if control or columns == 1 else (row, corner[1])
        page = (PAGE, 0) if rows > 1 else (0, PAGE)
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_PageUp: (-page[0], -page[1]),
            Qt.Key.Key_PageDown: page,
        }
        if control or Qt.Key(key) not in moves:
            return None
        if self._selected == NOWHERE:
            return 0, 0
        down, right = moves[Qt.Key(key)]
        return min(max(row + down, 0), last[0]), min(max(column + right, 0), last[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another cell by the arrows, Page Up and Down, Home and End; Enter confirms."""
        target = self._target(event)
        if target is not None:
            if target != self._selected:
                self._choose(*target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected != NOWHERE:
            self.chosen.emit(*self._selected)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, and over them what stands out."""
        marks = HeatMarks(*self._marked, self._selected, self._under_mouse, self.hasFocus())
        with QPainter(self) as painter:
            self._painter.paint(painter, marks)
