"""A card that floats over the window beside what it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Card, IconButton, label
from micronn_gui.widgets.controls.entry import entry_in_use
from micronn_gui.widgets.guard import Guarded

WATCHED = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Resize, QEvent.Type.Hide}
)


class Popover(Guarded, QFrame):
    """Opens beside a row of controls and leaves it in sight and in use.

    Esc, a press elsewhere in the window, or a second wish for it closes it. It is a part of the
    window and no window of its own, so the keyboard stays where it was unless the card takes it,
    and nothing else stops while it is open. One is open at a time.

    Attributes:
        title: its heading.
        body: takes its content.
    """

    closed = Signal()

    def __init__(self, owner: QWidget, width: int) -> None:
        """Take the widget that it belongs to, and its width in pixels."""
        super().__init__(owner)
        self.hide()
        self.setObjectName("popover")
        self.setFixedWidth(width)
        self._anchor = owner
        self._before: QWidget | None = None
        self.title = label("", "title")
        close = IconButton("x", tr("Close (Esc)"), "soft", 16)
        close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(close)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(18), px(10), px(10), px(16))
        self.body.setSpacing(px(8))
        self.body.addLayout(head)

    def open_at(self, anchor: QWidget) -> None:
        """Open it beside the card in which the anchor lies; a press on the anchor closes nothing."""
        for other in anchor.window().findChildren(Popover):
            if other is not self:
                other.dismiss()
        self._anchor, self._before = anchor, QApplication.focusWidget()
        self.setParent(anchor.window())
        self.show()
        self.raise_()
        self.fit()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr] # there is one

    def dismiss(self) -> None:
        """Close it, and give the keyboard back if it has it."""
        if self.isHidden():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr] # there is one
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self.window())
        self.hide()
        if had_focus:
            (self._before if self._before and self._before.isVisible() else self.window()).setFocus()
        self.closed.emit()

    def fit(self) -> None:
        """Take the height of the content and stand beside the anchor's card, within the window."""
        if self.isHidden():
            return
        # Sizes of nested layouts are true only once their requests have been heard.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        window, width = self.window(), self.width()
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.resize(width, min(height, window.height() - px(16)))
        card = _card_around(self._anchor)
        edge = card.mapTo(window, QPoint(0, 0)).x()
        right = edge + card.width() + px(4)
        left = right if right + width + px(8) <= window.width() else edge - width - px(4)
        top = self._anchor.mapTo(window, QPoint(0, 0)).y() - px(16)
        bottom = card.mapTo(window, QPoint(0, card.height())).y()
        self.move(
            max(0, min(left, window.width() - width - px(8))),
            max(px(8), min(top, bottom - self.height())),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on Esc, on a press elsewhere and with the anchor; follow the window's size."""
        kind = event.type()
        if kind not in WATCHED or not isinstance(watched, QWidget) or watched.window() is not self.window():
            return False
        if kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                if entry := entry_in_use():
                    entry.put_back()
                self.dismiss()
                return True
        elif kind is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            # The place decides: a press that nothing wants is passed on from parent to parent.
            place = event.globalPosition().toPoint()
            if not any(part.rect().contains(part.mapFromGlobal(place)) for part in (self, self._anchor)):
                self.dismiss()
        elif kind is QEvent.Type.Resize and watched is self.window():
            QTimer.singleShot(0, self, self.fit)  # when the layouts have followed
        elif kind is QEvent.Type.Hide and watched is self._anchor:
            self.dismiss()
        return False


def _card_around(widget: QWidget) -> QWidget:
    """Return the card in which a widget lies, or the widget."""
    place: QWidget | None = widget
    while place is not None and not isinstance(place, Card):
        place = place.parentWidget()
    return place or widget
