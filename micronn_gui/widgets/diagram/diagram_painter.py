"""Paints a network diagram: links under nodes, and what is pointed at before everything else."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap, QPolygonF

from micronn_core.common.texts import number, trn
from micronn_gui.theme import (
    Theme,
    diverging_colors,
    number_font,
    px,
    quantise,
    text_font,
    text_size,
    themes,
)
from micronn_gui.widgets.diagram.diagram_layout import (
    DiagramColumn,
    DiagramLayout,
    Link,
    Node,
    PlacedLink,
    Values,
    largest,
)
from micronn_gui.widgets.images.picture import ink_image

FADED_NODE, EMPTY_NODE = 0.55, 0.6
"""Opacity of what has nothing to do with the thing that is pointed at, and of what comes later."""

FAINT, PALE, CLEAR = 0.1, 0.3, 0.85
"""Opacity of the strongest link: where it does not matter, where it is no longer told, and where it is."""

UNSEEN = 0.15
"""Share below which a link that is not told of could hardly be seen: it is not painted."""

TINT = 0.5
"""How much of its colour the box of the largest value takes."""

FEW_LINKS = 20
"""So many links that are brought out have their values written on them,"""

LONG_LINK = 88
"""if they have this many pixels of room for it."""

RADIUS, PAD, WORDS = 7, 4, 12
"""Of a box: its corners, what is left free inside, and the size of its words, in pixels."""

WORDS_GROW = 0.6
"""How much of a large page's growth the words take part in."""

SIGN = 0.61
"""The width of a sign of the font for numbers, as a share of its size."""

