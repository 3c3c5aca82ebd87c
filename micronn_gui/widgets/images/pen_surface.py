"""A square to write on with mouse, finger or pen: what each of their events means."""

from __future__ import annotations

import math
import time
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from micronn_gui.widgets.guard import Guarded

LEAST_MOVE = 0.002
"""Moves shorter than this share of the side are the hand's trembling."""

PEN_NEAR_S = 0.5
"""Seconds after the last word of a pen in which a touch is taken for the palm of the hand that holds it."""

TIP = Qt.MouseButton.LeftButton
"""The button that draws: a mouse's left one, and contact of a pen's tip or of its eraser."""


class Hand(Enum):
    """What draws."""

    MOUSE = auto()
    PEN = auto()
    TOUCH = auto()


class PenSurface(Guarded, QWidget):
    """Says what mouse, finger and pen do on a square, in coordinates that run from 0 to 1 on both sides.

    One hand draws at a time. A pen goes before all others: a palm that rests beside it does not draw,
    and what it had begun when the pen came down is withdrawn. Side buttons, of a mouse or of a pen, do
    not draw. The other end of a pen erases.
    """

    pen_down = Signal(float, float)
    pen_pressed = Signal(float, float, float)
    """As `pen_down`, by a pen that tells its pressure; so do then the points of `pen_moved`."""
    pen_moved = Signal(list)
    pen_up = Signal()
    """The end of a stroke, or of an erasing."""
    withdrawn = Signal()
    """The stroke under the pen was none: it was a palm's, or the system took the touch for itself."""
    erased = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setTabletTracking(True)  # a pen that hovers tells that it is near
        self._eraser = False
        self._hand: Hand | None = None
        self._finger = -1
        self._erasing = self._tells_pressure = False
        self._last: tuple[float, float] = (0.0, 0.0)
        self._pen_seen = -math.inf

    def place(self) -> QRectF:
        """Return where the square is."""
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    # -- mouse --

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down."""
        if event.button() is TIP and self._hand is None:
            self._press(Hand.MOUSE, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the pen."""
        if self._hand is Hand.MOUSE and event.buttons() & TIP:
            self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if self._hand is Hand.MOUSE and event.button() is TIP:
            self._release()

    # -- pen --

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a tablet's pen; its other end erases.

        Contact is what the tip's button says: some pens tell no pressure, and some a pressure of 0.
        """
        self._pen_seen = time.monotonic()
        match event.type():
            case QEvent.Type.TabletPress if event.button() is TIP:
                self._pen_press(event)
            case QEvent.Type.TabletMove if self._hand is Hand.PEN:
                touches = bool(event.buttons() & TIP) or event.pressure() > 0
                self._move(event.position(), event.pressure()) if touches else self._release()
            case QEvent.Type.TabletRelease if self._hand is Hand.PEN and event.button() is TIP:
                self._release()
        event.accept()  # or it would come once more, as a mouse's

    def _pen_press(self, event: QTabletEvent) -> None:
        if self._hand is Hand.TOUCH:
            self._withdraw()
        elif self._hand is not None:
            self._release()
        device = event.pointingDevice()
        tells = device.hasCapability(QInputDevice.Capability.Pressure) and event.pressure() > 0
        other_end = event.pointerType() is QPointingDevice.PointerType.Eraser
        self._press(Hand.PEN, event.position(), event.pressure() if tells else None, other_end)

    # -- finger --

    def event(self, event: QEvent) -> bool:
        """Draw with a finger, the first that touches."""
        if isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()  # or it would come once more, as a mouse's
            return True
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() is QEvent.Type.TouchCancel:
            if self._hand is Hand.TOUCH:
                self._withdraw()
            return
        for point in event.points():
            match point.state():
                case QEventPoint.State.Pressed if self._hand is None and not self._pen_is_near():
                    self._finger = point.id()
                    self._press(Hand.TOUCH, point.position())
                case QEventPoint.State.Updated if self._draws(point):
                    self._move(point.position())
                case QEventPoint.State.Released if self._draws(point):
                    self._move(point.position())
                    self._release()

    def _draws(self, point: QEventPoint) -> bool:
        return self._hand is Hand.TOUCH and point.id() == self._finger

    def _pen_is_near(self) -> bool:
        return time.monotonic() - self._pen_seen < PEN_NEAR_S

    # -- all of them --

    def _unit(self, position: QPointF) -> tuple[float, float]:
        place = self.place()
        x, y = (position.x() - place.x()) / place.width(), (position.y() - place.y()) / place.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def _press(
        self, hand: Hand, position: QPointF, pressure: float | None = None, other_end: bool = False
    ) -> None:
        self._hand, self._last = hand, self._unit(position)
        self._erasing, self._tells_pressure = self._eraser or other_end, pressure is not None
        if self._erasing:
            self.erased.emit(*self._last)
        elif pressure is not None:
            self.pen_pressed.emit(*self._last, pressure)
        else:
            self.pen_down.emit(*self._last)

    def _move(self, position: QPointF, pressure: float = 0.0) -> None:
        point = self._unit(position)
        if max(abs(point[0] - self._last[0]), abs(point[1] - self._last[1])) < LEAST_MOVE:
            return
        self._last = point
        if self._erasing:
            self.erased.emit(*point)
        else:
            self.pen_moved.emit([(*point, pressure) if self._tells_pressure else point])

    def _release(self) -> None:
        self._hand = None
        self.pen_up.emit()

    def _withdraw(self) -> None:
        self._hand = None
        (self.pen_up if self._erasing else self.withdrawn).emit()
