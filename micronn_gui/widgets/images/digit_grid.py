"""Small pictures of digits in rows, each with its label and what the network reads in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.digit_keys import plain_digit
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.picture import ink_image

SIDES = (112, 84, 56)
"""Sides of a picture in pixels, of which the first is taken that lets all be seen, else the last."""
BESIDE = 72
"""Room for the words beside a picture."""
GAP = 10
"""Pixels between two cells."""

Pictures = NDArray[np.uint8]


class DigitGrid(Guarded, QScrollArea):
    """Shows labelled pictures, of which one can be selected by mouse or keys."""

    selected_changed = Signal()
    relabelled = Signal(int)
    """The selected digit is to have this label: its key was pressed."""
    deleted = Signal()
    """The selected digit is to be deleted: Delete was pressed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(px(SIDES[-1] + GAP))
        self.canvas = _Canvas(self)
        self.canvas.setAccessibleName(name)
        self.setWidget(self.canvas)

    @property
    def selected(self) -> int:
        """The digit with the frame around it, or -1."""
        return self.canvas.selected

    def select(self, i: int) -> None:
        """Put the frame around a digit and scroll to it; -1 for none."""
        canvas = self.canvas
        i = min(i, len(canvas.labels) - 1)
        if i >= 0:
            cell = canvas.cell(i)
            self.ensureVisible(cell.center().x(), cell.center().y(), 0, cell.height() // 2 + px(GAP))
        if i != canvas.selected:
            canvas.selected = i
            canvas.update()
            self.selected_changed.emit()

    def show_digits(self, pictures: Pictures, labels: Sequence[int]) -> None:
        """Show pictures, (n, rows, columns), 0 (paper) to 255 (ink), and the label of each."""
        self.canvas.show_digits(pictures, labels)

    def show_answers(self, answers: Sequence[int] | None) -> None:
        """Show what the network reads in each of them, if there is a network."""
        self.canvas.show_answers(answers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cells out anew."""
        super().resizeEvent(event)
        self.canvas.lay_out()


class _Canvas(Guarded, QWidget):
    """What scrolls: it paints those cells that are in sight."""

    def __init__(self, grid: DigitGrid) -> None:
        super().__init__()
        self._grid = grid
        self._pictures: Pictures = np.zeros((0, 28, 28), np.uint8)
        self._inks: dict[int, QImage] = {}
        self.labels: Sequence[int] = ()
        self._answers: Sequence[int] | None = None
        self.selected = -1
        self._side = px(SIDES[-1])
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self._forget_inks)

    def show_digits(self, pictures: Pictures, labels: Sequence[int]) -> None:
        """Take over other pictures."""
        self._pictures, self.labels, self._answers = pictures, labels, None
        self.lay_out()
        self._forget_inks()

    def show_answers(self, answers: Sequence[int] | None) -> None:
        """Take over other answers."""
        if answers != self._answers:
            self._answers = answers
            self.update()

    def _forget_inks(self) -> None:
        self._inks.clear()
        self.update()

    @property
    def columns(self) -> int:
        """How many digits stand side by side."""
        return _columns(self._grid.viewport().width(), self._side)

    def lay_out(self) -> None:
        """Choose the size of the pictures, and make the area as high as the rows need."""
        room = self._grid.maximumViewportSize()
        sides = [px(side) for side in SIDES]
        fitting = (
            side for side in sides if self._height(_columns(room.width(), side), side) <= room.height()
        )
        self._side = next(fitting, sides[-1])
        self.setMinimumHeight(self._height(self.columns, self._side))
        self.update()

    def _height(self, columns: int, side: int) -> int:
        rows = -(-len(self.labels) // columns)
        return max(0, rows * (side + px(GAP)) - px(GAP) + 4)

    def cell(self, i: int) -> QRect:
        """Return where digit i lies."""
        row, column = divmod(i, self.columns)
        across = (self._grid.viewport().width() - 2 + px(GAP)) // self.columns
        top = 2 + row * (self._side + px(GAP))
        return QRect(2 + column * across, top, self._side + px(BESIDE), self._side)

    def _at(self, place: QPoint) -> int:
        return next((i for i in range(len(self.labels)) if self.cell(i).contains(place)), -1)

    # -- mouse and keys --

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what was clicked."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grid.select(self._at(event.position().toPoint()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys act, for whoever came by Tab."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._grid.select(max(0, self.selected))

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here: elsewhere in the window they mean something else."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._meaning(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def _meaning(self, event: QKeyEvent) -> int | str | None:
        """Return what a key asks for: a digit to select, a label, "delete", or "" for nothing.

        None is for keys that mean nothing here.
        """
        last = len(self.labels) - 1
        if last < 0:
            return None
        here = self.selected
        places = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Up: here - self.columns,
            Qt.Key.Key_Down: here + self.columns if here >= 0 else 0,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in places:
            return min(max(places[key], 0), last)
        if here >= 0 and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return "" if event.isAutoRepeat() else "delete"  # a key held down deletes one
        digit = plain_digit(event)
        return str(digit) if here >= 0 and digit is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the frame by the arrow keys; a digit is the new label; Delete deletes; Esc selects none."""
        match self._meaning(event):
            case int() as i:
                self._grid.select(i)
            case "delete":
                self._grid.deleted.emit()
            case str() as label:
                if label:
                    self._grid.relabelled.emit(int(label))
            case _ if event.key() == Qt.Key.Key_Escape and self.selected >= 0:
                self._grid.select(-1)
            case _:
                super().keyPressEvent(event)

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pitch = self._side + px(GAP)
            first = max(0, event.rect().top() // pitch) * self.columns
            last = min(len(self.labels), (event.rect().bottom() // pitch + 1) * self.columns)
            for i in range(first, last):
                self._paint(painter, i)

    def _paint(self, painter: QPainter, i: int) -> None:
        theme, cell = themes.current, self.cell(i)
        answer = None if self._answers is None else self._answers[i]
        wrong = answer is not None and answer != self.labels[i]
        frame = QRectF(cell.x(), cell.y(), self._side, self._side).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = i == self.selected
        role = "accent" if chosen else "negative" if wrong else "border"
        painter.setPen(QPen(theme.color(role), 2 if chosen else 1))
        painter.setBrush(theme.color("field" if theme.name == "dark" else "card"))
        painter.drawRoundedRect(frame, px(6), px(6))
        if i not in self._inks:
            self._inks[i] = ink_image(self._pictures[i] / np.float32(255))
        painter.drawImage(frame.adjusted(3, 3, -3, -3), self._inks[i])
        words = QRect(frame.toRect().right() + px(8), cell.center().y() - px(22), px(BESIDE - 8), px(24))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("text"))
        painter.setFont(number_font(17, QFont.Weight.Bold))
        painter.drawText(words, flags, str(self.labels[i]))
        if answer is not None:
            text = tr("✗ reads {answer}", answer=answer) if wrong else tr("✓ right")
            painter.setPen(theme.color("text" if wrong else "soft"))
            painter.setFont(text_font(12, QFont.Weight.DemiBold if wrong else QFont.Weight.Normal))
            painter.drawText(words.translated(0, px(22)), flags, text)

    def sizeHint(self) -> QSize:
        """Return room for two rows of three."""
        return QSize(px(3 * (SIDES[-1] + BESIDE + GAP)), px(2 * (SIDES[-1] + GAP)))


def _columns(width: int, side: int) -> int:
    return max(1, (width - 2 + px(GAP)) // (side + px(BESIDE + GAP)))
