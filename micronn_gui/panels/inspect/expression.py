"""A formula with its actual numbers: the matrices as heat maps, the signs between them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from micronn_core.common.texts import number, tr
from micronn_core.explain.derivations import Number, in_words, indexed
from micronn_core.explain.explanation import Explanation
from micronn_gui.panels.inspect.linking import linked
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.heat_cells import EDGE, FOOT
from micronn_gui.widgets.images.heat_fit import Fitted, fit
from micronn_gui.widgets.images.heat_map import HeatMap

TRANSPOSED = "ᵀ"
SMALL = 1e-4
"""Arrays of smaller numbers are written with powers of ten."""
GAP = 10
"""Between a matrix and a sign, in pixels."""
CAPTION = FOOT - EDGE
"""Height of what is above a matrix: as much as below, so that the signs stand on the axis of its cells."""

Values = NDArray[np.float64]


@dataclass
class _Matrix:
    """One matrix of the expression, and how its cells lie.

    Attributes:
        name: of the array.
        transposed: whether it is shown so.
        view: its heat map.
        caption: above it.
        row: where one row, or the one column, is shown as a picture: which row; else None.
    """

    name: str
    transposed: bool
    view: HeatMap
    caption: QLabel
    row: int | None = None


class Expression(Guarded, QScrollArea):
    """Shows one row of a step's expressions, its matrices as large as there is room for."""

    chosen = Signal(str, int, int)
    """A number was chosen: its array, row and column."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(GAP))
        self.setWidget(inside)
        self._tokens: tuple[str, ...] = ()
        self._matrices: dict[int, _Matrix] = {}
        self._signs: list[QLabel] = []
        self._shapes: list[tuple[int, int] | None] = []
        self._explanation: Explanation | None = None
        self._image_shape: tuple[int, int] | None = None
        self._number: Number | None = None

    def show_tokens(
        self,
        explanation: Explanation,
        tokens: tuple[str, ...],
        number: Number | None,
        image_shape: tuple[int, int] | None,
    ) -> None:
        """Show an expression.

        Args:
            explanation: where its arrays are.
            tokens: see `Step.expressions`.
            number: the one that is looked at.
            image_shape: of the sample: what has as many columns as it has pixels is shown as a picture.
        """
        self._explanation, self._image_shape, self._number = explanation, image_shape, number
        if tokens != self._tokens:
            self._tokens = tokens
            self._build()
        self._shapes = [None] * len(tokens)
        for place, matrix in self._matrices.items():
            self._shapes[place] = self._fill(matrix)
        self._fit()
        self._mark_selected()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the room there is now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the matrices fill the room that the signs leave."""
        room = self.maximumViewportSize()
        signs = sum(sign.sizeHint().width() for sign in self._signs)
        width = room.width() - signs - px(GAP) * (len(self._tokens) - 1)
        matrices = list(self._matrices.values())
        wanted = [
            Fitted(matrix.view.matrix, matrix.row is not None, matrix.caption.sizeHint().width())
            for matrix in matrices
        ]
        height = room.height() - px(CAPTION)
        sizes = fit(wanted, width, height)
        if sum(size.width() for size in sizes) > width:  # the bar to scroll by takes some of the height
            sizes = fit(wanted, width, height - self.horizontalScrollBar().sizeHint().height())
        for matrix, size in zip(matrices, sizes, strict=True):
            matrix.view.setFixedSize(size)

    # -- building --

    def _build(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._matrices, self._signs = {}, []
        self._row.addStretch(1)
        for place, token in enumerate(self._tokens):
            name = token.removesuffix(TRANSPOSED)
            if self._explanation is not None and name in self._explanation.arrays:
                self._row.addWidget(self._add_matrix(place, name, token != name))
            else:
                sign = label(token, "sign")
                sign.ensurePolished()
                self._signs.append(sign)
                self._row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)

    def _add_matrix(self, place: int, name: str, transposed: bool) -> QWidget:
        view, caption = HeatMap(in_words(name)), label("", "matrix")
        view.chosen.connect(lambda row, column: self._choose(place, row, column))
        view.hovered.connect(lambda row, column: self._link(place, row, column))
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        caption.setFixedHeight(px(CAPTION))
        self._matrices[place] = _Matrix(name, transposed, view, caption)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(caption)
        column.addWidget(view, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return box

    def _fill(self, matrix: _Matrix) -> tuple[int, int]:
        """Show an array's values; returns the shape that is shown."""
        assert self._explanation is not None
        values: Values = self._explanation.arrays[matrix.name]
        limit = float(np.abs(values).max())
        pixels = math.prod(self._image_shape) if self._image_shape else -1
        matrix.row = None
        if pixels in values.shape and self._image_shape:
            matrix.row = self._pictured_row(matrix.name, values)
            line = values[matrix.row] if values.shape[1] == pixels else values[:, 0]
            shown, name = line.reshape(self._image_shape), matrix.name
            caption = indexed(name, f"[{matrix.row}]") if values.shape[1] == pixels else name
            limit = float(np.abs(line).max())
        else:
            shown = values.T if matrix.transposed else values
            caption = matrix.name + (TRANSPOSED if matrix.transposed else "")
        rows, columns = shown.shape
        text = tr("{name} ({rows}×{columns})", name=in_words(caption), rows=rows, columns=columns)
        matrix.caption.setText(text)
        matrix.caption.setToolTip(tr("Full colour at ±{limit:.3g}", limit=limit))
        matrix.view.show_matrix(
            shown, limit, _writer(values, limit), *self._axis_names(matrix, rows, columns)
        )
        return rows, columns

    def _axis_names(self, matrix: _Matrix, rows: int, columns: int) -> tuple[list[str], list[str]]:
        """Name the rows of the first matrix, and columns where there are several; a picture has no names."""
        if matrix.row is not None:
            return [], []
        first = matrix is next(iter(self._matrices.values()))
        return [str(i) for i in range(rows)] if first else [], [str(i) for i in range(columns) if columns > 1]

    def _pictured_row(self, name: str, values: Values) -> int:
        """Which row of a wide array is shown as a picture: the one of the number that is looked at."""
        number = self._number
        if number is None or values.shape[1] == 1:
            return 0
        return number.row if number.row < len(values) else 0

    # -- what belongs together --

    def _number_at(self, place: int, row: int, column: int) -> Number:
        matrix = self._matrices[place]
        assert self._explanation is not None
        if matrix.row is None:
            return Number(matrix.name, *((column, row) if matrix.transposed else (row, column)))
        assert self._image_shape is not None
        pixel = row * self._image_shape[1] + column
        if self._is_column(matrix.name):
            return Number(matrix.name, pixel, 0)
        return Number(matrix.name, matrix.row, pixel)

    def _is_column(self, name: str) -> bool:
        assert self._explanation is not None
        columns: int = self._explanation.arrays[name].shape[1]
        return columns == 1

    def _cell_of(self, matrix: _Matrix, number: Number) -> tuple[int, int]:
        if matrix.row is not None and self._image_shape is not None:
            pixel = number.row if self._is_column(matrix.name) else number.column
            row, column = divmod(pixel, self._image_shape[1])
            return row, column
        return (number.column, number.row) if matrix.transposed else (number.row, number.column)

    def _choose(self, place: int, row: int, column: int) -> None:
        self.chosen.emit(*self._number_at(place, row, column))

    def _mark_selected(self) -> None:
        self._link(-1, -1, -1)
        for matrix in self._matrices.values():
            here = self._number is not None and self._number.name == matrix.name
            matrix.view.select(*(self._cell_of(matrix, self._number) if here and self._number else (-1, -1)))

    def _link(self, place: int, row: int, column: int) -> None:
        """Mark what belongs to the cell under the mouse, else to the number that is looked at."""
        if place < 0 or row < 0:
            place, row, column = self._selected_place()
        shapes = [
            None if i in self._matrices and self._matrices[i].row is not None else shape
            for i, shape in enumerate(self._shapes)
        ]
        if place >= 0 and shapes[place] is not None:
            marks = linked(self._tokens, shapes, place, row, column)
            for i, matrix in self._matrices.items():
                matrix.view.highlight(*marks[i])
        else:
            for matrix in self._matrices.values():  # the same pixel of other pictures
                same = place >= 0 and matrix.row is not None
                matrix.view.highlight(*(({row}, {column}) if same else ()))

    def _selected_place(self) -> tuple[int, int, int]:
        for place, matrix in reversed(self._matrices.items()):
            if self._number is not None and matrix.name == self._number.name:
                return place, *self._cell_of(matrix, self._number)
        return -1, -1, -1


def _writer(values: Values, limit: float) -> Callable[[float], str]:
    """Return what writes the numbers of an array: two decimals, or as many as small numbers need."""
    if 0 < limit < SMALL:
        return lambda value: number(value, ".0e")
    decimals = 2 if limit >= 1 or limit == 0 else min(2 - math.floor(math.log10(limit)), 6)
    decimals = max(0, decimals if limit < 1000 else 0)
    sign = "+" if values.min() < 0 else ""
    return lambda value: number(value, f"{sign}.{decimals}f")
