"""The tools below the large pad, each with its name: in one row, or in two where there is less room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.session.drawing import Drawing
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, label
from micronn_gui.widgets.controls.key_button import KeyButton

BRUSHES = (20, 120)
"""The least and the greatest width of the brush, in thousandths of the pad's side."""
BRUSH_WIDTHS = (90, 160)
"""The least and the greatest length of the slider that sets it."""
GAP = 2
"""Pixels between two tools."""


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
        self._clear = KeyButton(tr("Clear"), tr("Esc"), tr("Clear the pad (Esc or Delete)"))
        self._clear.clicked.connect(drawing.clear)
        self._brush_place = self._named_brush()
        self._in_two: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(GAP))
        self._arrange(in_two=False)

    def _named_brush(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(*[px(4)] * 4)
        made.setMaximumWidth(px(BRUSH_WIDTHS[1] + 8))
        column.setSpacing(0)
        column.addWidget(self._brush, 1)
        column.addWidget(label(tr("brush"), "soft"), 0, Qt.AlignmentFlag.AlignHCenter)
        return made

    def _make_brush(self) -> QSlider:
        brush = QSlider(Qt.Orientation.Horizontal)
        brush.setRange(*BRUSHES)
        brush.setMinimumWidth(px(BRUSH_WIDTHS[0]))
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

    def _places(self, in_two: bool) -> list[tuple[QWidget, int, int, int]]:
        """Return the tools with row, column, and how many columns they take; Clear is the last.

        In two rows they stand one below the other, and the brush above two of them.
        """
        draw, brush = (self._pen, self._eraser), self._brush_place
        rest = (self._undo, self._redo, self._picture, self.ink)
        if not in_two:
            return [(tool, 0, i, 1) for i, tool in enumerate((*draw, brush, *rest, self._clear))]
        first = [(tool, 0, i, 1) for i, tool in enumerate(draw)]
        second = [(tool, 1, i, 1) for i, tool in enumerate(rest)]
        return [*first, (brush, 0, 2, 2), *second, (self._clear, 0, 4, 1)]

    def _arrange(self, in_two: bool) -> None:
        if in_two is self._in_two:
            return
        self._in_two = in_two
        for tool, *_ in self._places(in_two):
            self._grid.removeWidget(tool)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for tool, row, column, span in self._places(in_two):
            last = tool is self._clear  # it stands at the right, whatever room there is
            beside = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag(0)
            self._grid.addWidget(tool, row, column, 1, span, beside)
            if last or (tool is self._brush_place and not in_two):
                self._grid.setColumnStretch(column, 1 if last else 1000)

    def _width(self, in_two: bool) -> int:
        """Return how wide they are in one row, or in two."""
        columns: dict[int, int] = {}
        wide = [place for place in self._places(in_two) if place[3] > 1]
        for tool, _, column, span in self._places(in_two):
            tool.ensurePolished()  # its size depends on the style sheet
            if span == 1:
                columns[column] = max(columns.get(column, 0), tool.minimumSizeHint().width())
        for tool, _, column, span in wide:
            beneath = sum(columns[column + i] for i in range(span)) + px(GAP) * (span - 1)
            columns[column] += max(0, tool.minimumSizeHint().width() - beneath)
        return sum(columns.values()) + px(GAP) * (len(columns) - 1)

    @property
    def width_in_one_row(self) -> int:
        """The width from which they stand in one row."""
        return self._width(in_two=False)

    @property
    def least_width(self) -> int:
        """The width that they need in two rows."""
        return self._width(in_two=True)

    def height_at(self, width: int) -> int:
        """Return how high they are at a width."""
        row = max(tool.minimumSizeHint().height() for tool, *_ in self._places(in_two=False))
        return row if width >= self.width_in_one_row else 2 * row + px(GAP)

    def fit(self, width: int) -> None:
        """Stand in one row if a width allows it, else in two."""
        self._arrange(in_two=width < self.width_in_one_row)

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


def _tool(icon: str, name: str, tip: str, checkable: bool = False) -> IconButton:
    tool = IconButton(icon, tip, "soft", 18, "named-tool")
    tool.setText(name)
    tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    tool.setCheckable(checkable)
    tool.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return tool