CENTER, LEFT, RIGHT = (
    Qt.AlignmentFlag.AlignVCenter | way
    for way in (Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class DiagramPainter:
    """Paints one network in one theme.

    The images of a column have one scale. Lines with smooth edges take most of the time: they are
    kept as a pixmap, which is also what fades when something is pointed at.

    Args:
        layout: where everything lies.
        backward: whether what is told now flows from right to left, which heads of arrows show.
        focus: the node that is told of: it is framed, and links other than its own do not matter.
    """

    def __init__(self, layout: DiagramLayout, backward: bool, focus: Node | None = None) -> None:
        self._layout = layout
        self._backward, self._focus = backward, focus
        self._words = WORDS * (1 + WORDS_GROW * (layout.grow - 1))
        self._images: dict[Node, QImage] = {}
        self._sheet = QPixmap()
        self._limits = [column.limit for column in layout.columns]
        shares = [column.bars and column.is_share for column in layout.columns]
        self._full = [1.0 if share else limit for share, limit in zip(shares, self._limits, strict=True)]
        specs = [".3f" if share else _spec(limit) for share, limit in zip(shares, self._limits, strict=True)]
        self._shares = shares
        self._texts = {
            node: _value_text(float(layout.columns[node.column].values[node.number]), specs[node.column])
            for node in layout.nodes
        }
        self._signs = [self._longest(i) for i in range(len(layout.columns))]
        self._image_limits = [
            _limit_of(column.images) if i and column.images is not None else 0.0
            for i, column in enumerate(layout.columns)
        ]

    def _longest(self, i: int) -> tuple[int, int]:
        """Return how many signs the longest name and the longest value of a column have."""
        names = self._layout.columns[i].names
        signs = [(len(names[n.number]), len(text)) for n, text in self._texts.items() if n.column == i]
        return max((name for name, _ in signs), default=0), max((value for _, value in signs), default=0)

    def paint(self, painter: QPainter, pointed: Node | Link | None) -> None:
        """Paint; what is pointed at is brought out together with the ends of its links."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.2 if pointed else 1.0)
        painter.drawPixmap(0, 0, self._all_links(painter.device().devicePixelRatio()))
        painter.setOpacity(1.0)
        links = self._layout.links
        if pointed:
            links = [placed for placed in links if pointed == placed.link or pointed in placed.link.ends]
            for placed in links:
                self._paint_link(painter, placed, CLEAR, thinnest=3.0 if placed.link == pointed else 1.0)
        self._paint_more(painter)
        joined = {pointed, *(end for placed in links for end in placed.link.ends)}
        for node, box in self._layout.nodes.items():
            painter.setOpacity(1.0 if not pointed or node in joined else FADED_NODE)
            self._paint_node(painter, node, box, node == pointed)
        painter.setOpacity(1.0)
        for placed in links if len(links) <= FEW_LINKS else ():
            if placed.link == pointed or self._has_room(placed):
                _paint_value(painter, placed, _apart(placed.link, pointed))

    def _has_room(self, placed: PlacedLink) -> bool:
        """Return whether a number is to stand on a link; those of a picture begin in one point."""
        length = placed.end.x() - placed.start.x()
        pictured = self._layout.columns[placed.link.column].is_picture
        return length >= px(LONG_LINK) and not pictured and self._clearness(placed.link) >= CLEAR

    def _all_links(self, ratio: float) -> QPixmap:
        """Return the links as a pixmap, those that matter over the others."""
        if self._sheet.isNull() or self._sheet.devicePixelRatio() != ratio:
            self._sheet = QPixmap((self._layout.size * ratio).toSize())
            self._sheet.setDevicePixelRatio(ratio)
            self._sheet.fill(Qt.GlobalColor.transparent)
            with QPainter(self._sheet) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                clearness = [(self._clearness(placed.link), placed) for placed in self._layout.links]
                for clear, placed in sorted(clearness, key=lambda each: each[0]):
                    if clear == CLEAR or abs(placed.share) >= UNSEEN:
                        self._paint_link(painter, placed, clear)
        return self._sheet

    def _clearness(self, link: Link) -> float:
        """Return how clear a link is to be seen, as it matters to what is told."""
        column = self._layout.columns[link.column]
        own = self._focus is None or self._focus in link.ends or (link.column == 0 and column.is_picture)
        if not self._layout.lit[link.column]:
            return PALE if own else FAINT
        return CLEAR if own else FAINT

    def _paint_link(self, painter: QPainter, placed: PlacedLink, clear: float, thinnest: float = 0.0) -> None:
        color = themes.current.color("positive" if placed.share > 0 else "negative")
        color.setAlphaF(clear * (0.25 + 0.75 * abs(placed.share)))
        width = max(placed.width, thinnest)
        pen = QPen(color, width, c=Qt.PenCapStyle.FlatCap)
        pen.setCosmetic(width <= 1)  # Qt is quicker at lines of one pixel
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(placed.path)
        if self._backward and self._layout.lit[placed.link.column]:
            size, tip = 3 + width, placed.start
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawPolygon(
                QPolygonF([tip, tip + QPointF(size, size * 0.6), tip + QPointF(size, -size * 0.6)])
            )

    def _paint_more(self, painter: QPainter) -> None:
        """Say how many nodes are not shown."""
        painter.setFont(text_font(12))
        painter.setPen(themes.current.color("faint"))
        for place, count in self._layout.more:
            text = trn("… {count:,} more", "… {count:,} more", count)
            painter.drawText(place, CENTER, text)

    def _paint_node(self, painter: QPainter, node: Node, box: QRectF, pointed: bool) -> None:
        theme, column = themes.current, self._layout.columns[node.column]
        wins = column.winner == node.number and not column.empty
        if column.empty and not pointed:
            painter.setOpacity(painter.opacity() * EMPTY_NODE)
        frame = "accent" if pointed or wins else "text" if node == self._focus else "border"
        painter.setPen(QPen(theme.color(frame), 1 if frame == "border" else 2))
        painter.setBrush(self._tint(node, column))
        painter.drawRoundedRect(box, px(RADIUS), px(RADIUS))
        pad = min(px(PAD) * self._layout.grow, box.height() / 8)
        inside = box.adjusted(pad, pad, -pad, -pad)
        if column.images is not None and not self._needs_all(node, inside, pad):
            side = min(inside.width(), inside.height())
            place = QRectF(inside.topLeft(), inside.topLeft() + QPointF(side, side))
            self._paint_image(painter, place, node, column.images)
            inside.setLeft(place.right() + pad)
        if column.is_picture and node.column == 0:
            return
        name = column.names[node.number]
        value = "" if column.empty else self._texts[node]
        inside.adjust(pad, 0, -pad, 0)
        if column.bars and not column.empty:
            self._paint_bar(painter, inside, node, wins)
        else:
            _paint_words(painter, inside, (name, value), self._signs[node.column], self._words)

    def _needs_all(self, node: Node, inside: QRectF, pad: float) -> bool:
        """Return whether name and value find room in a box only if there is no picture beside them."""
        column = self._layout.columns[node.column]
        if column.empty or (column.is_picture and node.column == 0):
            return False
        needed = _beside(self._signs[node.column], self._words)
        room, picture = inside.width() - 2 * pad, min(inside.width(), inside.height()) + pad
        return room - picture < needed <= room

    def _tint(self, node: Node, column: DiagramColumn) -> QColor:
        """Return the colour of a box: the more of its value's, the larger that is."""
        card, value = themes.current.color("card"), float(column.values[node.number])
        limit = self._limits[node.column]
        if column.empty or column.bars or column.is_picture or not limit or not math.isfinite(value):
            return card
        share = TINT * min(abs(value) / limit, 1.0)
        full = themes.current.color("positive" if value > 0 else "negative")
        parts = zip(card.getRgb()[:3], full.getRgb()[:3], strict=True)  # type: ignore[index]
        return QColor(*(round(back + share * (front - back)) for back, front in parts))

    def _paint_bar(self, painter: QPainter, place: QRectF, node: Node, wins: bool) -> None:
        """Paint the name, a bar where it finds room, and the value."""
        theme, column = themes.current, self._layout.columns[node.column]
        painter.setFont(number_font(self._words, QFont.Weight.Bold if wins else QFont.Weight.Normal))
        painter.setPen(theme.color("text"))
        metrics = painter.fontMetrics()
        signs, apart = self._signs[node.column], px(8) * self._layout.grow
        for_value = signs[1] * metrics.horizontalAdvance("0") + apart
        alone = place.width() < for_value + 2 * metrics.horizontalAdvance("0")
        wanted = signs[0] * metrics.horizontalAdvance("0") + apart
        for_name = min(wanted, place.width() - (0 if alone else for_value))
        name = metrics.elidedText(column.names[node.number], Qt.TextElideMode.ElideRight, int(for_name))
        painter.drawText(place, LEFT, name)
        if alone:
            return
        painter.drawText(place, RIGHT, self._texts[node])
        thick = min(px(8) * self._layout.grow, place.height() / 3)
        track = QRectF(
            place.x() + for_name, place.center().y() - thick / 2, place.width() - for_name - for_value, thick
        )
        if track.width() >= 2 * thick:
            self._paint_track(painter, track, node, wins)

    def _paint_track(self, painter: QPainter, track: QRectF, node: Node, wins: bool) -> None:
        """Paint a bar: a share from the left end of its track, else from the middle, to the left below 0."""
        theme, value = themes.current, float(self._layout.columns[node.column].values[node.number])
        full, radius = self._full[node.column], track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("field" if theme.name == "light" else "border"))
        painter.drawRoundedRect(track, radius, radius)
        share, bar = self._shares[node.column], QRectF(track)
        if not share:
            zero = QRectF(round(track.center().x()), track.y() - radius, 1, 4 * radius)
            painter.fillRect(zero, theme.color("faint"))
        if not full or not value or not math.isfinite(value):
            return
        bar.setWidth(max(2.0, track.width() / (1 if share else 2) * min(abs(value) / full, 1.0)))
        if not share:
            bar.moveLeft(track.center().x() - (bar.width() if value < 0 else 0))
        role = "accent" if wins else "faint"
        painter.setBrush(theme.color(role if share else "positive" if value > 0 else "negative"))
        radius = min(track.height(), bar.width()) / 2
        painter.drawRoundedRect(bar, radius, radius)

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
    return 0.8 if pointed == left else 0.2 if pointed == right else 0.42


def _paint_value(painter: QPainter, placed: PlacedLink, share: float) -> None:
    """Write what flows through a link on it."""
    text = short_text(placed.value)
    painter.setFont(number_font(WORDS))
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


def _paint_words(
    painter: QPainter, place: QRectF, texts: tuple[str, str], signs: tuple[int, int], size: float = WORDS
) -> None:
    """Paint name and value.

    They stand side by side, or one below the other, or the name stands alone: as the longest texts
    of the column, which have so many signs, find room.
    """
    sign, line = size * SIGN * text_size.factor, size * 1.2 * text_size.factor
    if place.width() < 2 * sign or place.height() < 0.8 * line:
        return  # a wide picture leaves no room for words
    (name, value), theme = texts, themes.current
    painter.setFont(number_font(size, QFont.Weight.Medium))
    painter.setPen(theme.color("text"))
    name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, math.ceil(place.width()))
    half = place.height() / 2
    if _beside(signs, size) <= place.width():
        painter.drawText(place, LEFT, name)
        painter.drawText(place, RIGHT, value)
    elif value and half >= line and signs[1] * sign <= place.width():
        painter.drawText(place.adjusted(0, 1, 0, -half), CENTER, name)
        painter.drawText(place.adjusted(0, half, 0, -1), CENTER, value)
    else:
        painter.drawText(place, CENTER, name)


def _beside(signs: tuple[int, int], size: float) -> float:
    """Return how wide name and value are side by side, with so many signs each."""
    return (sum(signs) + 1) * size * SIGN * text_size.factor


def _limit_of(images: Values) -> float:
    """Return the largest absolute value of pictures; quickly, as long as all are finite."""
    limit = max(float(images.max()), -float(images.min())) if images.size else 0.0
    return limit if math.isfinite(limit) else largest(images)


def _spec(limit: float) -> str:
    """Return how the values of a column are written, all with the same decimals, in few signs."""
    if not limit:
        return ".2f"
    return f".{3 if limit < 0.1 else 2 if limit < 100 else 0}f" if 0.001 <= limit < 1000 else ""


def _value_text(value: float, spec: str) -> str:
    """Return a node's value as it is written; with no spec, in a few signs."""
    if not spec or not math.isfinite(value):
        return short_text(value)
    text = number(value, spec)
    return text if text.strip("−0.,") else number(0.0, spec)


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
