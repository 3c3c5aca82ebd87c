"""Paints a heat map: coloured cells, then what is written on and around them, then frames."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from micronn_gui.theme import LIGHT, Theme, contrast, diverging_colors, number_font, px, themes
from micronn_gui.widgets.images.heat_cells import (
    FOOT,
    NAMES,
    NOWHERE,
    NUMBERS,
    HeatCells,
    spread,
    text_width,
)

RADIUS = 4
"""Of the corners of cells and frames."""


@dataclass(frozen=True)
class HeatMarks:
    """What stands out in a heat map.

    Attributes:
        rows: that have a frame; those beyond the matrix are left out.
        columns: that have a frame.
        selected: row and column of the selected cell, or (-1, -1).
        under_mouse: row and column of the cell under the mouse, or (-1, -1).
        focused: whether the keys go here.
    """

    rows: frozenset[int]
    columns: frozenset[int]
    selected: tuple[int, int]
    under_mouse: tuple[int, int]
    focused: bool


class HeatPainter:
    """Paints cells that lie where they lie; their image is kept for as long as it can be used."""

    def __init__(self, cells: HeatCells) -> None:
        self._cells = cells
        self._matrix = cells.matrix
        self._image = QImage()
        self._image_key: tuple[Theme, float] | None = None

    def paint(self, painter: QPainter, marks: HeatMarks) -> None:
        """Paint the cells, and over them what stands out."""
        if self._cells.place.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._cells.separate:
            self._paint_cells(painter)
        else:
            image = self._colored(painter.device().devicePixelRatioF())
            painter.drawImage(self._cells.place.topLeft(), image)
        if self._cells.written:
            self._paint_numbers(painter)
        self._paint_row_names(painter, marks.rows)
        self._paint_column_names(painter, marks.columns)
        self._paint_frames(painter, marks)
        labelled = marks.under_mouse if marks.under_mouse != NOWHERE else marks.selected
        if labelled != NOWHERE and not self._cells.written:
            self._paint_label(painter, *labelled)

    def _paint_cells(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        colors = diverging_colors(themes.current)
        for (row, column), index in np.ndenumerate(self._matrix.indices):
            painter.setBrush(QColor.fromRgb(colors[index]))
            painter.drawRoundedRect(self._cells.frame(self._cells.cell(row, column)), px(RADIUS), px(RADIUS))

    def _colored(self, ratio: float) -> QImage:
        """Return the cells as an image with the pixels of the screen; it is made anew when they change."""
        key = themes.current, ratio
        if key != self._image_key:
            width, height = (round(axis.length * ratio) for axis in (self._cells.x, self._cells.y))
            indices = spread(spread(self._matrix.indices, 0, height), 1, width)
            pixels = np.array(diverging_colors(themes.current), np.uint32).take(indices)
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            self._image_key, self._image = key, image.copy()  # which owns its memory
            self._image.setDevicePixelRatio(ratio)
        return self._image

    def _paint_numbers(self, painter: QPainter) -> None:
        painter.setFont(number_font(NUMBERS))
        writing = writing_colors(themes.current)
        for (row, column), index in np.ndenumerate(self._matrix.indices):
            painter.setPen(writing[index])
            place = self._cells.frame(self._cells.cell(row, column))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._matrix.text_of(row, column))

    def _paint_row_names(self, painter: QPainter, marked: Collection[int]) -> None:
        names, y, right = self._matrix.row_names, self._cells.y, self._cells.x.start - px(8)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for i in legible(len(names), y.pitch, px(15), marked):
            _use_name_font(painter, i in marked)
            painter.drawText(QRectF(0, y.middle(i) - px(10), right, px(20)), flags, names[i])

    def _paint_column_names(self, painter: QPainter, marked: Collection[int]) -> None:
        names, x, top = self._matrix.column_names, self._cells.x, self._cells.y.end + px(2)
        width = text_width(max(map(len, names), default=0), NAMES) + px(6)
        for j in legible(len(names), x.pitch, width, marked):
            _use_name_font(painter, j in marked)
            left = min(max(0, x.middle(j) - width / 2), self._cells.width - width)
            painter.drawText(QRectF(left, top, width, px(FOOT - 4)), Qt.AlignmentFlag.AlignCenter, names[j])

    def _paint_frames(self, painter: QPainter, marks: HeatMarks) -> None:
        cells, theme, (rows, columns) = self._cells, themes.current, self._matrix.shape
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent"), 2))
        frames = [cells.row(i) for i in marks.rows if 0 <= i < rows]
        frames += [cells.column(j) for j in marks.columns if 0 <= j < columns]
        if marks.selected != NOWHERE:
            frames.append(cells.cell(*marks.selected))
        for frame in frames:
            painter.drawRoundedRect(cells.frame(frame), px(RADIUS), px(RADIUS))
        if marks.under_mouse != NOWHERE:
            painter.setPen(QPen(theme.color("text"), 1))
            painter.drawRoundedRect(cells.frame(cells.cell(*marks.under_mouse)), px(RADIUS), px(RADIUS))
        if marks.focused:
            painter.setPen(QPen(theme.color("accent"), 1))
            around = QRectF(cells.place).adjusted(-2.5, -2.5, 2.5, 2.5)
            painter.drawRoundedRect(around, px(RADIUS + 2), px(RADIUS + 2))

    def _paint_label(self, painter: QPainter, row: int, column: int) -> None:
        """Write the number of a cell that is too small for it beside the cell."""
        painter.setFont(number_font(NUMBERS, QFont.Weight.Medium))
        number, width = self._matrix.text_of(row, column), self._cells.width
        text = f"[{row}, {column}]  {number}"
        if text_width(len(text), NUMBERS) + px(14) > width:
            text = number
        cell, size = self._cells.cell(row, column), QSize(text_width(len(text), NUMBERS) + px(14), px(22))
        place = QRect(cell.center() - QPoint(size.width() // 2, 0), size)
        place.moveBottom(cell.top() - px(5))
        if place.top() < 0:
            place.moveTop(cell.bottom() + px(6))
        place.moveLeft(max(0, min(place.left(), width - size.width())))
        painter.setPen(themes.current.color("card"))
        painter.setBrush(themes.current.color("text"))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), px(RADIUS), px(RADIUS))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def legible(count: int, pitch: float, size: int, marked: Collection[int]) -> list[int]:
    """Return which of evenly spaced names can be written: every one, or every 2nd, 5th, 10th ….

    Those of marked rows and columns are written in any case, and push away their neighbours.
    """
    steps = (digit * 10**power for power in range(6) for digit in (1, 2, 5))
    step = next(step for step in steps if step * pitch >= size)
    strong = [i for i in marked if 0 <= i < count]
    return strong + [
        i
        for i in range(0, count, step)
        if i not in strong and all(abs(i - k) * pitch >= size for k in strong)
    ]


def _use_name_font(painter: QPainter, strong: bool) -> None:
    painter.setFont(number_font(NAMES, QFont.Weight.Bold if strong else QFont.Weight.Normal))
    painter.setPen(themes.current.color("text" if strong else "faint"))


@functools.cache
def writing_colors(theme: Theme) -> tuple[QColor, ...]:
    """Return the colour to write in on each of the diverging colours.

    In the light theme strong colours carry white, which there stands out 3 to 1 at least. In the dark
    theme it is the text's colour or the background's, whichever stands out more.
    """
    grounds = [QColor.fromRgb(color) for color in diverging_colors(theme)]
    text = theme.color("text")
    if theme is LIGHT:
        white = theme.color("card")
        return tuple(white if contrast(white, ground) >= 3 else text for ground in grounds)
    inks = text, theme.color("background")
    return tuple(max(inks, key=functools.partial(contrast, ground)) for ground in grounds)
