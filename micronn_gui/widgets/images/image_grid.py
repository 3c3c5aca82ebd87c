"""Many small images in a grid, each with a caption and a row of bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from micronn_gui.theme import diverging_colors, px, themes
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.cells import GAP, fit_cells
from micronn_gui.widgets.images.grid_painter import Caption, Content, GridPainter

Values = NDArray[np.floating]

MOST_PITCH = 2.5
"""From one image to the next it is at most so many times its width."""


class ImageGrid(Guarded, QScrollArea):
    """Images of one size, coloured by the diverging map: blue above zero, orange below."""

    hovered = Signal(int, int, int)
    """The mouse is over this image, row and column; (-1, -1, -1) when it has left."""
    activated = Signal(int)
    """An image was clicked, or chosen by Enter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas = _Canvas(self)
        self._canvas.setAccessibleName(name)
        self.setWidget(self._canvas)

    @property
    def selected(self) -> int:
        """The image with the frame around it, or -1."""
        return self._canvas.selected

    def select(self, i: int) -> None:
        """Put the frame around an image and scroll to it; -1 for none."""
        self._canvas.selected = i
        if i >= 0:
            cell = self._canvas.cell(i)
            self.ensureVisible(cell.center().x(), cell.center().y(), 0, cell.height() // 2)
        self._canvas.update()

    def show_images(
        self,
        images: Values,
        limits: Values,
        captions: Sequence[Caption],
        bars: Values,
        names: Sequence[str],
        labels: Sequence[str] = (),
    ) -> None:
        """Show images and what belongs to them; the arrays are kept, not copied.

        Args:
            images: (n, rows, columns).
            limits: (n,), the value that gets the full colour, of each image.
            captions: of each image, its name, and what is said of it: the longest words that fit.
            bars: (n, k), drawn to a common scale.
            names: the k names of the bars.
            labels: of each row of values that are no pictures, (n, rows, 1): they are drawn as bars.
        """
        canvas = self._canvas
        relaid = len(images) != len(canvas.images) or list(names) != canvas.names
        canvas.images, canvas.limits, canvas.captions = images, limits, captions
        canvas.bars, canvas.names, canvas.labels = bars, list(names), tuple(labels)
        if relaid:
            canvas.selected = -1
            canvas.lay_out(self.viewport().size())
        canvas.update()

    def clear(self) -> None:
        """Show no images."""
        nothing = np.zeros(0, np.float32)
        self.show_images(nothing.reshape(0, 1, 1), nothing, (), nothing.reshape(0, 0), ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cells out anew."""
        super().resizeEvent(event)
        self._canvas.lay_out(self.viewport().size())


class _Canvas(Guarded, QWidget):
    """What scrolls: it paints those cells that are in sight."""

    def __init__(self, grid: ImageGrid) -> None:
        super().__init__()
        self._grid = grid
        self.images: Values = np.zeros((0, 1, 1), np.float32)
        self.limits: Values = np.zeros(0, np.float32)
        self.captions: Sequence[Caption] = ()
        self.bars: Values = np.zeros((0, 0), np.float32)
        self.names: list[str] = []
        self.labels: tuple[str, ...] = ()
        self.selected = -1
        self._painter = GridPainter()
        self._layout = fit_cells(1, px(100), px(200))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes.changed.connect(self.update)

    def lay_out(self, size: QSize) -> None:
        """Place the cells in an area of this size; make the area higher where they do not fit."""
        if not len(self.images):
            return
        self._layout = fit_cells(len(self.images), size.width(), size.height(), bool(self.names))
        rows = -(-len(self.images) // self._layout.columns)
        needed = rows * (self._layout.height + px(GAP)) - px(GAP) + 2
        self.setMinimumHeight(needed if needed > size.height() else 0)
        self.update()

    def cell(self, i: int) -> QRect:
        """Return where cell i lies."""
        layout = self._layout
        row, column = divmod(i, layout.columns)
        spread = (self.width() - 2 - layout.side) / max(1, layout.columns - 1)  # from edge to edge
        pitch = min(spread, MOST_PITCH * layout.side)
        top = 1 + row * (layout.height + px(GAP))
        return QRect(1 + round(column * pitch), top, layout.side, layout.height)

    def _at(self, position: QPointF) -> tuple[int, int, int]:
        """Return the image, row and column under a point, or -1s."""
        for i in range(len(self.images)):
            box = self.cell(i)
            x, y = position.x() - box.x(), position.y() - box.y()
            if 0 <= x < self._layout.side and 0 <= y < self._layout.side:
                rows, columns = self.images.shape[1:]
                return i, int(y * rows / self._layout.side), int(x * columns / self._layout.side)
        return -1, -1, -1

    # -- mouse and keys --

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        at = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if at[0] >= 0 else Qt.CursorShape.ArrowCursor)
        self._grid.hovered.emit(*at)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self._grid.hovered.emit(-1, -1, -1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Activate the image that was clicked."""
        i, _, _ = self._at(event.position())
        if i >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self._grid.select(i)
            self._grid.activated.emit(i)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys while focused: elsewhere in the window they take a training step."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._move(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _move(self, event: QKeyEvent) -> int:
        """Return by how many images an arrow key moves, or 0."""
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._layout.columns,
            Qt.Key.Key_Down: self._layout.columns,
        }
        return moves.get(Qt.Key(event.key()), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the frame by the arrow keys; Enter activates."""
        move = self._move(event)
        if move and len(self.images):
            i = self.selected + move if self.selected >= 0 else 0
            self._grid.select(min(max(i, 0), len(self.images) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected >= 0:
            self._grid.activated.emit(self.selected)
        else:
            super().keyPressEvent(event)

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells in sight."""
        if not len(self.images):
            return
        names = tuple(self.names)
        content = Content(self.images, self.limits, self.captions, self.bars, names, self.labels)
        seen = event.rect().united(self.visibleRegion().boundingRect())  # what is drawn keeps its frame
        pitch = self._layout.height + px(GAP)
        first = max(0, seen.top() // pitch) * self._layout.columns
        last = min(len(self.images), (seen.bottom() // pitch + 1) * self._layout.columns)
        cells = {i: self.cell(i) for i in range(first, last)}
        with QPainter(self) as painter:
            self._painter.paint(painter, content, self._layout, cells, self.selected)


def indexed_image(indexed: NDArray[np.uint8]) -> QImage:
    """Return indices of the diverging colours, (rows, columns), as an image that borrows their memory."""
    rows, columns = indexed.shape
    image = QImage(indexed.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(diverging_colors(themes.current))
    return image
