"""The tools below the large pad, each with its name: in one row, or in two where there is less room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QToolButton, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.session.drawing import Drawing
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button, label

BRUSHES = (20, 120)
"""The least and the greatest width of the brush, in thousandths of the pad's side."""
GAP = 2
"""Pixels between two tools."""
BRUSH_PLACE, SECOND = 2, 5
"""Which of the tools is the brush, and which is the first of the second row."""


class PadTools(QWidget):
    """Pen, eraser, brush, undo, redo, picture, ink hints, clear.

    Attributes:
        ink: switches the hints where ink would help.
    """

    def __init__(self, drawing: Drawing, pictures: Pictures) -> None:
        super().__init__()
        self._drawing = drawing
        self._pen = _tool("pencil", tr("Pen"), tr("Draw"), checkable=True)
        self._pen.clicked.connect(self._use_pen)
        self._eraser = _tool("eraser", tr("Eraser"), tr("Erase instead of drawing"), checkable=True)
        self._eraser.clicked.connect(self._use_eraser)
        self._brush = self._make_brush()
        self._undo = _tool("undo-2", tr("Undo"), tr("Undo (Ctrl+Z)"))
        self._undo.clicked.connect(drawing.undo)
        self._redo = _tool("redo-2", tr("Redo"), tr("Redo (Ctrl+Shift+Z)"))
        self._redo.clicked.connect(drawing.redo)
        self._picture = _tool("image-up", tr("Picture"), tr("Lay a picture on the pad"))
        self._picture.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._picture.setMenu(pictures.menu())
        tip = tr(
            "Show where ink would make the answer more (blue) or less (orange) probable, by what was learned"
        )
        self.ink = _tool("lightbulb", tr("Ink hints"), tip, checkable=True)
        self._clear = self._make_clear()
        self._parts: tuple[QWidget, ...] = (
            self._pen,
            self._eraser,
            self._named_brush(),
            self._undo,
            self._redo,
            self._picture,
            self.ink,
            self._clear,
        )
        self._in_two = False
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(GAP))
        for row in (self._first, self._second):
            row.setSpacing(px(GAP))
            column.addLayout(row)
        self._second.addStretch(1)
        for i, part in enumerate(self._parts):
            self._first.addWidget(part, int(i == BRUSH_PLACE))

    def _named_brush(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(px(4), px(4), px(4), px(4))
        column.setSpacing(0)
        column.addWidget(self._brush, 1)
        column.addWidget(label(tr("brush"), "caption"), 0, Qt.AlignmentFlag.AlignHCenter)
        return made

    def _make_brush(self) -> QSlider:
        brush = QSlider(Qt.Orientation.Horizontal)
        brush.setRange(*BRUSHES)
        brush.setMinimumWidth(px(44))
        brush.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        brush.setAccessibleName(tr("Width of the brush"))
        brush.setToolTip(
            tr(
                "Width of the brush, for what you draw from now on. It is for your eyes alone: the network "
                "sees every line as wide as MNIST's pen."
            )
        )
        brush.valueChanged.connect(self._use_brush)
        return brush

    def _make_clear(self) -> QPushButton:
        clear = button(tr("Clear"), tr("Clear the pad (Esc or Delete)"))
        clear.setText("\n".join((clear.text(), tr("Esc"))))
        clear.clicked.connect(self._drawing.clear)
        return clear

    @property
    def width_in_one_row(self) -> int:
        """The width from which they stand in one row."""
        return _width(self._parts)

    @property
    def least_width(self) -> int:
        """The width that they need in two rows."""
        return max(_width(self._parts[:SECOND]), _width(self._parts[SECOND:]))

    def height_at(self, width: int) -> int:
        """Return how high they are at a width."""
        row = max(part.minimumSizeHint().height() for part in self._parts)
        return row if width >= self.width_in_one_row else 2 * row + px(GAP)

    def fit(self, width: int) -> None:
        """Stand in one row if a width allows it, else in two."""
        in_two = width < self.width_in_one_row
        if in_two is self._in_two:
            return
        self._in_two = in_two
        for part in self._parts[SECOND:]:
            (self._first if in_two else self._second).removeWidget(part)
            if not in_two:
                self._first.addWidget(part)
            elif part is self._clear:
                self._second.addWidget(part)
            else:
                self._second.insertWidget(self._second.count() - 1, part)  # before the empty room

    def offer(self) -> None:
        """Enable those that can do something now."""
        self._undo.setEnabled(self._drawing.can_undo)
        self._redo.setEnabled(self._drawing.can_redo)
        self._clear.setEnabled(not self._drawing.is_empty)

    def follow(self) -> None:
        """Show which tool is in the hand."""
        self._pen.setChecked(not self._drawing.erasing)
        self._eraser.setChecked(self._drawing.erasing)
        self._brush.setValue(round(1000 * self._drawing.brush))

    def _use_pen(self) -> None:
        self._drawing.use(erasing=False)

    def _use_eraser(self, on: bool) -> None:
        self._drawing.use(erasing=on)

    def _use_brush(self, width: int) -> None:
        self._drawing.use(brush=width / 1000)


def _width(parts: Sequence[QWidget]) -> int:
    """Return how wide widgets are side by side."""
    for part in parts:
        part.ensurePolished()  # its size depends on the style sheet
    return sum(part.minimumSizeHint().width() for part in parts) + px(GAP) * (len(parts) - 1)


def _tool(icon: str, name: str, tip: str, checkable: bool = False) -> IconButton:
    tool = IconButton(icon, tip, "soft", 18, "named-tool")
    tool.setText(name)
    tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    tool.setCheckable(checkable)
    return tool
