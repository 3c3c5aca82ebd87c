"""A square to draw on: strokes that follow the hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QTabletEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import trn
from micronn_gui.theme import text_font, themes
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.picture import ink_image

Stroke = Sequence[tuple[float, ...]]
"""Points (x, y), or (x, y, pressure) from a pen that tells how hard it is pressed, 0 to 1."""

LEAST_MOVE = 0.002
"""Moves shorter than this share of the side are the hand's trembling."""

LIGHTEST = 0.4
"""Share of the brush's width that a pen draws without pressure; pressed at 0.6, it draws all of it."""

PIECE = 100
"""Parts of a path that are painted at a time."""


class DigitCanvas(Guarded, QWidget):
    """Shows strokes and says what the pen does; it keeps none of them.

    Coordinates run from 0 to 1 on both sides. Mouse, finger and pen draw alike.
    """

    pen_down = Signal(float, float)
    pen_pressed = Signal(float, float, float)
    """As `pen_down`, by a pen that tells its pressure; so do then the points of `pen_moved`."""
    pen_moved = Signal(list)
    pen_up = Signal()
    """The end of a stroke, or of an erasing."""
    erased = Signal(float, float)
    cleared = Signal()

    def __init__(self, name: str, invitation: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._invitation = invitation
        self._strokes: Sequence[Stroke] = ()
        self._under: NDArray[np.floating] | None = None
        self._overlay: tuple[QImage, NDArray[np.floating], str] | None = None
        self._down = self._erasing = False
        self._last: tuple[float, ...] = (0.0, 0.0)
        self._eraser = False
        self._brush = 0.06
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        themes.changed.connect(self.update)

    def heightForWidth(self, width: int) -> int:
        """Return the width: the pad is square."""
        return width

    def sizeHint(self) -> QSize:
        """Return a size that is good to draw on."""
        return QSize(272, 272)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(120, 120)

    def use(self, brush: float, eraser: bool = False) -> None:
        """Draw with a brush of this width, as a share of the side, or erase."""
        self._brush, self._eraser = brush, eraser
        self.update()

    def show_strokes(self, strokes: Sequence[Stroke], under: NDArray[np.floating] | None = None) -> None:
        """Show strokes, over a picture, 0 (paper) to 1 (ink), if there is one."""
        self._strokes = strokes
        self._under = under
        self.setAccessibleDescription(trn("{count:,} stroke", "{count:,} strokes", len(strokes)))
        self.update()

    def show_overlay(
        self, image: QImage | None, way: NDArray[np.floating] | None = None, caption: str = ""
    ) -> None:
        """Lay an image between paper and strokes, or take it away.

        Args:
            image: the image.
            way: the affine map, (2, 3), from a place on the pad to its pixel in the image.
            caption: what it means, for the pad's lower edge.
        """
        overlay = None if image is None or way is None else (image, way, caption)
        if overlay is not self._overlay:
            self._overlay = overlay
            self.update()

    def _paint_overlay(self, painter: QPainter, place: QRectF) -> None:
        if self._overlay is None:
            return
        image, way, caption = self._overlay
        (a, b, c), (d, e, f) = way.tolist()
        to_image = QTransform(a, d, b, e, c + 0.5, f + 0.5)  # pixels are counted from their middles
        back, possible = to_image.inverted()
        if possible:
            painter.save()
            painter.translate(place.topLeft())
            painter.scale(place.width(), place.height())
            painter.setTransform(back, combine=True)
            painter.drawImage(QRectF(0, 0, image.width(), image.height()), image)
            painter.restore()
        self._paint_caption(painter, place, caption)

    def _paint_caption(self, painter: QPainter, place: QRectF, caption: str) -> None:
        painter.setFont(text_font(11))
        width = painter.fontMetrics().horizontalAdvance(caption) + 20
        pill = QRectF(place.center().x() - width / 2, place.bottom() - 26, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(themes.current.color("card"))
        painter.drawRoundedRect(pill, 10, 10)
        painter.setPen(themes.current.color("text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, caption)

    def _place(self) -> QRectF:
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _unit(self, position: QPointF) -> tuple[float, float]:
        place = self._place()
        x, y = (position.x() - place.x()) / place.width(), (position.y() - place.y()) / place.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- mouse, pen and keys --

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the pen."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._release()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a tablet's pen; its other end erases."""
        match event.type():
            case QEvent.Type.TabletPress:
                self._press(
                    event.position(),
                    event.pressure(),
                    other_end=event.pointerType() is QPointingDevice.PointerType.Eraser,
                )
            case QEvent.Type.TabletMove if event.pressure() > 0:
                self._move(event.position(), event.pressure())
            case QEvent.Type.TabletRelease:
                self._release()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Delete clear."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def _press(self, position: QPointF, *pressure: float, other_end: bool = False) -> None:
        self._last = self._unit(position)
        self._down, self._erasing = True, self._eraser or other_end
        if self._erasing:
            self.erased.emit(*self._last)
        elif pressure:
            self.pen_pressed.emit(*self._last, *pressure)
        else:
            self.pen_down.emit(*self._last)

    def _move(self, position: QPointF, *pressure: float) -> None:
        point = self._unit(position)
        far = max(abs(point[0] - self._last[0]), abs(point[1] - self._last[1])) >= LEAST_MOVE
        if not (self._down and far):
            return
        self._last = point
        if self._erasing:
            self.erased.emit(*point)
        else:
            self.pen_moved.emit([(*point, *pressure)])

    def _release(self) -> None:
        if self._down:
            self._down = False
            self.pen_up.emit()

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pad and the strokes."""
        theme, place = themes.current, self._place()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "border"), 1))
            painter.setBrush(theme.color("field" if theme.name == "dark" else "card"))
            painter.drawRoundedRect(place, 10, 10)
            if self._under is not None:
                painter.drawImage(place.adjusted(2, 2, -2, -2), ink_image(self._under))
            elif not self._strokes:
                painter.setPen(theme.color("faint"))
                painter.setFont(text_font(15))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._invitation)
            painter.setClipRect(place)
            self._paint_overlay(painter, place)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for stroke in self._strokes:
                self._paint_stroke(painter, stroke, place)

    def _paint_stroke(self, painter: QPainter, stroke: Stroke, place: QRectF) -> None:
        color, width = themes.current.color("text"), self._brush * place.width()
        if len(stroke[0]) == 2:
            painter.setPen(self._pen(color, width))
            for path in _paths(stroke, place):
                painter.drawPath(path)
            return
        for before, after in pairwise((stroke[0], *stroke)):
            painter.setPen(self._pen(color, width * (LIGHTEST + after[2])))
            painter.drawLine(_on(place, before), _on(place, after))

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen


def _on(place: QRectF, point: Sequence[float]) -> QPointF:
    return QPointF(place.x() + point[0] * place.width(), place.y() + point[1] * place.height())


def _paths(stroke: Stroke, place: QRectF) -> Iterator[QPainterPath]:
    """Yield a smooth line through a stroke, in pieces: curves between the middles of its parts.

    Where a long path crosses itself, Qt takes more than twice the time for twice the points.
    """
    points = [_on(place, point) for point in stroke]
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.01, 0))
    for here, after in pairwise(points[1:]):
        if path.elementCount() >= PIECE:
            yield path
            path = QPainterPath(path.currentPosition())
        path.quadTo(here, (here + after) / 2)
    if len(points) > 1:
        path.lineTo(points[-1])
    yield path
