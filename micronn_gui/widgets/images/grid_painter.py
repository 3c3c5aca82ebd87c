"""Paints the cells of an image grid with as few calls into Qt as possible.

While a network trains beside the window, each call into Qt may have to wait for Python's lock on
the way back. So images and bars are put together in one array and drawn in one call, and what
stays the same from frame to frame, borders and names, is kept as a pixmap.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap

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
from micronn_gui.widgets.images.cells import CAPTION, NAMES, CellLayout

Values = NDArray[np.floating]
Indices = NDArray[np.uint8]
POSITIVE, NEGATIVE = 255, 1
"""Indices of the full colours in `diverging_colors`."""


LEAST_BAR = 4
"""Least height of a labelled bar."""
LEAST_LABEL = 14
"""Least height of a bar that has room for its label."""
LABELS_SHARE = 0.55
"""Share of a cell's width that labels take."""
LETTERS = 12
"""Size of captions and names."""

SPACE = "    "
"""What a caption leaves free between the name, which is bold, and what is said of it."""
BASELINE = 4
"""Pixels of a caption below its baseline."""
CORNER = 4
"""Radius of an image's frame."""

Caption = tuple[str, ...]
"""The name of an image, and what is said of it: from the longest words to the shortest, as there is room."""


@dataclass(frozen=True, eq=False)
class Content:
    """What a grid shows: see `ImageGrid.show_images`."""

    images: Values = field(default_factory=lambda: np.zeros((0, 1, 1), np.float32))
    limits: Values = field(default_factory=lambda: np.zeros(0, np.float32))
    captions: Sequence[Caption] = ()
    bars: Values = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def shows_bars(self, layout: CellLayout) -> bool:
        """Whether values that are no picture are labelled bars; where there is no room for that, stripes."""
        return bool(self.labels) and len(self.labels) * px(LEAST_BAR) <= layout.side


class GridPainter:
    """Paints some cells of a grid."""

    def __init__(self) -> None:
        self._frame = QPixmap()
        self._frame_key: tuple[object, ...] = ()
        self._pixels = np.empty((0, 0), np.uint32)  # kept, for new memory costs more than its colours

    def paint(
        self, painter: QPainter, content: Content, layout: CellLayout, cells: dict[int, QRect], selected: int
    ) -> None:
        """Paint.

        Args:
            painter: of the canvas.
            content: what to show.
            layout: how a cell is divided.
            cells: the cells in sight and where they lie.
            selected: the cell with the frame around it, or -1.
        """
        if not cells:
            return
        area = functools.reduce(QRect.united, cells.values()).adjusted(-1, -1, 1, 1)
        if self._pixels.shape != (area.height(), area.width()):
            self._pixels = np.empty((area.height(), area.width()), np.uint32)
        sheet = _drawn(content, layout, cells, area)
        _colors(themes.current).take(sheet, out=self._pixels, mode="clip")  # quicker than an indexed image
        size, stride = area.size().toTuple(), self._pixels.strides[0]
        image = QImage(self._pixels.data, *size, stride, QImage.Format.Format_RGB32)
        painter.drawImage(area.topLeft(), image)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(area.topLeft(), self._framed(content, layout, cells, area, ratio))
        painter.setFont(text_font(LETTERS))
        painter.setPen(themes.current.color("soft"))
        for i, cell in cells.items():  # a place alone is quicker to write at than a place and flags
            text, place = fitting_words(content.captions[i], layout.side, _width_of), _caption(cell, layout)
            if text:
                left = place.right() + 1 - _width_of(text)
                painter.drawText(left, place.bottom() - px(BASELINE), text)
        if selected in cells:
            painter.setPen(QPen(themes.current.color("accent"), 2))
            painter.drawRoundedRect(_image_place(cells[selected], layout), px(CORNER), px(CORNER))

    def _framed(
        self, content: Content, layout: CellLayout, cells: dict[int, QRect], area: QRect, ratio: float
    ) -> QPixmap:
        """Return borders and names of the cells; they are painted when one of them changes."""
        names = tuple(content.captions[i][0] for i in cells)
        key = (
            layout,
            tuple(cells),
            names,
            content.names,
            content.labels,
            area.getRect(),
            themes.current,
            ratio,
        )
        if key != self._frame_key:
            self._frame_key = key
            self._frame = QPixmap(area.size() * ratio)
            self._frame.setDevicePixelRatio(ratio)
            self._frame.fill(Qt.GlobalColor.transparent)
            with QPainter(self._frame) as painter:
                painter.translate(-area.topLeft())
                for name, cell in zip(names, cells.values(), strict=True):
                    _paint_frame(painter, content, layout, cell, name)
        return self._frame


