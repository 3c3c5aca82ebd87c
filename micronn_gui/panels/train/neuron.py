"""One hidden neuron, enlarged: its image or bars, its bias, and its votes by name and number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px, quantise, themes
from micronn_gui.widgets.charts.signed_bars import SignedBars
from micronn_gui.widgets.controls.buttons import button, label
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.image_grid import indexed_image


class NeuronView(Guarded, QWidget):
    """Shows neuron `index`; Esc or the button goes back."""

    closed = Signal()
    hovered = Signal(int, int, int)
    """The mouse, or the keyboard's cursor, is at this neuron, row and column; -1s when not."""

    def __init__(self) -> None:
        super().__init__()
        self.index = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._image = _LargeImage(self)
        self._bars = SignedBars(tr("Weights of the neuron for each column"))
        self._bars.hide()
        self._name = label("", "figure")
        self._bias, self._bias_at_start = label("", "reading"), label("", "reading")
        self._votes = SignedBars(tr("Votes of the neuron for each digit"))
        self._votes.setToolTip(tr("Its vote for each digit: its column of W2"))
        self._back = button(tr("Back"), tr("Show all neurons again (Esc)"))
        self._back.clicked.connect(self.closed)
        side = QVBoxLayout()
        side.setSpacing(px(8))
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._back)
        side.addLayout(head)
        side.addWidget(self._bias)
        side.addWidget(self._bias_at_start)
        side.addWidget(self._votes, 1)
        side.addStretch(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, px(0), px(0), px(0))
        layout.setSpacing(px(24))
        layout.addWidget(self._image, 1)
        layout.addWidget(self._bars, 1)
        layout.addLayout(side, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the image square."""
        super().resizeEvent(event)
        self._image.setMaximumWidth(max(px(112), min(self.height(), self.width() // 2)))

    def show_neuron(
        self,
        image: NDArray[np.floating],
        limit: float,
        labels: Sequence[str],
        bias: float,
        bias_at_start: float | None,
        names: Sequence[str],
        votes: Sequence[float],
    ) -> None:
        """Show the neuron.

        Args:
            image: its weights as a picture, (rows, columns), or one for each input, (n, 1).
            limit: the value that gets the full colour.
            labels: what the inputs are called where they are no pixels; else ().
            bias: now.
            bias_at_start: before the first step; None where that is not known.
            names: of the classes; () where it has no votes for them.
            votes: one for each class.
        """
        self._image.setVisible(not labels)
        self._bars.setVisible(bool(labels))
        if labels:
            self._bars.show_values(labels, image[:, 0].tolist())
        else:
            self._image.show_image(image, limit)
        self._name.setText(f"h{self.index}")
        self._bias.setText(tr("bias {now:+.3f}", now=bias))
        self._bias_at_start.setVisible(bias_at_start is not None)
        if bias_at_start is not None:
            self._bias_at_start.setText(tr("at the start {first:+.3f}", first=bias_at_start))
        self._votes.setVisible(bool(names))
        self._votes.show_values(names, votes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back; the arrows move a cursor over the pixels."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif (move := moves.get(Qt.Key(event.key()))) is not None and self._image.isVisible():
            self._image.move_cursor(*move)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys: elsewhere in the window they take a training step."""
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape)
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in arrows
        ):
            event.accept()
            return True
        return super().event(event)

    def point_at(self, row: int, column: int) -> None:
        """Say which pixel is pointed at."""
        self.hovered.emit(self.index if row >= 0 else -1, row, column)


class _LargeImage(Guarded, QWidget):
    """The neuron's image, as large as there is room, with a frame around the pixel pointed at."""

    def __init__(self, view: NeuronView) -> None:
        super().__init__()
        self._view = view
        self._values: NDArray[np.floating] = np.zeros((1, 1), np.float32)
        self._limit = 1.0
        self._cursor = (-1, -1)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which pixels can be told apart."""
        return QSize(px(112), px(112))

    def show_image(self, values: NDArray[np.floating], limit: float) -> None:
        """Show values (rows, columns), where `limit` gets the full colour."""
        self._values, self._limit = values, limit
        self.update()

    def move_cursor(self, down: int, right: int) -> None:
        """Point at a neighbouring pixel; at the middle one first."""
        rows, columns = self._values.shape
        row, column = self._cursor if self._cursor[0] >= 0 else (rows // 2 - down, columns // 2 - right)
        self._point((row + down) % rows, (column + right) % columns)

    def _point(self, row: int, column: int) -> None:
        self._cursor = (row, column)
        self._view.point_at(row, column)
        self.update()

    def _place(self) -> QRect:
        rows, columns = self._values.shape
        scale = max(1, min((self.width() - 2) // columns, (self.height() - 2) // rows))
        return QRect(1, 1, columns * scale, rows * scale)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the pixel under the mouse."""
        place, (rows, columns) = self._place(), self._values.shape
        point = event.position().toPoint()
        if place.contains(point):
            scale = place.width() // columns
            self._point((point.y() - place.y()) // scale % rows, (point.x() - place.x()) // scale % columns)
        else:
            self._point(-1, -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(-1, -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image and the frame of the pixel pointed at."""
        with QPainter(self) as painter:
            place = self._place()
            painter.drawImage(place, indexed_image(quantise(self._values, self._limit)))
            painter.setPen(themes.current.color("border"))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
            row, column = self._cursor
            if row >= 0:
                scale = place.width() // self._values.shape[1]
                painter.setPen(themes.current.color("text"))
                painter.drawRect(place.x() + column * scale, place.y() + row * scale, scale - 1, scale - 1)
