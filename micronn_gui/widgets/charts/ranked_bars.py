"""Parts of a whole, one below the other: a picture, a name, how it comes about, a bar, its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from micronn_core.common.texts import tr, trn
from micronn_gui.theme import diverging_colors, number_font, px, quantise, themes
from micronn_gui.widgets.guard import Guarded

ROW, TWO_LINES, LEAST_ROW = 38, 34, 18
"""Height of a row where there is room, the least for two lines, and the least at all, in pixels."""
PICTURE = 26
"""Most of the side of a picture in a row, in pixels."""
WORDS = 12
"""Size of all words and numbers, in pixels."""
LEAST_BAR, BAR = 36, 12
"""Least width and height of a bar, in pixels."""
NAME_SHARE = 0.5
"""Least share of the name in the room for name and bar."""
USUAL_VALUE = "−00.00"
"""The values have room for so much at least, so that bars keep their length while digits change."""


@dataclass(frozen=True, eq=False)
class Part:
    """One row.

    Attributes:
        name: what the part is called.
        detail: how it comes about, such as "0.33 × 8.99".
        value: its length and sign.
        text: the value as it is written.
        leads_on: whether there is more behind it: then it can be chosen.
        picture: (rows, columns) in the diverging colours, or None.
    """

    name: str
    detail: str
    value: float
    text: str
    leads_on: bool = True
    picture: NDArray[np.floating] | None = None


class RankedBars(Guarded, QScrollArea):
    """Rows that can be chosen by a click, or by arrows and Enter. It paints those in sight.

    The rows share the height there is, and have one line where two would not fit; only if not even
    those fit it scrolls. It is no higher than its rows need.
    """

    chosen = Signal(int)
    """A row was chosen that leads on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows = _Rows(self)
        self.rows.setAccessibleName(name)
        self.setWidget(self.rows)

    def show_parts(self, parts: Sequence[Part], stay: bool = False) -> None:
        """Show parts in the order they come in.

        Args:
            parts: a row each.
            stay: whether the rows in sight and the present row stay, as for new values of the same parts.
        """
        stay = stay and len(parts) == len(self.rows.parts)
        self.rows.show_parts(parts, stay)
        self.setMaximumHeight(max(px(ROW) * len(parts), px(ROW)))
        self._share_height()
        if not stay:
            self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height among the rows."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        self.rows.share_height(self.viewport().size())


