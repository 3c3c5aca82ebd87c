"""The welcome: a card over the first page with the first steps, until it is dismissed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.window.network_files import ReadyNetworkEntry
from micronn_gui.panels.window.tours import TOURS, Tour
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.guard import Guarded

CHOICE = 216
"""Width of what there is to choose, in pixels."""


class TourButton(Guarded, QPushButton):
    """A tour as it is offered: an icon, its name, and what one sees in it."""

    def __init__(self, tour: Tour) -> None:
        super().__init__()
        self.tour = tour
        self.setObjectName("choice")
        self.setAccessibleName(tr(tour.title))
        self.setAccessibleDescription(tr(tour.promise))
        self.setToolTip(tr("Begin this tour: five steps"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self._icon, promise = QLabel(), label(tr(tour.promise), "soft")
        promise.setWordWrap(True)
        promise.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(16), px(16), px(16), px(16))
        self._column.setSpacing(px(8))
        for part in (self._icon, label(tr(tour.title), "strong"), promise):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.setFixedWidth(px(CHOICE))
        self.setMinimumHeight(self._column.heightForWidth(px(CHOICE)))
        themes.changed.connect(self._colour)
        self._colour()

    def sizeHint(self) -> QSize:
        """Return the room that its words need."""
        return QSize(px(CHOICE), self._column.heightForWidth(px(CHOICE)))

    def _colour(self) -> None:
        side = px(28)
        self._icon.setPixmap(icon(self.tour.icon, themes.current, "accent", side).pixmap(side, side))


class Welcome(Guarded, QFrame):
    """Offers the tours, and networks that have learned already; it moves nothing.

    Args:
        page: what it lies over.
        ready: the networks that come along.
    """

    tour_wanted = Signal(object)
    """Somebody wants to begin a tour."""
    dismissed = Signal()
    """It is not wanted any more."""

    def __init__(self, page: QWidget, ready: Iterable[ReadyNetworkEntry]) -> None:
        super().__init__(page)
        self.setObjectName("popover")
        self.setAccessibleName(tr("Welcome to MicroNN"))
        self._page, self._ready = page, tuple(ready)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(20))
        column.setSpacing(px(12))
        column.addLayout(self._head())
        column.addWidget(
            label(tr("A small network learns to read handwriting before your eyes. Begin with one of these:"))
        )
        choices = QHBoxLayout()
        choices.setSpacing(px(16))
        self._choices = [TourButton(tour) for tour in TOURS]
        for choice in self._choices:
            choice.clicked.connect(self._choose)
            choices.addWidget(choice)
        column.addLayout(choices)
        column.addLayout(self._foot())
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.dismiss)
        page.installEventFilter(self)
        self._stand()

    def _head(self) -> QHBoxLayout:
        close = IconButton("x", tr("Close (Esc). You find this again in the menu Help."), "soft", 18)
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout()
        row.addWidget(label(tr("Welcome to MicroNN"), "welcome"), 1)
        row.addWidget(close)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(label(tr("Or open a network that has learned already:"), "soft"))
        for entry in self._ready:
            opener = button(entry.title, entry.tip, "link")
            opener.clicked.connect(entry.open)
            opener.clicked.connect(self.dismiss)
            row.addWidget(opener)
        row.addStretch(1)
        return row

    def open(self) -> None:
        """Show it, with the keyboard on the first tour."""
        self.show()
        self._stand()
        self._choices[0].setFocus()

    def dismiss(self) -> None:
        """Take it away."""
        if not self.isHidden():
            self.hide()
            self.window().setFocus()
            self.dismissed.emit()

    def _choose(self) -> None:
        chosen = self.sender()
        if isinstance(chosen, TourButton):
            self.dismiss()
            self.tour_wanted.emit(chosen.tour)

    def _stand(self) -> None:
        self.ensurePolished()
        size, page = self.sizeHint(), self._page
        self.setGeometry(
            max(0, (page.width() - size.width()) // 2),
            max(0, (page.height() - size.height()) // 2),
            size.width(),
            size.height(),
        )
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._stand()
        return False
