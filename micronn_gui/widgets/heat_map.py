"""A matrix as coloured cells, with its numbers where they fit: blue above zero, orange below."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_gui.theme import Theme, diverging_colors, number_font, quantise, themes

SIDE = 34
"""Greatest height of a cell, and its width without a number, in pixels."""
NUMBER_WIDTH, NUMBER_HEIGHT = 56, 18
"""Usual width of a cell with a number, and its least height."""
ROOM = 12 * SIDE
"""The cells of a larger matrix share this width and height, unless there is more room."""
EDGE, FOOT = 4, 20
"""Room around the cells for frames, and below them for the columns' names."""
GAP, RADIUS = 3, 4
"""Between the cells of a vector, and of their corners."""
FRAMED = 6
"""Least size of a frame, through which cells smaller than this can be seen."""
SEPARATE = 10
"""Cells of a vector that are smaller than this touch each other."""
PAGE = 10
"""Rows that Page Up and Page Down move by."""
NOWHERE = (-1, -1)

Values = NDArray[np.float64]


class HeatMap(QWidget):
    """Shows a matrix of any size; of cells smaller than a pixel, the value farthest from zero."""

    hovered = Signal(int, int)
    """The mouse is over this row and column; (-1, -1) when it has left."""
    chosen = Signal(int, int)
    """A cell was clicked, reached by the arrow keys, or confirmed by Enter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._values: Values = np.zeros((0, 0))
        self._indices = np.zeros((0, 0), np.uint8)
        self._write: Callable[[float], str] | None = None
        self._names: tuple[list[str], list[str]] = [], []
        self._selected = self._under_mouse = NOWHERE
        self._marked: tuple[frozenset[int], frozenset[int]] = frozenset(), frozenset()
        self._number_width = NUMBER_WIDTH
        self._x = self._y = _Axis(0, 0, 0)
        self._image = QImage()
        self._image_key: tuple[object, ...] = ()
        themes.changed.connect(self.update)

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
        if values.shape != self._values.shape:
            self._selected = self._under_mouse = NOWHERE
            self._marked = frozenset(), frozenset()
        self._values, self._write = values, texts
        self._names = list(row_names), list(column_names)
        self._number_width = self._widest_number()
        wide = values.shape[1] > ROOM // SIDE
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._indices, self._image_key = _indices(values, limit), ()
        self._lay_out()
        self._describe()
        self.updateGeometry()

    def select(self, row: int, column: int) -> None:
        """Put the frame around a cell; one that does not exist, such as (-1, -1), takes it away."""
        rows, columns = self._values.shape
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
        value = float(self._values[row, column])
        return self._write(value) if self._write else f"{value:.4g}".replace("-", "−")

    # -- size --

    def sizeHint(self) -> QSize:
        """Return the size at which vectors and small matrices show their numbers."""
        rows, columns = self._values.shape
        side = self._number_width if columns * self._number_width <= ROOM else SIDE
        return self._around(min(columns * side, ROOM), min(rows * SIDE, ROOM))

    def minimumSizeHint(self) -> QSize:
        """Return the size below which a small matrix could not be read."""
        rows, columns = self._values.shape
        least = self._number_width if columns == 1 else min(columns * NUMBER_HEIGHT, ROOM // 2)
        return self._around(least, min(rows * NUMBER_HEIGHT, ROOM // 2))

    def _around(self, width: int, height: int) -> QSize:
        """Return the size of the widget around cells; the foot is kept so that neighbours' rows align."""
        return QSize(width + self._names_width() + 2 * EDGE, height + EDGE + FOOT)

    def _names_width(self) -> int:
        widest = max(map(len, self._names[0]), default=0)
        return _width(widest, 11) + 8 if widest else 0

    def _widest_number(self) -> int:
        """Return the width a cell needs for any number; in a large matrix the extremes stand for all."""
        values = self._values
        if not values.size or not self._write:
            return NUMBER_WIDTH if 1 in values.shape else SIDE
        some = values.ravel() if values.size <= 400 else np.array([values.min(), values.max()])
        widest = max(len(self._write(value)) for value in some.tolist())
        return max(NUMBER_WIDTH, _width(widest, 12) + 14)

    def _lay_out(self) -> None:
        """Place rows and columns in the room there is."""
        rows, columns = self._values.shape
        left = EDGE + self._names_width()
        width, height = self.width() - left - EDGE, self.height() - EDGE - FOOT
        fits = columns * self._number_width <= width
        self._x = _axis(left, width, columns, self._number_width if fits else SIDE)
        self._y = _axis(EDGE, height, rows, SIDE)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cells out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def cell(self, row: int, column: int) -> QRect:
        """Return where a cell lies, without the gap to its neighbours; it is at least a pixel."""
        (x, width), (y, height) = self._x.span(column), self._y.span(row)
        return QRect(x, y, width, height)

    # -- mouse and keys --

    def _at(self, position: QPointF) -> tuple[int, int]:
        """Return the cell under a point; of those in one pixel, the one whose colour is seen."""
        rows, columns = self._y.at(position.y()), self._x.at(position.x())
        block = self._values[rows.start : rows.stop, columns.start : columns.stop]
        if not block.size:
            return NOWHERE
        row, column = divmod(int(np.abs(block).argmax()), block.shape[1])
        return rows[row], columns[column]

    def _hover(self, at: tuple[int, int]) -> None:
        if at != self._under_mouse:
            self._under_mouse = at
            self.setCursor(Qt.CursorShape.ArrowCursor if at == NOWHERE else Qt.CursorShape.PointingHandCursor)
            self.hovered.emit(*at)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self._hover(NOWHERE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that was clicked."""
        at = self._at(event.position())
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
        rows, columns = self._values.shape
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = modifiers == Qt.KeyboardModifier.ControlModifier
        if not self._values.size or (modifiers and not control):
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

    def _describe(self) -> None:
        """Say the selected cell in words, for those who cannot see it."""
        rows, columns = self._values.shape
        if self._selected == NOWHERE:
            text = f"{rows} × {columns}"
        else:
            i, j = self._selected
            row = self._names[0][i] if i < len(self._names[0]) else str(i)
            column = self._names[1][j] if j < len(self._names[1]) else str(j)
            text = self.tr("row {row}, column {column}: {number}")
            text = text.format(row=row, column=column, number=self.text_of(i, j))
        self.setAccessibleDescription(text)

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, then what is written on them, then frames."""
        if not self._values.size or not self._x.length or not self._y.length:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        written = self._written()
        if self._separate():
            self._paint_cells(painter)
        else:
            painter.drawImage(QPoint(self._x.start, self._y.start), self._colored())
        if written:
            self._paint_numbers(painter)
        self._paint_names(painter)
        self._paint_frames(painter)
        labelled = self._under_mouse if self._under_mouse != NOWHERE else self._selected
        if labelled != NOWHERE and not written:
            self._paint_label(painter, *labelled)

    def _written(self) -> bool:
        """Whether all numbers fit into their cells."""
        return (
            self._write is not None and self._x.pitch >= self._number_width and self._y.pitch >= NUMBER_HEIGHT
        )

    def _separate(self) -> bool:
        """Whether there is a gap between the cells: in vectors, where there is room for it."""
        return 1 in self._values.shape and min(self._x.pitch, self._y.pitch) >= SEPARATE

    def _inner(self, place: QRect) -> QRect:
        """Return the place of a frame, without the gap, and large enough for its cells to be seen in it."""
        if self._separate():
            rows, columns = self._values.shape
            place = place.adjusted(columns > 1, rows > 1, (1 - GAP) * (columns > 1), (1 - GAP) * (rows > 1))
        wider, higher = (max(0, -(-(FRAMED - size) // 2)) for size in place.size().toTuple())
        return place.adjusted(-wider, -higher, wider, higher)

    def _paint_cells(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        colors = diverging_colors(themes.current)
        for (row, column), index in np.ndenumerate(self._indices):
            painter.setBrush(QColor.fromRgb(colors[index]))
            painter.drawRoundedRect(self._inner(self.cell(row, column)), RADIUS, RADIUS)

    def _colored(self) -> QImage:
        """Return the cells as an image with the pixels of the screen; it is made anew when they change."""
        ratio = self.devicePixelRatioF()
        key = (self._x, self._y, themes.current, ratio)
        if key != self._image_key:
            width, height = (round(axis.length * ratio) for axis in (self._x, self._y))
            indices = _spread(_spread(self._indices, 0, height), 1, width)
            pixels = np.array(diverging_colors(themes.current), np.uint32).take(indices)
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            self._image_key, self._image = key, image.copy()  # which owns its memory
            self._image.setDevicePixelRatio(ratio)
        return self._image

    def _paint_numbers(self, painter: QPainter) -> None:
        painter.setFont(number_font(12 if self._y.pitch >= 24 else 11))
        writing = _writing_colors(themes.current)
        for (row, column), index in np.ndenumerate(self._indices):
            painter.setPen(writing[index])
            place = self._inner(self.cell(row, column))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text_of(row, column))

    def _paint_names(self, painter: QPainter) -> None:
        """Write the names for which there is room, those of framed rows and columns in any case."""
        (row_names, column_names), (rows, columns) = self._names, self._marked
        right, width = self._x.start - 8, _width(max(map(len, column_names), default=0), 11) + 6
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for i in _legible(len(row_names), self._y.pitch, 14, rows):
            _use_name_font(painter, i in rows)
            painter.drawText(QRectF(0, self._y.middle(i) - 10, right, 20), flags, row_names[i])
        for j in _legible(len(column_names), self._x.pitch, width, columns):
            _use_name_font(painter, j in columns)
            left = min(max(0, self._x.middle(j) - width / 2), self.width() - width)
            place = QRectF(left, self._y.end + 2, width, FOOT - 4)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, column_names[j])

    def _paint_frames(self, painter: QPainter) -> None:
        rows, columns = self._values.shape
        whole = QRect(self._x.start, self._y.start, self._x.length, self._y.length)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(themes.current.color("accent"), 2))
        frames = [self.cell(i, 0).united(self.cell(i, columns - 1)) for i in self._marked[0] if 0 <= i < rows]
        frames += [
            self.cell(0, j).united(self.cell(rows - 1, j)) for j in self._marked[1] if 0 <= j < columns
        ]
        if self._selected != NOWHERE:
            frames.append(self.cell(*self._selected))
        for frame in frames:
            painter.drawRoundedRect(self._inner(frame), RADIUS, RADIUS)
        if self._under_mouse != NOWHERE:
            painter.setPen(QPen(themes.current.color("text"), 1))
            painter.drawRoundedRect(self._inner(self.cell(*self._under_mouse)), RADIUS, RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(themes.current.color("accent"), 1))
            painter.drawRoundedRect(QRectF(whole).adjusted(-2.5, -2.5, 2.5, 2.5), RADIUS + 2, RADIUS + 2)

    def _paint_label(self, painter: QPainter, row: int, column: int) -> None:
        """Write the number of a cell that is too small for it beside the cell."""
        painter.setFont(number_font(12, QFont.Weight.Medium))
        text = f"[{row}, {column}]  {self.text_of(row, column)}"
        if _width(len(text), 12) + 14 > self.width():
            text = self.text_of(row, column)
        cell, size = self.cell(row, column), QSize(_width(len(text), 12) + 14, 22)
        place = QRect(cell.center() - QPoint(size.width() // 2, 0), size)
        place.moveBottom(cell.top() - 5)
        if place.top() < 0:
            place.moveTop(cell.bottom() + 6)
        place.moveLeft(max(0, min(place.left(), self.width() - size.width())))
        painter.setPen(themes.current.color("card"))
        painter.setBrush(themes.current.color("text"))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(themes.current.color("card"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


@dataclass(frozen=True)
class _Axis:
    """Where `count` rows, or columns, lie: from `start` on they share `length` pixels."""

    start: int
    length: int
    count: int

    @property
    def pitch(self) -> float:
        """Pixels of each."""
        return self.length / self.count if self.count else 0.0

    @property
    def end(self) -> int:
        """The first pixel behind the last."""
        return self.start + self.length

    def span(self, i: int) -> tuple[int, int]:
        """Return the first pixel and the number of pixels of one; at least one."""
        first, end = i * self.length // self.count, (i + 1) * self.length // self.count
        return self.start + first, max(end - first, 1)

    def middle(self, i: int) -> float:
        """Return where the middle of one is."""
        first, size = self.span(i)
        return first + size / 2

    def at(self, position: float) -> range:
        """Return those that share the pixel at a position."""
        pixel = int(position // 1) - self.start
        if not 0 <= pixel < self.length:
            return range(0)
        last = -(-(pixel + 1) * self.count // self.length) - 1
        return range(min(-(-pixel * self.count // self.length), last), last + 1)


def _axis(start: int, room: int, count: int, greatest: int) -> _Axis:
    """Return an axis that uses the room; cells of visible size are all of one size."""
    length = max(0, min(room, count * greatest))
    if count and length // count >= 4:
        length = length // count * count
    return _Axis(start, length, count)


def _indices(values: Values, limit: float) -> NDArray[np.uint8]:
    """Return the indices of the diverging colours; what is not a number has the colour of zero."""
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=0.0, posinf=limit, neginf=-limit)
    return quantise(values, limit)


def _spread(indices: NDArray[np.uint8], axis: int, length: int) -> NDArray[np.uint8]:
    """Spread cells over a number of pixels; of several in a pixel, take the one farthest from zero."""
    count = indices.shape[axis]
    ends = -(-np.arange(length + 1) * count // length)
    last = ends[1:] - 1
    first = np.minimum(ends[:-1], last)
    low = high = indices.take(first, axis)
    for offset in range(1, int((last - first).max()) + 1):  # several times as fast as ufunc.reduceat
        others = indices.take(np.minimum(first + offset, last), axis)
        low, high = np.minimum(low, others), np.maximum(high, others)
    spread: NDArray[np.uint8] = np.where(high >= ~low, high, low)  # zero is 128: ~low is as far above it
    return spread


def _legible(count: int, pitch: float, size: int, marked: Collection[int]) -> list[int]:
    """Return which of evenly spaced names can be written: every one, or every 2nd, 5th, 10th …."""
    steps = (digit * 10**power for power in range(6) for digit in (1, 2, 5))
    step = next(step for step in steps if step * pitch >= size)
    strong = [i for i in marked if 0 <= i < count]
    return strong + [
        i
        for i in range(0, count, step)
        if i not in strong and all(abs(i - k) * pitch >= size for k in strong)
    ]


def _use_name_font(painter: QPainter, strong: bool) -> None:
    painter.setFont(number_font(11, QFont.Weight.Bold if strong else QFont.Weight.Normal))
    painter.setPen(themes.current.color("text" if strong else "faint"))


@functools.cache
def _digit_width(size: int) -> float:
    return QFontMetricsF(number_font(size)).horizontalAdvance("0")


def _width(characters: int, size: int) -> int:
    """Return the width of a text in the font for numbers, which is the same for each character."""
    return math.ceil(characters * _digit_width(size))


@functools.cache
def _writing_colors(theme: Theme) -> tuple[QColor, ...]:
    """Return the colour to write in on each of the diverging colours: light where it stands out 3 to 1."""
    dark, light = sorted((theme.color("text"), theme.color("card")), key=_luminance)
    grounds = (QColor.fromRgb(color) for color in diverging_colors(theme))
    return tuple(
        light if (_luminance(light) + 0.05) / (_luminance(ground) + 0.05) >= 3 else dark for ground in grounds
    )


def _luminance(color: QColor) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
