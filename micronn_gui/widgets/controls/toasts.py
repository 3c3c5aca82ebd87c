"""What has been done, with an offer to undo it, and what went wrong: notes that lie over the window.

They move nothing. What has been done is said for a while; what went wrong stays until it is dismissed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.guard import Guarded

MOST = 3
"""So many are shown at once; the oldest gives way."""
ABOVE = 4
"""Pixels above the first of them."""
WIDEST = 560
"""Pixels at the usual text size."""
TIME = 8_000
"""Milliseconds for which is said what has been done,"""
TIME_TO_UNDO = 20_000
"""and for which it is offered to undo it. The mouse over a note stops the time."""


class Offer(NamedTuple):
    """What can be done about a message.

    Attributes:
        label: the word on its button.
        tip: what it does, and its keys.
        do: does it.
    """

    label: str
    tip: str
    do: Callable[[], object]


class Toast(Guarded, QFrame):
    """One message."""

    gone = Signal()
    """Its time is over, it was dismissed, or its offer was taken."""

    def __init__(self, text: str, good: bool, offer: Offer | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setProperty("good", good)
        self.text, self.offer, self._good = text, offer, good
        self._icon = QLabel()
        self._words = label(text)
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(8), px(10))
        row.setSpacing(px(12))
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        if offer is not None:
            accept = button(offer.label, offer.tip, "link")
            accept.clicked.connect(self._accept)
            row.addWidget(accept)
        close = IconButton("x", tr("Dismiss"), "soft", 16)
        close.clicked.connect(self._end)
        row.addWidget(close)
        self._time = QTimer(self, singleShot=True, interval=TIME if offer is None else TIME_TO_UNDO)
        self._time.timeout.connect(self._end)
        self.setAccessibleName(text)
        themes.changed.connect(self._colour)
        self._colour()
        if good:
            self._time.start()

    @property
    def natural_width(self) -> int:
        """How wide it is with its longest line unbroken."""
        metrics = self._words.fontMetrics()
        longest = max(map(metrics.horizontalAdvance, self.text.splitlines()), default=0)
        return self.sizeHint().width() - self._words.sizeHint().width() + longest + px(8)

    def _accept(self) -> None:
        offer, self.offer = self.offer, None
        self._end()
        if offer is not None:
            offer.do()

    def _end(self) -> None:
        self._time.stop()
        self.gone.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while it is read."""
        self._time.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let its time go on."""
        if self._good:
            self._time.start()
        super().leaveEvent(event)

    def _colour(self) -> None:
        name, role = ("check", "good") if self._good else ("triangle-alert", "negative")
        side = px(20)
        self._icon.setPixmap(icon(name, themes.current, role, side).pixmap(side, side))


class Toasts(Guarded, QObject):
    """The messages over a widget, the newest lowest.

    Args:
        over: what they lie over; they stand in the middle of its top, where a window has no more than a
            header and its foot what is watched.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._shown: list[Toast] = []
        over.installEventFilter(self)

    @property
    def newest(self) -> Toast | None:
        """The message that was shown last, while it is there."""
        return self._shown[-1] if self._shown else None

    @property
    def text(self) -> str:
        """The newest message; "" while there is none."""
        return self._shown[-1].text if self._shown else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All messages that are there, the oldest first."""
        return tuple(toast.text for toast in self._shown)

    def show_message(self, text: str, good: bool = False, offer: Offer | None = None) -> Toast:
        """Show a message: something went wrong, or something has been done and can perhaps be undone.

        One that is there already with the same words gives way.
        """
        for toast in [toast for toast in self._shown if toast.text == text]:
            self.withdraw(toast)
        while len(self._shown) >= MOST:
            self.withdraw(self._shown[0])
        toast = Toast(text, good, offer, self._over)
        toast.gone.connect(self._remove)
        self._shown.append(toast)
        toast.show()
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))
        return toast

    def withdraw(self, toast: Toast | None) -> None:
        """Take a message away, if it is there."""
        if toast in self._shown:
            self._shown.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def clear(self) -> None:
        """Take all messages away."""
        for toast in list(self._shown):
            self.withdraw(toast)

    def _remove(self) -> None:
        toast = self.sender()
        if isinstance(toast, Toast):
            self.withdraw(toast)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what they lie over."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def _place(self) -> None:
        room, top = self._over.rect(), px(ABOVE)
        for toast in self._shown:
            width = min(px(WIDEST), room.width() - 2 * px(16), toast.natural_width)
            height = max(toast.heightForWidth(width), toast.minimumSizeHint().height())
            toast.setGeometry((room.width() - width) // 2, top, width, height)
            toast.raise_()
            top += height + px(8)
