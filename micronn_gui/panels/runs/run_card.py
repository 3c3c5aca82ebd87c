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
HEIGHT, GAP, RADIUS = 78, 8, 10
LINES = 3
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
            selected = bool(state & QStyle.StateFlag.State_Selected)
            _paint_ground(painter, place, content.present, selected, focused)
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
        """Lay the line over the name on the card."""
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


def _paint_ground(painter: QPainter, place: QRectF, present: bool, selected: bool, focused: bool) -> None:
    """Paint the ground, tinted for the present run, and the edge, which tells what is selected."""
    theme, width = themes.current, px(2) if selected else 1
    edge = place.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    ring = "accent" if focused or selected else "accent_soft" if present else "border"
    painter.setPen(QPen(theme.color(ring), width))
    painter.setBrush(theme.color("accent_soft" if present else "card"))
    painter.drawRoundedRect(edge, px(RADIUS), px(RADIUS))


def _paint_card(painter: QPainter, place: QRectF, card: Card) -> None:
    inside = place.adjusted(px(BOX_ROOM), px(7), -px(PAD), -px(7))
    height = inside.height() / LINES
    lines = [QRectF(inside.left(), inside.top() + i * height, inside.width(), height) for i in range(LINES)]
    _paint_box(painter, QPointF(place.left() + px(PAD) + px(BOX) / 2, place.center().y()), card)
    room = _paint_accuracy(painter, lines[0], card.accuracy) - px(8)
    _paint_title(painter, lines[0], room, card)
    room = _paint_best(painter, lines[1]) - px(8)
    _paint_changes(painter, lines[1], room, card)
    _paint_facts(painter, lines[2], card)


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


def _paint_accuracy(painter: QPainter, line: QRectF, accuracy: str) -> float:
    """Paint the best accuracy, large; returns where it begins."""
    theme, large, small = themes.current, number_font(18), number_font(12)
    sign = percent_of("") if accuracy != "–" else ""
    width = QFontMetrics(small).horizontalAdvance(sign)
    painter.setPen(theme.color("soft"))
    painter.setFont(small)
    base = line.center().y() + QFontMetrics(large).capHeight() / 2
    painter.drawText(QPointF(line.right() - width, base), sign)
    painter.setPen(theme.color("text"))
    painter.setFont(large)
    left = line.right() - width - QFontMetrics(large).horizontalAdvance(accuracy)
    painter.drawText(QPointF(left, base), accuracy)
    return left


def _paint_best(painter: QPainter, line: QRectF) -> float:
    """Say below the accuracy that it is the best one, not the last; returns where the word begins."""
    font, word = text_font(12), tr("best")
    painter.setFont(font)
    painter.setPen(themes.current.color("soft"))
    painter.drawText(line, RIGHT, word)
    return line.right() - QFontMetrics(font).horizontalAdvance(word)


def _paint_title(painter: QPainter, line: QRectF, end: float, card: Card) -> None:
    """Paint the name, whether it is the present run, and its star."""
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
        _paint_pill(painter, x, line, pill, "accent", "accent_text")


def _paint_changes(painter: QPainter, line: QRectF, end: float, card: Card) -> None:
    """Paint what differs from the run that it came from; how much more does is never cut off."""
    metrics = QFontMetrics(text_font(12))
    more = tr(" · {count} more", count=len(card.more)) if card.more else ""
    room = int(end - line.left()) - _pill_width(more)
    chip = metrics.elidedText(card.chip, Qt.TextElideMode.ElideRight, room) + more
    _paint_pill(painter, line.left(), line, chip, "card" if card.present else "field", "text")


def _paint_facts(painter: QPainter, line: QRectF, card: Card) -> None:
    """Paint the shape, which gives way where it is long, and how far the run came."""
    rest = tr("{epochs} · failed", epochs=card.epochs) if card.failed else card.epochs
    words, digits = text_font(12), number_font(12)
    room = int(line.width()) - QFontMetrics(words).horizontalAdvance(rest) - px(12)
    shape = QFontMetrics(digits).elidedText(card.shape, Qt.TextElideMode.ElideMiddle, room)
    painter.setPen(themes.current.color("soft"))
    painter.setFont(digits)
    painter.drawText(line, LEFT, shape)
    painter.setFont(words)
    left = QFontMetrics(digits).horizontalAdvance(shape) + px(12)
    painter.drawText(line.adjusted(left, 0, 0, 0), LEFT, rest)


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
