"""Paints the rows of the list of runs."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from micronn_core.common.texts import percent_of, tr
from micronn_gui.panels.runs.run_list import BOX_ROOM, CONTENT, Card
from micronn_gui.panels.runs.run_rows import HeadingRow, HiddenRow
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.guard import Guarded

Index = QModelIndex | QPersistentModelIndex
HEIGHT, GAP, RADIUS = 60, 8, 10
HEADING_HEIGHT, HIDDEN_HEIGHT, INDENT = 30, 28, 14
BOX = 15
"""Side of the box that is ticked, in pixels."""
PAD = 10
"""From the edge of a card to what is in it."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RunCardDelegate(Guarded, QStyledItemDelegate):
    """Paints cards, headings and the line about what is hidden."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row, with the gap below it."""
        content = index.data(CONTENT)
        if isinstance(content, Card):
            return QSize(px(200), px(HEIGHT + GAP))
        return QSize(px(200), px(HEADING_HEIGHT if isinstance(content, HeadingRow) else HIDDEN_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        content = index.data(CONTENT)
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(content, Card):
            place = QRectF(card_place(rect, content.grouped))
            _paint_ground(painter, place, bool(state & QStyle.StateFlag.State_Selected), focused)
            _paint_card(painter, place, content)
        else:
            _paint_line(painter, QRectF(rect), content, focused)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a line for the name."""
        line = QLineEdit(parent)
        line.setAccessibleName(tr("Name of the run"))
        line.setToolTip(tr("Enter keeps the name, Esc the old one; without a name it has its number"))
        return line

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Lay the line over the upper half of the card."""
        content, rect = index.data(CONTENT), option.rect
        place = card_place(rect, isinstance(content, Card) and content.grouped)
        height = editor.sizeHint().height()
        editor.setGeometry(place.left() + px(BOX_ROOM), place.top(), place.width() - px(BOX_ROOM + 4), height)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the name."""
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the name, unless a person is writing."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()


def card_place(rect: QRect, grouped: bool) -> QRect:
    """Return where in its row a card lies."""
    return rect.adjusted(px(INDENT) if grouped else 0, 0, -px(1), -px(GAP))


def _paint_ground(painter: QPainter, place: QRectF, selected: bool, focused: bool) -> None:
    theme, edge = themes.current, place.adjusted(0.5, 0.5, -0.5, -0.5)
    ring = "accent" if focused else "accent_soft" if selected else "border"
    painter.setPen(QPen(theme.color(ring), 1))
    painter.setBrush(theme.color("accent_soft" if selected else "card"))
    painter.drawRoundedRect(edge, px(RADIUS), px(RADIUS))


def _paint_card(painter: QPainter, place: QRectF, card: Card) -> None:
    inside = place.adjusted(px(BOX_ROOM), px(8), -px(PAD), -px(8))
    upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
    lower = upper.translated(0, inside.height() / 2)
    _paint_box(painter, QPointF(place.left() + px(PAD) + px(BOX) / 2, place.center().y()), card)
    room = _paint_accuracy(painter, inside, card.accuracy) - px(8)
    _paint_title(painter, upper, room, card)
    _paint_changes(painter, lower, room, card)


def _paint_box(painter: QPainter, middle: QPointF, card: Card) -> None:
    """Paint the box: in the run's colour, and ticked where its line is drawn."""
    theme = themes.current
    hue, side = theme.color(card.look.role), px(BOX)
    box = QRectF(0, 0, side, side)
    box.moveCenter(middle)
    painter.setPen(QPen(hue, px(1.5)))
    painter.setBrush(hue if card.ticked else theme.color("card"))
    painter.drawRoundedRect(box, px(4), px(4))
    if card.ticked:
        tick = [QPointF(-0.25, 0.02), QPointF(-0.07, 0.2), QPointF(0.27, -0.18)]
        pen = QPen(theme.color("card"), px(2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([middle + point * side for point in tick]))


def _paint_accuracy(painter: QPainter, inside: QRectF, accuracy: str) -> float:
    """Paint the best accuracy, large; returns where it begins."""
    theme, large, small = themes.current, number_font(18), number_font(12)
    sign = percent_of("") if accuracy != "–" else ""
    width = QFontMetrics(small).horizontalAdvance(sign)
    painter.setPen(theme.color("soft"))
    painter.setFont(small)
    base = inside.center().y() + QFontMetrics(large).capHeight() / 2
    painter.drawText(QPointF(inside.right() - width, base), sign)
    painter.setPen(theme.color("text"))
    painter.setFont(large)
    left = inside.right() - width - QFontMetrics(large).horizontalAdvance(accuracy)
    painter.drawText(QPointF(left, base), accuracy)
    return left


def _paint_title(painter: QPainter, line: QRectF, end: float, card: Card) -> None:
    """Paint the name, whether it is the present run, its star, and its shape."""
    theme, bold = themes.current, text_font(13, QFont.Weight.DemiBold)
    metrics = QFontMetrics(bold)
    x = line.left()
    pill = tr("now") if card.present else ""
    taken = _pill_width(pill) + px(6) if pill else 0
    taken += metrics.horizontalAdvance("★ ") if card.starred else 0
    title = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, int(end - x - taken))
    painter.setFont(bold)
    if card.starred:
        painter.setPen(theme.color("accent"))
        painter.drawText(QRectF(x, line.top(), end - x, line.height()), LEFT, "★")
        x += metrics.horizontalAdvance("★ ")
    painter.setPen(theme.color("text"))
    painter.drawText(QRectF(x, line.top(), end - x, line.height()), LEFT, title)
    x += metrics.horizontalAdvance(title) + px(7)
    if pill:
        x = _paint_pill(painter, x, line, pill, "accent", "accent_text") + px(7)
    font = number_font(12)
    if x + QFontMetrics(font).horizontalAdvance(card.shape) <= end:
        painter.setFont(font)
        painter.setPen(theme.color("soft"))
        painter.drawText(QRectF(x, line.top(), end - x, line.height()), LEFT, card.shape)


def _paint_changes(painter: QPainter, line: QRectF, end: float, card: Card) -> None:
    """Paint what differs from the run that it came from, and how far it came."""
    theme, font = themes.current, text_font(12)
    metrics = QFontMetrics(font)
    words = (
        card.chip if not card.more else tr("{change} · {count} more", change=card.chip, count=len(card.more))
    )
    room = int(end - line.left())
    chip = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - _pill_width(""))
    x = _paint_pill(painter, line.left(), line, chip, "field", "text") + px(7)
    rest = tr("{epochs} · failed", epochs=card.epochs) if card.failed else card.epochs
    if x + metrics.horizontalAdvance(rest) <= end:
        painter.setFont(font)
        painter.setPen(theme.color("soft"))
        painter.drawText(QRectF(x, line.top(), end - x, line.height()), LEFT, rest)


def _pill_width(text: str) -> int:
    return QFontMetrics(text_font(12)).horizontalAdvance(text) + px(14)


def _paint_pill(painter: QPainter, left: float, line: QRectF, text: str, ground: str, ink: str) -> float:
    """Paint a text on a ground of its own; returns where it ends."""
    theme, font = themes.current, text_font(12)
    place = QRectF(left, 0, _pill_width(text), QFontMetrics(font).height() + px(3))
    place.moveTop(line.center().y() - place.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(place, px(7), px(7))
    painter.setPen(theme.color(ink))
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    return place.right()


def _paint_line(painter: QPainter, place: QRectF, row: HeadingRow | HiddenRow, focused: bool) -> None:
    """Paint a heading with its arrow and its result, or the line about short tries."""
    theme = themes.current
    if focused:
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -1.5, -px(2)), px(6), px(6))
    font = text_font(12, QFont.Weight.Medium)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(theme.color("soft"))
    if isinstance(row, HiddenRow):
        painter.drawText(place.adjusted(px(2), 0, 0, 0), LEFT, row.text)
        return
    _paint_arrow(painter, QPointF(place.left() + px(8), place.center().y()), row.folded)
    words = place.adjusted(px(20), 0, -px(PAD), 0)
    painter.setPen(theme.color("text"))
    painter.drawText(words, RIGHT, row.result)
    room = int(words.width() - metrics.horizontalAdvance(row.result) - px(8))
    painter.setPen(theme.color("soft"))
    painter.drawText(words, LEFT, metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room))


def _paint_arrow(painter: QPainter, middle: QPointF, folded: bool) -> None:
    size = px(4)
    points = [(-0.5, -1), (0.5, 0), (-0.5, 1)] if folded else [(-1, -0.5), (0, 0.5), (1, -0.5)]
    painter.setPen(QPen(themes.current.color("soft"), px(1.5)))
    painter.drawPolyline(QPolygonF([middle + QPointF(x, y) * size for x, y in points]))
