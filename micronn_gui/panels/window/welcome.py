"""The welcome: a card over the first page with the first steps, until it is dismissed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_gui.panels.window.network_files import ReadyNetworkEntry
from micronn_gui.panels.window.tours import TOURS, Tour
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.guard import Guarded

CHOICE = 216
"""Width of what there is to choose, in pixels."""


BAR = 12
"""Room for a scroll bar."""


EDGE = 8
"""Room for both borders."""


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
        self.stand(px(CHOICE), beside=True)
        themes.changed.connect(self._colour)
        self._colour()

    def stand(self, width: int, beside: bool) -> None:
        """Stand beside the others, or below them in fewer lines and without the icon."""
        self._icon.setVisible(beside)
        margin = px(16 if beside else 10)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(px(8 if beside else 2))
        self.setFixedWidth(width)
        self.setMinimumHeight(self._column.heightForWidth(width))

    def sizeHint(self) -> QSize:
        """Return the room that its words need."""
        return self.minimumSize()

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
        self._content = QWidget()
        area = QScrollArea()  # where the window is small and the text is large
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self._content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around = QVBoxLayout(self)
        around.setContentsMargins(px(2), px(2), px(2), px(2))
        around.addWidget(area)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(px(22), px(18), px(22), px(18))
        column.setSpacing(px(12))
        column.addLayout(self._head())
        said = label(
            tr("A small network learns to read handwriting before your eyes. Begin with one of these:")
        )
        said.setWordWrap(True)
        column.addWidget(said)
        self._row = choices = QBoxLayout(QBoxLayout.Direction.LeftToRight)
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
        self._offer = label(tr("Or open a network that has learned already:"), "soft")
        row.addWidget(self._offer)
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
        """Stand in the middle of the page, the tours side by side where there is room for that."""
        room = self._page.size() - QSize(px(16), px(16))
        beside = room.width() >= px(3 * CHOICE + 80)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._row.setSpacing(px(16 if beside else 8))
        self._offer.setWordWrap(not beside)
        width = px(CHOICE) if beside else min(px(2 * CHOICE), room.width() - px(BAR + 48))
        for choice in self._choices:
            choice.stand(width, beside)
        self._content.ensurePolished()
        wanted = self._content.minimumSizeHint().width() + px(EDGE if beside else BAR + EDGE)
        width = min(wanted, room.width())
        height = min(self._content.heightForWidth(width - px(EDGE)) + px(EDGE), room.height())
        place = self._page.rect().center() - QPoint(width // 2, height // 2)
        self.setGeometry(place.x(), place.y(), width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._stand()
        return False
