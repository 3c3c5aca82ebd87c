"""Paints a network diagram: links under nodes, and what is pointed at before everything else."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap, QPolygonF

from micronn_core.common.texts import number, trn
from micronn_gui.theme import Theme, contrast, diverging_colors, number_font, quantise, text_font, themes
from micronn_gui.widgets.diagram.diagram_layout import (
    TALL_BOX,
    DiagramLayout,
    Link,
    Node,
    PlacedLink,
    Values,
    largest,
)
from micronn_gui.widgets.images.picture import ink_image

FADED_LINK, FADED_NODE = 0.14, 0.55
"""Opacity of what has nothing to do with the thing that is pointed at."""

FEW_LINKS = 20
"""So many links that are brought out have their values written on them,"""

LONG_LINK = 88.0
"""if they have this many pixels of room for it."""

CENTER, LEFT, RIGHT = (
    Qt.AlignmentFlag.AlignVCenter | way
    for way in (Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class DiagramPainter:
    """Paints one network in one theme.

    The images of a column have one scale. Lines with smooth edges take most of the time: they are
    kept as a pixmap, which is also what fades when something is pointed at.
    """

    def __init__(self, layout: DiagramLayout, backward: bool) -> None:
        self._layout = layout
        self._backward = backward
        self._images: dict[Node, QImage] = {}
        self._sheet = QPixmap()
        self._limits = [column.limit for column in layout.columns]
        shown = [(node.column, layout.columns[node.column], node.number) for node in layout.nodes]
        texts = [(i, column.names[k], short_text(float(column.values[k]))) for i, column, k in shown]
        self._signs = [
            (
                max((len(name) for at, name, _ in texts if at == i), default=0),
                max((len(value) for at, _, value in texts if at == i), default=0),
            )
            for i in range(len(layout.columns))
        ]
        self._image_limits = [0.0] * len(layout.columns)
        for i, column, k in shown:
            if column.images is not None:
                self._image_limits[i] = max(self._image_limits[i], largest(column.images[k]))

    def paint(self, painter: QPainter, pointed: Node | Link | None) -> None:
        """Paint; what is pointed at is brought out together with the ends of its links."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(FADED_LINK if pointed else 1.0)
        painter.drawPixmap(0, 0, self._all_links(painter.device().devicePixelRatio()))
        painter.setOpacity(1.0)
        links = self._layout.links
        if pointed:
            links = [placed for placed in links if pointed == placed.link or pointed in placed.link.ends]
            for placed in links:
                self._paint_link(painter, placed, thinnest=3.0 if placed.link == pointed else 1.0, palest=0.5)
        self._paint_words(painter)
        joined = {pointed, *(end for placed in links for end in placed.link.ends)}
        for node, box in self._layout.nodes.items():
            painter.setOpacity(1.0 if not pointed or node in joined else FADED_NODE)
            self._paint_node(painter, node, box, node == pointed)
        painter.setOpacity(1.0)
        if len(links) <= FEW_LINKS:
            for placed in links:
                if placed.link == pointed or placed.end.x() - placed.start.x() >= LONG_LINK:
                    _paint_value(painter, placed, _apart(placed.link, pointed))

    def _all_links(self, ratio: float) -> QPixmap:
        """Return the links as a pixmap."""
        if self._sheet.isNull() or self._sheet.devicePixelRatio() != ratio:
            self._sheet = QPixmap((self._layout.size * ratio).toSize())
            self._sheet.setDevicePixelRatio(ratio)
            self._sheet.fill(Qt.GlobalColor.transparent)
            with QPainter(self._sheet) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for placed in self._layout.links:
                    self._paint_link(painter, placed)
        return self._sheet

    def _paint_link(
        self, painter: QPainter, placed: PlacedLink, thinnest: float = 0.0, palest: float = 0.22
    ) -> None:
        color = themes.current.color("positive" if placed.share > 0 else "negative")
        color.setAlphaF(palest + (0.85 - palest) * abs(placed.share))
        width = max(placed.width, thinnest)
        pen = QPen(color, width, c=Qt.PenCapStyle.FlatCap)
        pen.setCosmetic(width <= 1)  # Qt is quicker at lines of one pixel
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(placed.path)
        size = 3 + width
        tip, back = (placed.start, size) if self._backward else (placed.end, -size)
        color.setAlphaF(1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(
            QPolygonF([tip, tip + QPointF(back, size * 0.6), tip + QPointF(back, -size * 0.6)])
        )

    def _paint_words(self, painter: QPainter) -> None:
        """Paint the titles, and how many nodes are not shown."""
        painter.setFont(text_font(12, QFont.Weight.Medium))
        painter.setPen(themes.current.color("soft"))
        for column, place in zip(self._layout.columns, self._layout.titles, strict=True):
            width = int(place.width()) - 4
            text = painter.fontMetrics().elidedText(column.title, Qt.TextElideMode.ElideRight, width)
            painter.drawText(place, CENTER, text)
        painter.setFont(text_font(11))
        painter.setPen(themes.current.color("faint"))
        for place, count in self._layout.more:
            text = trn("… {count:,} more", "… {count:,} more", count)
            painter.drawText(place, CENTER, text)

    def _paint_node(self, painter: QPainter, node: Node, box: QRectF, pointed: bool) -> None:
        theme, column = themes.current, self._layout.columns[node.column]
        name, value = column.names[node.number], float(column.values[node.number])
        limit = self._limits[node.column]
        painter.setPen(QPen(theme.color("accent"), 2) if pointed else QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(box, 6, 6)
        inside = box.adjusted(2, 2, -2, -2)
        if column.images is not None:
            side = min(inside.width(), inside.height())
            place = QRectF(inside.topLeft(), inside.topLeft() + QPointF(side, side))
            self._paint_image(painter, place, node, column.images)
            inside.setLeft(place.right() + 2)
        if node.column == len(self._layout.columns) - 1 and column.is_share:
            _paint_share(painter, inside.adjusted(4, 0, -4, 0), name, value, value == limit)
        elif not (column.is_picture and node.column == 0):
            fill = QColor.fromRgba(int(_colors(column.values[[node.number]], limit)[0]))
            _paint_chip(painter, inside, (name, short_text(value)), self._signs[node.column], fill)

    def _paint_image(self, painter: QPainter, place: QRectF, node: Node, images: Values) -> None:
        if node not in self._images:
            values = images[node.number]
            self._images[node] = (
                _weights(values, self._image_limits[node.column]) if node.column else ink_image(values)
            )
        image = self._images[node]
        # Enlarged pixels are squares; reduced ones are mixed, so that none is left out.
        smooth = place.width() * painter.device().devicePixelRatio() < 1.5 * image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, image)


def _apart(link: Link, pointed: Node | Link | None) -> float:
    """Return the place on a link, 0 to 1, where it lies apart from the others that are brought out."""
    left, right = link.ends
    if pointed == link:
        return 0.5
    return 0.8 if pointed == left else 0.2 if pointed == right else 0.3


def _paint_value(painter: QPainter, placed: PlacedLink, share: float) -> None:
    """Write what flows through a link on it."""
    text = short_text(placed.value)
    painter.setFont(number_font(11))
    place = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-4, -1, 4, 1)
    place.moveCenter(placed.path.pointAtPercent(share))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(themes.current.color("card"))
    painter.drawRoundedRect(place, 4, 4)
    painter.setPen(themes.current.color("text"))
    painter.drawText(place, CENTER, text)


