"""Pictures of signed values one below the other, each with words and a bar beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, quantise, text_font, themes
from micronn_gui.widgets.charts.share_bars import paint_share
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.image_grid import indexed_image

SIDE = 80
"""Side of a picture, in pixels at the usual text size."""
GAP = 12
BESIDE = 12


class EvidenceRow(NamedTuple):
    """One picture.

    Attributes:
        name: of the neuron.
        picture: its values, (rows, columns).
        fires: how strongly it fires, in words.
        adds: what it adds, in words; "" for nothing to say.
        share: the length of its bar, -1 to 1.
    """

    name: str
    picture: NDArray[np.floating]
    fires: str
    adds: str
    share: float


class EvidenceRows(Guarded, QWidget):
    """Paints them all in one colour scale; as high as they need."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._rows: Sequence[EvidenceRow] = ()
        self._limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_rows(self, rows: Sequence[EvidenceRow], limit: float) -> None:
        """Show rows; a value of `limit` has the full colour."""
        before, self._rows, self._limit = len(self._rows), rows, limit
        self.setAccessibleDescription(", ".join(_said(row) for row in rows))
        if len(rows) != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room that all rows need."""
        return QSize(px(220), max(0, len(self._rows) * px(SIDE + GAP) - px(GAP)))

    def minimumSizeHint(self) -> QSize:
        """Return the height of all rows, and the least width of one."""
        return QSize(px(SIDE + 100), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i, row in enumerate(self._rows):
                place = QRectF(0, i * px(SIDE + GAP), self.width(), px(SIDE))
                if place.intersects(QRectF(event.rect())):
                    self._paint(painter, row, place)

    def _paint(self, painter: QPainter, row: EvidenceRow, place: QRectF) -> None:
        theme = themes.current
        frame = QRectF(place.x(), place.y(), px(SIDE), px(SIDE)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("zero"))
        painter.drawRoundedRect(frame, px(6), px(6))
        indices = quantise(np.ascontiguousarray(row.picture), self._limit)
        painter.drawImage(frame.adjusted(px(3), px(3), -px(3), -px(3)), indexed_image(indices))
        words = QRectF(frame.right() + px(BESIDE), place.y(), 0, place.height())
        words.setRight(place.right())
        small, strong = text_font(12, QFont.Weight.Medium), text_font(13, QFont.Weight.Medium)
        name = number_font(13, QFont.Weight.Bold)
        line = QFontMetricsF(strong).height() + px(2)
        height = line * (2 if row.adds else 1) + px(8) + px(8)
        top = words.y() + (words.height() - height) / 2
        first = QRectF(words.x(), top, words.width(), line)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(name)
        painter.setPen(theme.color("text"))
        painter.drawText(first, middle, row.name)
        after = QFontMetricsF(name).horizontalAdvance(row.name) + px(8)
        painter.setFont(small)
        painter.setPen(theme.color("soft"))
        _draw(painter, first.adjusted(after, 0, 0, 0), row.fires)
        if row.adds:
            painter.setFont(strong)
            painter.setPen(theme.color("text"))
            _draw(painter, first.translated(0, line), row.adds)
        track = QRectF(words.x(), top + height - px(8), words.width() - px(2), px(8))
        paint_share(painter, track, abs(row.share), "positive" if row.share >= 0 else "negative")


def _said(row: EvidenceRow) -> str:
    if not row.adds:
        return tr("{name} {fires}", name=row.name, fires=row.fires)
    return tr("{name} {fires} and {adds}", name=row.name, fires=row.fires, adds=row.adds)


def _draw(painter: QPainter, place: QRectF, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