def _drawn(content: Content, layout: CellLayout, cells: dict[int, QRect], area: QRect) -> Indices:
    """Return images and bars as indices of colours, the area's (height, width); 0 where there are none."""
    first, last = min(cells), max(cells) + 1
    sheet = np.zeros((area.height(), area.width()), np.uint8)
    indexed = quantise(content.images[first:last], content.limits[first:last, None, None])
    rows, columns = (np.arange(layout.side) * n // layout.side for n in indexed.shape[1:])
    as_bars = content.shows_bars(layout)
    scaled = indexed[:, rows[:, None], columns]
    largest = float(np.abs(content.bars).max()) if content.bars.size else 0.0
    for i, cell in cells.items():
        y, x = cell.y() - area.y(), cell.x() - area.x()
        if as_bars:
            limit = float(content.limits[i]) or 1.0
            place = _labelled_bars(cell, layout, len(content.labels)).translated(-area.topLeft())
            _put_bars(sheet, place, True, np.clip(content.images[i].ravel() / limit, -1, 1))
        else:
            sheet[y : y + layout.side, x : x + layout.side] = scaled[i - first]
        if largest > 0 and layout.bars:
            place = layout.bars_in(cell).translated(-area.topLeft())
            _put_bars(sheet, place, False, content.bars[i] / largest)
    return sheet


def fitting_words(caption: Caption, room: int, width_of: Callable[[str], int]) -> str:
    """Return the longest words of a caption for which there is room beside the name."""
    name, *words = caption
    left = room - width_of(name + SPACE)
    return next((text for text in words if width_of(text) <= left), "")


def _width_of(text: str) -> int:
    return _width_at(text, text_size.factor)


@functools.lru_cache(4096)
def _width_at(text: str, _: float) -> int:
    """Return how wide words are at a size of the text."""
    return QFontMetrics(text_font(LETTERS)).horizontalAdvance(text)


@functools.cache
def _colors(theme: Theme) -> NDArray[np.uint32]:
    """Return the diverging colours, (256,), and first the colour of what is empty."""
    return np.array([theme.color("card").rgb(), *diverging_colors(theme)[1:]], np.uint32)


def _labelled_bars(cell: QRect, layout: CellLayout, count: int) -> QRectF:
    """Return where the bars of a cell go, beside their labels if there is room for those."""
    labels = LABELS_SHARE * layout.side if count * px(LEAST_LABEL) <= layout.side else 0.0
    return QRectF(cell.x() + labels, cell.y(), layout.side - labels, layout.side)


def _image_place(cell: QRect, layout: CellLayout) -> QRect:
    return QRect(cell.x() - 1, cell.y() - 1, layout.side + 1, layout.side + 1)


def _caption(cell: QRect, layout: CellLayout) -> QRect:
    return QRect(cell.x(), cell.y() + layout.side + px(2), layout.side, px(CAPTION - 2))


def _paint_frame(painter: QPainter, content: Content, layout: CellLayout, cell: QRect, name: str) -> None:
    painter.setPen(themes.current.color("border"))
    painter.drawRoundedRect(_image_place(cell, layout), px(CORNER), px(CORNER))
    painter.setPen(themes.current.color("text"))
    painter.setFont(number_font(LETTERS, QFont.Weight.Bold))
    painter.drawText(_caption(cell, layout), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
    if content.shows_bars(layout):
        _paint_labels(painter, content.labels, cell, layout)
    if layout.names and content.names:
        place = layout.bars_in(cell)
        line = QRectF(place.x(), place.bottom(), place.width(), px(NAMES))
        _paint_names(painter, content.names, line)


def _paint_names(painter: QPainter, names: Sequence[str], line: QRectF) -> None:
    """Write the names of bars under them."""
    pitch = line.width() / len(names)
    signs = all(len(name) == 1 for name in names)
    painter.setFont(number_font(LETTERS) if signs else text_font(LETTERS))
    painter.setPen(themes.current.color("soft"))
    metrics = painter.fontMetrics()
    if pitch < metrics.horizontalAdvance("0"):
        _paint_ends(painter, names, line)
        return
    for k, name in enumerate(names):
        place = QRectF(line.x() + k * pitch, line.y(), pitch, line.height())
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(pitch))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, short)


def _paint_ends(painter: QPainter, names: Sequence[str], line: QRectF) -> None:
    """Write the first and the last name of bars that are too narrow for all of them."""
    for name, side in ((names[0], Qt.AlignmentFlag.AlignLeft), (names[-1], Qt.AlignmentFlag.AlignRight)):
        short = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(line.width() / 2) - 2)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | side, short)


def abbreviated(name: str, width: Callable[[str], float], room: float) -> str:
    """Shorten the name of a column so that those of one table stay apart: petal_length, p. length."""
    words = re.split(r"[_\s-]+", name)
    if width(name) <= room or len(words) == 1:
        return name
    return " ".join([f"{word[:1]}." for word in words[:-1]] + words[-1:])


def _paint_labels(painter: QPainter, labels: Sequence[str], cell: QRect, layout: CellLayout) -> None:
    """Write the labels of a cell's bars, and the line at zero that they start from."""
    bars = _labelled_bars(cell, layout, len(labels))
    painter.setPen(themes.current.color("border"))
    middle = round(bars.center().x())
    painter.drawLine(middle, cell.y(), middle, cell.y() + layout.side)
    room, pitch = bars.x() - cell.x() - px(6), bars.height() / len(labels)
    if room <= 0:
        return
    painter.setFont(text_font(LETTERS))
    painter.setPen(themes.current.color("soft"))
    metrics = painter.fontMetrics()
    for k, text in enumerate(labels):
        line = QRectF(cell.x() + px(3), cell.y() + k * pitch, room, pitch)
        short = abbreviated(text, metrics.horizontalAdvance, room)
        short = metrics.elidedText(short, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


def _put_bars(sheet: Indices, place: QRectF, beside: bool, shares: Values) -> None:
    """Paint bars of -1 to 1 into the sheet, from the middle line of a place outwards."""
    if beside:  # the same as below, with rows and columns exchanged, and positive towards the right
        sheet, shares = sheet.T, -shares
        place = QRectF(place.y(), place.x(), place.height(), place.width())
    pitch, half = place.width() / len(shares), place.height() / 2 - 1
    middle = round(place.center().y())
    for k, share in enumerate(shares.tolist()):
        length = max(1, round(abs(share) * half))
        left = round(place.x() + k * pitch) + 1
        top = middle - length if share > 0 else middle
        positive = (share > 0) is not beside
        sheet[top : top + length, left : left + max(1, round(pitch) - 2)] = POSITIVE if positive else NEGATIVE
