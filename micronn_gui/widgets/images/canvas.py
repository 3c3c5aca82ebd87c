"""The pad: a square to draw on, with strokes that follow the hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy

from micronn_core.common.texts import trn
from micronn_gui.theme import px, text_font, themes
from micronn_gui.widgets.images.pen_surface import PenSurface
from micronn_gui.widgets.images.picture import ink_image

Points = Sequence[Sequence[float]]
"""Points (x, y), or (x, y, pressure) from a pen that tells how hard it is pressed, 0 to 1."""


class PadStroke(NamedTuple):
    """A stroke as the pad shows it.

    Attributes:
        points: its points, close enough to each other for straight lines between them.
        width: of its brush, as a share of the pad's side.
        left_out: whether the network does not see it.
    """

    points: Points
    width: float = 0.06
    left_out: bool = False


GHOST = (
    (0.33, 0.26), (0.36, 0.08), (0.70, 0.08), (0.66, 0.30), (0.64, 0.42), (0.55, 0.45), (0.46, 0.45),
    (0.62, 0.45), (0.71, 0.53), (0.69, 0.66), (0.66, 0.86), (0.33, 0.86), (0.29, 0.67),
)  # fmt: skip
"""A faint 3 on the empty pad, which says what to draw and how large: Bézier curves, end to end."""

LIGHTEST = 0.4
"""Share of the brush's width that a pen draws without pressure; pressed at 0.6, it draws all of it."""

PIECE = 100
"""Parts of a path that are painted at a time."""


class DigitCanvas(PenSurface):
    """Shows strokes and says what the pen does; it keeps none of them.

    Coordinates run from 0 to 1 on both sides. Mouse, finger and pen draw alike.
    """

    cleared = Signal()

    def __init__(self, name: str, invitation: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._invitation = invitation
        self._ghost = False
        self._strokes: Sequence[PadStroke] = ()
        self._under: NDArray[np.floating] | None = None
        self._overlay: tuple[QImage, NDArray[np.floating], str] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size that is good to draw on."""
        return QSize(px(272), px(272))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(120), px(120))

    def use(self, eraser: bool = False) -> None:
        """Draw, or erase."""
        self._eraser = eraser

    def show_ghost(self, shown: bool) -> None:
        """Show a faint digit while the pad is empty, or none."""
        if shown is not self._ghost:
            self._ghost = shown
            self.update()

    def show_strokes(self, strokes: Sequence[PadStroke], under: NDArray[np.floating] | None = None) -> None:
        """Show strokes, over a picture, 0 (paper) to 1 (ink), if there is one."""
        self._strokes = strokes
        self._under = under
        description = trn("{count:,} stroke", "{count:,} strokes", len(strokes))
        if left_out := sum(stroke.left_out for stroke in strokes):
            description = trn(
                "{strokes}, {count:,} of them left out as a speck",
                "{strokes}, {count:,} of them left out as specks",
                left_out,
                strokes=description,
            )
        self.setAccessibleDescription(description)
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
        self._paint_pill(painter, QPointF(place.center().x(), place.bottom() - px(18)), caption)

    def _paint_pill(self, painter: QPainter, middle: QPointF, text: str) -> None:
        """Write a text on a ground of its own, inside the pad."""
        painter.setFont(text_font(12))
        place, width = self.place(), painter.fontMetrics().horizontalAdvance(text) + px(20)
        left = min(max(middle.x() - width / 2, place.left() + px(4)), place.right() - px(4) - width)
        pill = QRectF(left, middle.y() - px(11), width, px(22))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(themes.current.color("card"))
        painter.drawRoundedRect(pill, px(11), px(11))
        painter.setPen(themes.current.color("text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Delete clear."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pad and the strokes."""
        theme, place = themes.current, self.place()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "border"), 1))
            painter.setBrush(theme.color("field" if theme.name == "dark" else "card"))
            painter.drawRoundedRect(place, px(10), px(10))
            if self._under is not None:
                painter.drawImage(place.adjusted(2, 2, -2, -2), ink_image(self._under))
            elif not self._strokes:
                self._invite(painter, place)
            painter.setClipRect(place)
            self._paint_overlay(painter, place)
            for stroke in self._strokes:
                if not stroke.left_out:
                    self._paint_stroke(painter, stroke, place)
            self._paint_left_out(painter, place)

    def _invite(self, painter: QPainter, place: QRectF) -> None:
        """Say on the empty pad what to do, below a faint digit."""
        theme, below = themes.current, place
        if self._ghost:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                _pen(theme.color("field" if theme.name == "light" else "border"), 0.08 * place.width())
            )
            painter.drawPath(_ghost(place))
            below = place.adjusted(0, 0.86 * place.height(), 0, 0)
        painter.setPen(theme.color("faint"))
        painter.setFont(text_font(15))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._invitation)

    def _paint_stroke(self, painter: QPainter, stroke: PadStroke, place: QRectF) -> None:
        color, width = themes.current.color("text"), stroke.width * place.width()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(stroke.points[0]) == 2:
            painter.setPen(_pen(color, width))
            for path in _paths(stroke.points, place):
                painter.drawPath(path)
            return
        for before, after in pairwise((stroke.points[0], *stroke.points)):
            painter.setPen(_pen(color, width * (LIGHTEST + after[2])))
            painter.drawLine(_on(place, before), _on(place, after))

    def _paint_left_out(self, painter: QPainter, place: QRectF) -> None:
        """Draw what is left out as a dashed outline, and say beside it what it is."""
        left_out = [stroke for stroke in self._strokes if stroke.left_out]
        if not left_out:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(themes.current.color("faint"), 1.5, Qt.PenStyle.DashLine))
        for stroke in left_out:
            outline = QPainterPathStroker(_pen(QColor(), stroke.width * place.width()))
            for path in _paths(stroke.points, place):
                painter.drawPath(outline.createStroke(path).simplified())
        last = left_out[-1]
        beside = _on(place, last.points[-1])
        away = last.width * place.width() / 2 + px(17)
        at_the_edge = away + px(11)  # where the digit is not
        if beside.y() < place.center().y():
            beside.setY(beside.y() + (away if beside.y() - at_the_edge < place.top() else -away))
        else:
            beside.setY(beside.y() + (-away if beside.y() + at_the_edge > place.bottom() else away))
        text = trn("left out: a speck", "left out: {count:,} specks", len(left_out))
        self._paint_pill(painter, beside, text)


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _ghost(place: QRectF) -> QPainterPath:
    path = QPainterPath(_on(place, GHOST[0]))
    for i in range(1, len(GHOST), 3):
        path.cubicTo(*(_on(place, point) for point in GHOST[i : i + 3]))
    return path


def _on(place: QRectF, point: Sequence[float]) -> QPointF:
    return QPointF(place.x() + point[0] * place.width(), place.y() + point[1] * place.height())


def _paths(points: Points, place: QRectF) -> Iterator[QPainterPath]:
    """Yield the line through points, in pieces.

    Where a long path crosses itself, Qt takes more than twice the time for twice the points.
    """
    path = QPainterPath(_on(place, points[0]))
    if len(points) == 1:
        path.lineTo(path.currentPosition() + QPointF(0.01, 0))
    for point in points[1:]:
        if path.elementCount() >= PIECE:
            yield path
            path = QPainterPath(path.currentPosition())
        path.lineTo(_on(place, point))
    yield path