def _weights(values: Values, limit: float) -> QImage:
    """Return weights, (rows, columns), in the diverging colours."""
    pixels = _colors(values, limit)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _colors(values: Values, limit: float) -> NDArray[np.uint32]:
    """Return the diverging colours of values; what is not finite has that of 0."""
    known = np.where(np.isfinite(values), values, 0.0)
    return _palette(themes.current)[quantise(known, limit)]


@functools.cache
def _palette(theme: Theme) -> NDArray[np.uint32]:
    return np.array(diverging_colors(theme), np.uint32)


def _paint_chip(
    painter: QPainter, place: QRectF, texts: tuple[str, str], signs: tuple[int, int], fill: QColor
) -> None:
    """Paint name and value on the value's colour.

    They stand one below the other, or side by side, or the name stands alone: as the longest texts
    of the column, which have so many signs, find room.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(place, 4, 4)
    theme = themes.current
    painter.setPen(max(theme.color("text"), theme.color("card"), key=lambda ink: contrast(ink, fill)))
    (name, value), tall = texts, place.height() >= TALL_BOX - 4
    sign = 0.61  # the width of a sign of the number font, as a share of its size
    size = min(
        12.0, place.height() / 2 - 2 if tall else place.height(), (place.width() - 4) / max(signs) / sign
    )
    if round(size) < 1:  # a wide picture leaves no room for words
        return
    bold, plain = number_font(size, QFont.Weight.Bold), number_font(size)
    painter.setFont(bold)
    if tall:
        half = place.height() / 2
        painter.drawText(place.adjusted(0, 1, 0, -half), CENTER, name)
        painter.setFont(plain)
        painter.drawText(place.adjusted(0, half, 0, -1), CENTER, value)
    elif (sum(signs) + 1) * size * sign <= place.width() - 8:
        painter.drawText(place.adjusted(4, 0, -4, 0), LEFT, name)
        painter.setFont(plain)
        painter.drawText(place.adjusted(4, 0, -4, 0), RIGHT, value)
    else:
        painter.drawText(place, CENTER, name)


def _paint_share(painter: QPainter, place: QRectF, name: str, share: float, wins: bool) -> None:
    """Paint the name, a bar where it finds room, and the number of a share."""
    theme = themes.current
    painter.setFont(
        number_font(min(12.0, place.height()), QFont.Weight.Bold if wins else QFont.Weight.Normal)
    )
    painter.setPen(theme.color("text"))
    painter.drawText(place, LEFT, name)
    painter.setPen(theme.color("text" if wins else "soft"))
    painter.drawText(place, RIGHT, number(share, ".3f"))
    metrics = painter.fontMetrics()
    before, after = metrics.horizontalAdvance(name) + 6, metrics.horizontalAdvance(number(0, ".3f")) + 6
    thick = min(8.0, place.height() / 3)
    track = QRectF(place.x() + before, place.center().y() - thick / 2, place.width() - before - after, thick)
    if track.width() < 2 * thick:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("border"))
    painter.drawRoundedRect(track, thick / 2, thick / 2)
    track.setWidth(max(2.0, track.width() * share))
    painter.setBrush(theme.color("accent" if wins else "faint"))
    radius = min(thick, track.width()) / 2
    painter.drawRoundedRect(track, radius, radius)


def short_text(value: float) -> str:
    """Return a number in at most six signs."""
    size = abs(value)
    if value == 0:
        text = "0"
    elif not math.isfinite(value):
        text = number(value, "g")
    elif 0.001 <= size < 1000:
        text = number(value, f".{3 if size < 0.1 else 2 if size < 100 else 0}f")
    else:
        digits, exponent = format(value, ".0e").split("e")
        text = f"{number(int(digits))}e{number(int(exponent))}"
    return text
