"""Parts of a whole, one below the other: a picture, a name, how it comes about, a bar, its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from micronn_core.common.texts import tr, trn
from micronn_gui.theme import diverging_colors, number_font, px, quantise, themes
from micronn_gui.widgets.guard import Guarded

ROW, PICTURE = 38, 26
"""Height of a row, and the side of a picture in it, in pixels."""
WORDS = 12
"""Size of all words and numbers, in pixels."""
LEAST_BAR, BAR = 36, 12
"""Least width and height of a bar, in pixels."""
NAME_SHARE = 0.5
"""Least share of the name in the room for name and bar."""


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


class RankedBars(QScrollArea):
    """Rows that can be chosen by a click, or by arrows and Enter. It paints those in sight."""

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
        if not stay:
            self.verticalScrollBar().setValue(0)


class _Rows(Guarded, QWidget):
    def __init__(self, area: RankedBars) -> None:
        super().__init__()
        self._area = area
        self.parts: Sequence[Part] = ()
        self._current = -1
        self._value_width = self._name_width = 0
        self._pictures: dict[int, QImage] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        themes.changed.connect(self._recolour)

    def show_parts(self, parts: Sequence[Part], stay: bool) -> None:
        self.parts, self._current = parts, self._current if stay else -1
        plain, bold = number_font(WORDS), number_font(WORDS, QFont.Weight.DemiBold)
        names, details = [part.name for part in parts], [part.detail for part in parts]
        self._name_width = max(_widest(names, bold), _widest(details, plain)) + px(8)
        self._value_width = _widest([part.text for part in parts], plain) + px(4)
        self._recolour()
        self.setMinimumHeight(px(ROW) * len(parts))
        self._describe()

    def minimumSizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(px(200), px(ROW) * len(self.parts))

    def _recolour(self) -> None:
        self._pictures.clear()
        self.update()

    # -- mouse and keys --

    def _at(self, position: QPointF) -> int:
        i = int(position.y() // px(ROW))
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
            self._area.ensureVisible(0, self._current * px(ROW) + px(ROW) // 2, 0, px(ROW))
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
            height = px(ROW)
            first = max(0, event.rect().top() // height)
            for i in range(first, min(len(self.parts), event.rect().bottom() // height + 1)):
                self._paint_row(painter, i, QRect(0, i * height, self.width(), height), largest)

    def _paint_row(self, painter: QPainter, i: int, row: QRect, largest: float) -> None:
        part, theme = self.parts[i], themes.current
        if i == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(row.adjusted(0, 1, -px(4), -1), px(6), px(6))
        row = row.adjusted(px(4), px(3), -px(8), -px(3))
        if part.picture is not None:
            side = px(PICTURE)
            painter.drawImage(QRect(row.x(), row.center().y() - side // 2, side, side), self._picture(i))
            row.setLeft(row.x() + side + px(8))
        upper, lower = row.adjusted(0, 0, 0, -row.height() // 2), row.adjusted(0, row.height() // 2, 0, 0)
        free = row.width() - self._value_width
        name = min(max(round(free * NAME_SHARE), self._name_width), free - px(LEAST_BAR))
        value, bar, room = row, QRect(row.x() + name, row.y(), free - name, row.height()), name
        if name < self._name_width:  # there is room for one beside the other on two lines only
            value, room = (lower, row.width()) if free < 2 * px(LEAST_BAR) else (row, free)
            bar = QRect(row.right() - px(LEAST_BAR), upper.y(), px(LEAST_BAR), upper.height())
            if value is row:
                bar.moveTo(row.x() + free - px(LEAST_BAR), lower.y())
            name = max(free - px(LEAST_BAR), 0)
        align, stacked = Qt.AlignmentFlag, part.detail or room != name
        painter.setFont(number_font(WORDS, QFont.Weight.DemiBold))
        painter.setPen(theme.color("text"))
        if value is lower:
            room = bar.x() - row.x() - px(4)
        shown = painter.fontMetrics().elidedText(part.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(upper if stacked else row, align.AlignVCenter, shown)
        painter.setFont(number_font(WORDS))
        painter.drawText(value, align.AlignVCenter | align.AlignRight, part.text)
        painter.setPen(theme.color("soft"))
        text = painter.fontMetrics().elidedText(part.detail, Qt.TextElideMode.ElideRight, name)
        painter.drawText(lower, align.AlignVCenter, text)
        self._paint_bar(painter, part, QRectF(bar), largest)

    def _paint_bar(self, painter: QPainter, part: Part, place: QRectF, largest: float) -> None:
        half = place.width() / 2 - px(6)
        length = max(1.5, half * abs(part.value) / largest)
        x = place.center().x() - (length if part.value < 0 else 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(themes.current.color("negative" if part.value < 0 else "positive"))
        thick = min(px(BAR), place.height())
        painter.drawRoundedRect(QRectF(x, place.center().y() - thick / 2, length, thick), px(3), px(3))

    def _picture(self, i: int) -> QImage:
        if i not in self._pictures:
            picture = self.parts[i].picture
            assert picture is not None
            indices = quantise(picture, float(np.abs(picture).max()))
            colors = np.array(diverging_colors(themes.current), np.uint32).take(indices)
            rows, columns = colors.shape
            image = QImage(colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
            self._pictures[i] = image.copy()
        return self._pictures[i]


def _widest(texts: Sequence[str], font: QFont) -> int:
    """Return the width of the longest text; all signs of the font are of one width."""
    return QFontMetrics(font).horizontalAdvance(max(texts, key=len, default=""))
