"""A tour through the window: a ring around the real control, and beside it a card that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from micronn_core.common.texts import number, tr
from micronn_gui.panels.window.tours import Step, Tour, Watched
from micronn_gui.theme import px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, keep_place, label
from micronn_gui.widgets.guard import Guarded

WIDTH = 320
LOOK = 100
"""Milliseconds between two looks where the control is, and whether the user has done what is waited for."""
AROUND = 6
"""Pixels from the control to the ring."""
BESIDE = 14
"""Pixels from the control to the card."""


class Ring(Guarded, QWidget):
    """A ring that marks a control and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = px(3)
            painter.setPen(QPen(themes.current.color("accent"), width))
            inside = self.rect().adjusted(width // 2 + 1, width // 2 + 1, -width // 2 - 1, -width // 2 - 1)
            painter.drawRoundedRect(inside, px(12), px(12))


class TourCard(Guarded, QFrame):
    """Goes through the steps of a tour, over the window, which stays in use.

    Args:
        tour: the steps.
        window: what is toured.
        open_page: opens a workspace by its name.
        watched: tells what the user has done.
    """

    ended = Signal()

    def __init__(
        self, tour: Tour, window: QWidget, open_page: Callable[[str], object], watched: Watched
    ) -> None:
        super().__init__(window)
        self.setObjectName("popover")
        self.setFixedWidth(px(WIDTH))
        self._tour, self._window, self._open_page, self._watched = tour, window, open_page, watched
        self._place = 0
        self._lost = False  # whether somebody has gone where the control is not
        self._before: object = None
        self._target: QWidget | None = None
        self.ring = Ring(window)
        self._count, self._sentence = label("", "caption"), label("")
        self._sentence.setWordWrap(True)
        self._waits = label(tr("When you have done it, the tour goes on by itself."), "soft")
        self._waits.setWordWrap(True)
        self._back = button(tr("Back"), tr("The step before (←)"), "link")
        self._next = button("", "", "primary")
        self._back.clicked.connect(self.back)
        self._next.clicked.connect(self.go_on)
        self._lay_out()
        for keys, do in (
            (Qt.Key.Key_Escape, self.end),
            (Qt.Key.Key_Return, self.go_on),
            (Qt.Key.Key_Enter, self.go_on),
            (Qt.Key.Key_Right, self.go_on),
            (Qt.Key.Key_Left, self.back),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self._looking = QTimer(self, interval=LOOK)
        self._looking.timeout.connect(self._look)

    def _lay_out(self) -> None:
        end = IconButton("x", tr("End the tour (Esc)"), "soft", 16)
        end.clicked.connect(self.end)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label(tr(self._tour.title), "title"), 1)
        head.addWidget(self._count)
        head.addWidget(end)
        foot.addStretch(1)
        foot.setSpacing(px(12))
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        keep_place(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(18), px(10), px(12), px(14))
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(self._waits)
        column.addLayout(foot)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._tour.steps[self._place]

    def begin(self) -> None:
        """Show the first step."""
        if self._tour.prepare is not None:
            self._tour.prepare(self._watched)
        self._looking.start()
        self._show_next(0)

    def go_on(self) -> None:
        """Go to the next step that has something to say, or back to this one; after the last one, end."""
        self._show_next(self._place + (not self._lost))

    def _show_next(self, first: int) -> None:
        """Show the first of the steps from there on that has something to say."""
        steps = self._tour.steps
        for place in range(first, len(steps)):
            if self._lost or not self._is_past(steps[place]):
                self._show(place)
                return
        self.end()

    def back(self) -> None:
        """Go to the step before."""
        if self._place:
            self._show(self._place - 1)

    def _is_past(self, step: Step) -> bool:
        return step.is_past is not None and step.is_past(self._watched)

    def end(self) -> None:
        """Take the tour away."""
        self._looking.stop()
        self.ring.hide()
        self.hide()
        self.ended.emit()

    def _show(self, place: int) -> None:
        self._place, self._target = place, None
        step, count = self.step, len(self._tour.steps)
        self._open_page(step.page)
        self._bring_into_sight(step)
        self._before = step.waits_for(self._watched) if step.waits_for else None
        self._count.setText(tr("{place} of {count}", place=number(place + 1), count=number(count)))
        self._sentence.setText(tr(step.sentence))
        self._waits.setVisible(step.waits_for is not None)
        self._back.setVisible(place > 0)
        last = place + 1 == count
        self._lost = False
        if last:
            self._offer(tr("Done"), tr("End the tour (Enter)"))
        elif step.waits_for is not None:
            self._offer(tr("Skip"), tr("The next step (Enter or →)"))
        else:
            self._offer(tr("Next"), tr("The next step (Enter or →)"))
        self.setAccessibleName(self._sentence.text())
        self.show()
        self._follow()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _offer(self, text: str, tip: str) -> None:
        self._next.setText(text)
        self._next.setAccessibleName(text)
        self._next.setToolTip(tip)

    def _bring_into_sight(self, step: Step) -> None:
        """Open what the control is put away in."""
        if step.opened_by and find_part(self._window, map(tr, step.parts)) is None:
            opener = find_part(self._window, (tr(step.opened_by),))
            if isinstance(opener, QAbstractButton):
                opener.click()

    # -- following --

    def _look(self) -> None:
        """Stand where the control is now, and go on when the user has done what is waited for."""
        waits_for = self.step.waits_for
        done = waits_for is not None and waits_for(self._watched) != self._before
        if done and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.go_on()
        else:
            self._follow()

    def _follow(self) -> None:
        window = self._window
        if self._target is None or not isValid(self._target) or not self._target.isVisible():
            self._target = find_part(window, map(tr, self.step.parts))
            if self._target is not None:
                _scroll_to(self._target)
            elif not self._lost:
                self._lost = True
                self._offer(tr("Go back there"), tr("Back to what this step is about (Enter or →)"))
        target = QRect() if self._target is None else _place_in(window, self._target)
        around = px(AROUND)
        ring = target.adjusted(-around, -around, around, around) & window.rect()
        self.ring.setVisible(not target.isEmpty())
        if self.ring.geometry() != ring:
            self.ring.setGeometry(ring)
        size = QSize(self.width(), self.heightForWidth(self.width()))
        spared = [
            _place_in(window, part) for name in self.step.spares if (part := find_part(window, [tr(name)]))
        ]
        card = QRect(place_beside(target, size, window.rect(), spared), size)
        if self.geometry() != card:
            self.setGeometry(card)
        self.ring.raise_()
        self.raise_()


def find_part(window: QWidget, names: Iterable[str]) -> QWidget | None:
    """Return the visible part of a window that has one of some names; the first name counts most."""
    seen: dict[str, QWidget] = {}
    for part in window.findChildren(QWidget):
        if part.isVisible():
            seen.setdefault(part.accessibleName(), part)
    return next((seen[name] for name in names if name in seen), None)


def place_beside(target: QRect, size: QSize, room: QRect, spared: Sequence[QRect] = ()) -> QPoint:
    """Return where a card stands beside a target, right, left, below or above of it, or in a corner.

    It covers as little of the target as it can, and then as little as it can of what is to be spared.

    Args:
        target: what it stands beside; an empty one puts it into the middle.
        size: of the card.
        room: what it must stay in.
        spared: what else is to be seen.
    """
    inside = room.adjusted(px(8), px(8), -px(8), -px(8))
    corner = QPoint(inside.right() + 1 - size.width(), inside.bottom() + 1 - size.height())
    if target.isEmpty():
        return QPoint(room.center().x() - size.width() // 2, room.center().y() - size.height() // 2)
    gap = px(BESIDE)
    middle = target.center() - QPoint(size.width() // 2, size.height() // 2)
    wishes = (
        QPoint(target.right() + 1 + gap, middle.y()),
        QPoint(target.left() - gap - size.width(), middle.y()),
        QPoint(middle.x(), target.bottom() + 1 + gap),
        QPoint(middle.x(), target.top() - gap - size.height()),
        corner,
        QPoint(inside.left(), corner.y()),
        QPoint(corner.x(), inside.top()),
        inside.topLeft(),
    )
    places = [
        QPoint(max(inside.left(), min(wish.x(), corner.x())), max(inside.top(), min(wish.y(), corner.y())))
        for wish in wishes
    ]

    def covered(place: QPoint, what: QRect) -> int:
        common = QRect(place, size) & what
        return common.width() * common.height() if not common.isEmpty() else 0

    return min(
        places, key=lambda place: (covered(place, target), sum(covered(place, part) for part in spared))
    )


def _place_in(window: QWidget, part: QWidget) -> QRect:
    """Return where a part of a window is seen in it."""
    seen = part.visibleRegion().boundingRect()
    return QRect(part.mapTo(window, seen.topLeft()), seen.size())


def _scroll_to(part: QWidget) -> None:
    """Bring a part into sight, whatever it is scrolled in."""
    around = part.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(part)
        around = around.parentWidget()