class _Rows(Guarded, QWidget):
    def __init__(self, area: RankedBars) -> None:
        super().__init__()
        self._area = area
        self.parts: Sequence[Part] = ()
        self._current = -1
        self.row_height = px(ROW)
        self._value_width = self._name_width = self._detail_width = 0
        self._limit, self._pictured = 0.0, False
        self._pictures: dict[int, QImage] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        themes.changed.connect(self._recolour)

    def show_parts(self, parts: Sequence[Part], stay: bool) -> None:
        self.parts, self._current = parts, self._current if stay else -1
        plain, bold = number_font(WORDS), number_font(WORDS, QFont.Weight.DemiBold)
        self._name_width = _widest([part.name for part in parts], bold) + px(8)
        self._detail_width = _widest([part.detail for part in parts], plain) + px(8)
        self._value_width = _widest([USUAL_VALUE, *(part.text for part in parts)], plain) + px(4)
        pictures = [part.picture for part in parts if part.picture is not None]
        self._pictured = bool(pictures)
        self._limit = max((float(np.abs(picture).max()) for picture in pictures), default=0.0)
        self._recolour()
        self._describe()

    def share_height(self, room: QSize) -> None:
        """Give all rows the same part of the room, if they fit into it."""
        share = room.height() // max(len(self.parts), 1)
        one_line = self._left() + self._name_width + px(LEAST_BAR) + self._value_width + px(8)
        least = px(LEAST_ROW) if one_line <= room.width() else px(TWO_LINES)
        self.row_height = min(share, px(ROW)) if share >= least else px(ROW)
        self.setMinimumHeight(self.row_height * len(self.parts))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(px(200), self.row_height * len(self.parts))

    def _side(self) -> int:
        """Return the side of a picture."""
        return min(px(PICTURE), self.row_height - px(2))

    def _left(self) -> int:
        """Return where the names begin: right of the pictures, also in rows without one."""
        return px(4) + (self._side() + px(8)) * self._pictured

    def _recolour(self) -> None:
        self._pictures.clear()
        self.update()

    # -- mouse and keys --

    def _at(self, position: QPointF) -> int:
        i = int(position.y() // self.row_height)
        return i if 0 <= i < len(self.parts) and self.parts[i].leads_on else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the mouse if it leads on."""
        self._go_to(self._at(event.position()))
        shape = Qt.CursorShape.PointingHandCursor if self._current >= 0 else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._go_to(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the mouse."""
        i = self._at(event.position())
        if i >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self._area.chosen.emit(i)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move here: elsewhere in the window they mean something else."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in keys
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrow keys; Enter chooses."""
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if move and self.parts:
            self._go_to(min(max(self._current + move, 0), len(self.parts) - 1))
            height = self.row_height
            self._area.ensureVisible(0, self._current * height + height // 2, 0, height)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            if self.parts[self._current].leads_on:
                self._area.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _go_to(self, row: int) -> None:
        if row != self._current:
            self._current = row
            self._describe()
            self.update()

    def _describe(self) -> None:
        if 0 <= self._current < len(self.parts):
            part = self.parts[self._current]
            self.setAccessibleDescription(
                tr("{name}: {how} = {value}", name=part.name, how=part.detail, value=part.text)
            )
        else:
            self.setAccessibleDescription(trn("{count:,} part", "{count:,} parts", len(self.parts)))

    # -- painting --

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            largest = max((abs(part.value) for part in self.parts), default=0.0) or 1.0
            height = self.row_height
            first = max(0, event.rect().top() // height)
            for i in range(first, min(len(self.parts), event.rect().bottom() // height + 1)):
                self._paint_row(painter, i, QRect(0, i * height, self.width(), height), largest)

    def _paint_row(self, painter: QPainter, i: int, row: QRect, largest: float) -> None:
        part, theme = self.parts[i], themes.current
        if i == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(row.adjusted(0, 1, -px(4), -1), px(6), px(6))
        if part.picture is not None:
            side = self._side()
            top = row.center().y() - side // 2
            painter.drawImage(QRect(row.x() + px(4), top, side, side), self._picture(i))
        row = row.adjusted(self._left(), 0, -px(8), 0)
        if self.row_height >= px(TWO_LINES):
            self._paint_two_lines(painter, part, row, largest)
        else:
            self._paint_one_line(painter, part, row, largest)

    def _paint_one_line(self, painter: QPainter, part: Part, row: QRect, largest: float) -> None:
        """Paint name, detail if all find room for theirs, bar and value side by side."""
        free = row.width() - self._value_width
        name = min(self._name_width, free - px(LEAST_BAR))
        detailed = name + self._detail_width + px(LEAST_BAR) <= free
        words = name + self._detail_width * detailed
        self._write(painter, part.name, QRect(row.x(), row.y(), name - px(4), row.height()), name=True)
        if detailed:
            self._write(painter, part.detail, QRect(row.x() + name, row.y(), words - name, row.height()))
        self._write_value(painter, part, row)
        bar = QRectF(row.x() + words, row.y(), free - words, row.height())
        self._paint_bar(painter, part, bar, largest)

    def _paint_two_lines(self, painter: QPainter, part: Part, row: QRect, largest: float) -> None:
        """Paint the name above the detail, and beside them bar and value as they find room."""
        pad = max((row.height() - px(ROW - 6)) // 2, px(1))
        half = row.height() // 2
        upper, lower = row.adjusted(0, pad, 0, -half), row.adjusted(0, half, 0, -pad)
        free = row.width() - self._value_width
        widest = max(self._name_width, self._detail_width)
        name = min(max(round(free * NAME_SHARE), widest), free - px(LEAST_BAR))
        value, bar, room = row, QRect(row.x() + name, row.y(), free - name, row.height()), name
        if name < widest:  # there is room for one beside the other on two lines only
            value, room = (lower, row.width()) if free < 2 * px(LEAST_BAR) else (row, free)
            bar = QRect(row.right() - px(LEAST_BAR), upper.y(), px(LEAST_BAR), upper.height())
            if value is row:
                bar.moveTo(row.x() + free - px(LEAST_BAR), lower.y())
            name = max(free - px(LEAST_BAR), 0)
        stacked = part.detail or room != name
        if value is lower:
            room = bar.x() - row.x() - px(4)
        place = upper if stacked else row
        self._write(painter, part.name, QRect(place.x(), place.y(), room, place.height()), name=True)
        self._write(painter, part.detail, QRect(lower.x(), lower.y(), name, lower.height()))
        self._write_value(painter, part, value)
        self._paint_bar(painter, part, QRectF(bar), largest)

    def _write(self, painter: QPainter, text: str, place: QRect, name: bool = False) -> None:
        """Write a name or, paler, a detail, shortened to its place."""
        painter.setFont(number_font(WORDS, QFont.Weight.DemiBold if name else QFont.Weight.Normal))
        painter.setPen(themes.current.color("text" if name else "soft"))
        elide = Qt.TextElideMode.ElideMiddle if name else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(text, elide, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)

    def _write_value(self, painter: QPainter, part: Part, place: QRect) -> None:
        painter.setFont(number_font(WORDS))
        painter.setPen(themes.current.color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, part.text)

    def _paint_bar(self, painter: QPainter, part: Part, place: QRectF, largest: float) -> None:
        """Paint the line of zero and, to its right or to its left, the bar; nothing has none."""
        theme, zero = themes.current, place.center().x()
        painter.fillRect(QRectF(round(zero), place.y(), 1, place.height()), theme.color("border"))
        if not part.value:
            return
        half = place.width() / 2 - px(3)
        length = max(1.5, half * abs(part.value) / largest)
        x = zero - (length if part.value < 0 else 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("negative" if part.value < 0 else "positive"))
        thick = min(px(BAR), place.height())
        painter.drawRoundedRect(QRectF(x, place.center().y() - thick / 2, length, thick), px(3), px(3))

    def _picture(self, i: int) -> QImage:
        if i not in self._pictures:
            picture = self.parts[i].picture
            assert picture is not None
            indices = quantise(picture, self._limit)
            colors = np.array(diverging_colors(themes.current), np.uint32).take(indices)
            rows, columns = colors.shape
            image = QImage(colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
            self._pictures[i] = image.copy()
        return self._pictures[i]


def _widest(texts: Sequence[str], font: QFont) -> int:
    """Return the width of the longest text; all signs of the font are of one width."""
    return QFontMetrics(font).horizontalAdvance(max(texts, key=len, default=""))
