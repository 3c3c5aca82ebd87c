"""Find anything: a line to write in, and below it all that can be done whose name fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.guard import Guarded

WIDTH, HEIGHT = 560, 420
ROW = 34
ENTRY = Qt.ItemDataRole.UserRole + 1


class Found(NamedTuple):
    """Something that can be found by its name.

    Attributes:
        kind: what kind of thing it is, such as "Run".
        title: its name.
        keys: the keys that do the same, or "".
        do: does it, or leads there.
    """

    kind: str
    title: str
    keys: str
    do: Callable[[], object]


class Palette(Guarded, QDialog):
    """Offers what fits the words that are written; Enter does the chosen one.

    Args:
        things: returns all that can be found.
        parent: the window.
    """

    def __init__(self, things: Iterable[Found], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Find anything"))
        self._things = [(found, plain(f"{found.title} {found.kind}")) for found in things]
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("Write a word: an action, a setting, a run, data …"))
        self._line.setAccessibleName(tr("Find anything"))
        self._line.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setObjectName("found")
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Row(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("What fits"))
        self._list.clicked.connect(self._do)
        self._nothing = label(tr("Nothing is called so. Try another word."), "soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(12), px(12), px(12))
        for part in (self._line, self._list, self._nothing):
            column.addWidget(part)
        self._line.textChanged.connect(self._find)
        self._find("")

    def show_over(self, window: QWidget) -> None:
        """Show it in the upper middle of a window, ready to be written in."""
        width, height = min(px(WIDTH), window.width() - px(32)), min(px(HEIGHT), window.height() - px(96))
        place = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(QRect(place.x() + (window.width() - width) // 2, place.y() + px(60), width, height))
        self.show()
        self._line.setFocus()

    @property
    def titles(self) -> list[str]:
        """The names of what fits, the best first."""
        return [self._model.item(i).data(ENTRY).title for i in range(self._model.rowCount())]

    def _find(self, text: str) -> None:
        words = plain(text).split()
        fitting = [(found, name) for found, name in self._things if all(word in name for word in words)]
        fitting.sort(key=lambda pair: _rank(words, pair[1]))  # stable: else in the order of the table
        self._model.clear()
        for found, _ in fitting:
            item = QStandardItem(f"{found.title}, {found.kind}")
            item.setData(found, ENTRY)
            self._model.appendRow(item)
        self._list.setVisible(bool(fitting))
        self._nothing.setVisible(not fitting)
        self._list.setCurrentIndex(self._model.index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows choose and Enter do, while one writes."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        if event.key() in steps:
            row = self._list.currentIndex().row() + steps[Qt.Key(event.key())]
            row = max(0, min(row, self._model.rowCount() - 1))
            self._list.setCurrentIndex(self._model.index(row, 0))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self._list.currentIndex())
            return True
        return False

    def _do(self, index: QModelIndex | QPersistentModelIndex) -> None:
        found = index.data(ENTRY)
        if isinstance(found, tuple):
            window = self.parentWidget()
            assert window is not None
            self.close()
            # After the click or key has ended: what is done may wait for an answer, and this is gone by then.
            QTimer.singleShot(0, window, found[-1])


class _Row(Guarded, QStyledItemDelegate):
    """Paints the name, the kind faint at the right, and the keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(px(200), px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        found = index.data(ENTRY)
        if not isinstance(found, tuple):
            return
        kind, title, keys, _ = found
        view = self.parent()
        assert isinstance(view, QListView)
        chosen = index == view.currentIndex()
        room = option.rect.adjusted(px(10), 0, -px(10), 0)
        theme = themes.current
        middle = Qt.AlignmentFlag.AlignVCenter
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(option.rect, px(8), px(8))
        painter.setFont(number_font(12))
        painter.setPen(theme.color("soft"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, keys)
        right = painter.fontMetrics().horizontalAdvance(keys) + px(16) if keys else 0
        painter.setFont(text_font(12))
        painter.drawText(room.adjusted(0, 0, -right, 0), middle | Qt.AlignmentFlag.AlignRight, kind)
        right += painter.fontMetrics().horizontalAdvance(kind) + px(16)
        painter.setFont(text_font(13))
        painter.setPen(theme.color("text"))
        width = room.width() - right
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, title)


def plain(text: str) -> str:
    """Return a text as it is looked for: without accents, in small letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _rank(words: Sequence[str], name: str) -> int:
    """Return how late something stands: first what begins so, then words that begin so, then the rest."""
    if not words:
        return 0
    if name.startswith(words[0]):
        return 0
    return 1 if all(f" {word}" in f" {name}" for word in words) else 2
