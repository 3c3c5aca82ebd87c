"""A slider over the life of something that is still growing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px, text_font, themes
from micronn_gui.widgets.guard import Guarded

MARGIN = 28
"""Pixels left and right of the track: half of the widest bubble."""
NEAR = 6
"""Pixels from a mark within which its words are its tip."""


class Timeline(Guarded, QWidget):
    """Shows how far something has come and which moment of it is shown.

    Dragging, or the arrow keys, seek; the bubble says LIVE while the newest moment is shown.
    Clicking the mark of the newest moment, or End, goes back to live.
    """

    sought = Signal(float)
    """Somebody wants to see this moment."""
    neighbour_sought = Signal(int)
    """Somebody wants to see the moment before (-1) or after (+1)."""
    live_sought = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._total = 1.0
        self._newest = 0.0
        self._shown = 0.0
        self._live = True
        self._bubble = ""
        self._events: tuple[tuple[float, str], ...] = ()
        self._live_text = tr("LIVE")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size at which everything is legible."""
        return QSize(px(400), px(52))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(120), px(52))

    def show_state(self, total: float, newest: float, shown: float, live: bool, bubble: str) -> None:
        """Show a state.

        Args:
            total: where the track ends.
            newest: how far it has come.
            shown: the moment that is shown.
            live: whether that is the newest, now and later.
            bubble: what the bubble says where it is not live.
        """
        self._total, self._newest, self._shown = max(total, newest, 1e-9), newest, shown
        self._live, self._bubble = live, bubble
        self.setAccessibleDescription(self._live_text if live else bubble)
        self.update()

    def show_events(self, events: Sequence[tuple[float, str]]) -> None:
        """Mark moments at which something happened, and say what in the tip of each mark."""
        if tuple(events) != self._events:
            self._events = tuple(events)
            self.update()

    def event_at(self, x: float) -> str:
        """Return what happened at a place, "" if nothing did."""
        near = [(abs(self._x(moment) - x), text) for moment, text in self._events]
        distance, text = min(near, default=(math.inf, ""))
        return text if distance <= px(NEAR) else ""

    # -- mouse and keys --

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to where the mouse is, or go live on the newest moment's mark."""
        if event.button() is Qt.MouseButton.LeftButton:
            if not self._live and self._live_mark().contains(event.position()):
                self.live_sought.emit()
            else:
                self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek while dragging."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position())

    def _seek(self, position: QPointF) -> None:
        fraction = (position.x() - px(MARGIN)) / max(1, self.width() - 2 * px(MARGIN))
        moment = min(max(fraction, 0.0), 1.0) * self._total
        if moment >= self._newest:
            self.live_sought.emit()
        else:
            self.sought.emit(moment)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys, which elsewhere take a training step; say what happened at a mark."""
        if isinstance(event, QHelpEvent) and (text := self.event_at(event.pos().x())):
            QToolTip.showText(event.globalPos(), text, self)
            return True
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Seek by keys: arrows to the neighbours, Home to the start, End to live."""
        match event.key():
            case Qt.Key.Key_Left:
                self.neighbour_sought.emit(-1)
            case Qt.Key.Key_Right:
                self.neighbour_sought.emit(1)
            case Qt.Key.Key_Home:
                self.sought.emit(0.0)
            case Qt.Key.Key_End:
                self.live_sought.emit()
            case _:
                super().keyPressEvent(event)

    # -- painting --

    def _x(self, moment: float) -> float:
        return px(MARGIN) + (self.width() - 2 * px(MARGIN)) * min(moment / self._total, 1.0)

    def _track(self) -> float:
        return px(32)

    def _live_mark(self) -> QRectF:
        return QRectF(self._x(self._newest) - px(22), px(2), px(44), px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track, how far it has come, the handle and the bubble."""
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            y = self._track()
            left, right, thick = self._x(0), self._x(self._total), px(4)
            for role, end in (
                ("border", right),
                ("faint", self._x(self._newest)),
                ("accent", self._x(self._shown)),
            ):
                painter.setBrush(theme.color(role))
                painter.drawRoundedRect(QRectF(left, y - thick / 2, end - left, thick), thick / 2, thick / 2)
            painter.setBrush(theme.color("text"))
            for moment, _ in self._events:
                painter.drawRect(QRectF(self._x(moment) - 1, y - px(6), 2, px(12)))
            self._paint_bubbles(painter)
            painter.setPen(theme.color("accent"))
            pen = painter.pen()
            pen.setWidthF(3 if self.hasFocus() else 2)
            painter.setPen(pen)
            painter.setBrush(theme.color("card"))
            painter.drawEllipse(QPointF(self._x(self._shown), y), px(7), px(7))

    def _paint_bubbles(self, painter: QPainter) -> None:
        theme = themes.current
        painter.setFont(text_font(12, text_font().Weight.Bold))
        if self._live:
            bubbles = [(self._x(self._newest), self._live_text, "accent", "accent_text")]
        else:
            here, newest = self._x(self._shown), self._x(self._newest)
            bubbles = [(newest, self._live_text, "accent_soft", "accent")]
            # The two must not cover each other: the shown one gives way to the left.
            width = painter.fontMetrics().horizontalAdvance(self._bubble) + px(16)
            bubbles.append((min(here, newest - width / 2 - px(28)), self._bubble, "accent", "accent_text"))
        for x, text, back, front in bubbles:
            width = painter.fontMetrics().horizontalAdvance(text) + px(16)
            box = QRectF(min(max(x - width / 2, 0), self.width() - width), px(2), width, px(18))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(back))
            painter.drawRoundedRect(box, px(9), px(9))
            painter.setPen(theme.color(front))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
