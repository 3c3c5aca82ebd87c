"""Present: a screen for a class, in large type: one view, the pad, the figures, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px, style_sheet, text_size, themes
from micronn_gui.widgets.controls.buttons import Card, label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.digit_keys import plain_digit
from micronn_gui.widgets.guard import Guarded
from micronn_gui.workspaces.present_views import LARGE_VIEWS, Figures, LargeView, PresentPad

TYPE = 175
"""Size of the type in percent, on a screen of this size:"""
SCREEN = (1920, 1080)
LEAST, MOST = 100, 400


class PresentWindow(Guarded, QWidget):
    """Fills a screen; it shows and changes the same states as the window, and leaves that as it is.

    Args:
        states: the application's.
        play: plays and pauses.
        step: takes a step of the training.
        room: the screen that it is to fill.
    """

    left = Signal()
    """It is closed."""

    def __init__(
        self, states: States, play: Callable[[], object], step: Callable[[], object], room: QRect
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle(tr("MicroNN – presenting"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._states, self._play, self._step = states, play, step
        text_size.own[self] = type_for(room)
        with text_size.of(self):
            self._build()
            self._dress()
        themes.changed.connect(self._dress)
        self.resize(room.size())
        self.show_view(0)

    # -- building --

    def _build(self) -> None:
        states = self._states
        self._views: dict[int, LargeView] = {}
        self._stack = QStackedWidget()
        self.card = Card("")
        self.card.title.setObjectName("present-title")
        self._note = ElidedLabel("", "present-note")
        self.card.head.addWidget(self._note)
        self.card.body.addWidget(self._stack, 1)
        self.pad = PresentPad(states.training, states.drawing, states.answer)
        self.figures = Figures(states.training)
        keys = tr(
            "Space plays · → steps · 1–{last} show one panel large · B blank · Esc leaves",
            last=number(len(LARGE_VIEWS)),
        )
        foot = QHBoxLayout()
        foot.addWidget(self.figures)
        said = label(keys, "faint")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        foot.addWidget(said, 1)
        self.card.body.addLayout(foot)
        row = QHBoxLayout()
        row.setContentsMargins(px(15), px(15), px(15), px(15))
        row.setSpacing(px(15))
        row.addWidget(self.card, 1)
        row.addWidget(self.pad)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(ProgressLine(states.training))
        self.blank = Blank(self)

    def _dress(self) -> None:
        """Put the theme on in this window's size."""
        with text_size.of(self):
            self.setStyleSheet(style_sheet(themes.current))

    @property
    def view(self) -> LargeView:
        """The view that is shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, LargeView)
        return shown

    def show_view(self, place: int) -> None:
        """Show the view of a place; one that there is none of changes nothing."""
        if not 0 <= place < len(LARGE_VIEWS):
            return
        self._place, entry = place, LARGE_VIEWS[place]
        if place not in self._views:
            with text_size.of(self):
                self._views[place] = entry.build(self._states)
                self._stack.addWidget(self._views[place])
                self._views[place].noted.connect(self._say_note)
                for part in self._views[place].findChildren(QWidget):
                    part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # all keys are those of the whole screen
        self._stack.setCurrentWidget(self._views[place])
        self.card.title.setText(tr(entry.title))
        self.card.setAccessibleName(self.card.title.text())
        self._say_note()

    def _say_note(self) -> None:
        if self._note.text() != self.view.note:
            self._note.setText(self.view.note)

    def fill(self, screen: QScreen) -> None:
        """Show it on the whole of a screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says; while all is dark, any key brings it back."""
        key, digit = event.key(), plain_digit(event)
        if event.isAutoRepeat() and key != Qt.Key.Key_Right:
            return
        if self.blank.isVisible():
            self.blank.hide()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()
        elif key == Qt.Key.Key_Space:
            self._play()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self._go(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_B, Qt.Key.Key_Period):
            self.blank.show_over()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._states.drawing.clear()
        elif digit is not None:
            self.show_view(digit - 1)
        else:
            super().keyPressEvent(event)

    def _go(self, direction: int) -> None:
        """Go a stage on or back where there are stages; else take a step of the training."""
        if LARGE_VIEWS[self._place].stages:
            self._states.inspection.move_step(direction)
        elif direction > 0:
            self._step()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the dark cover everything."""
        super().resizeEvent(event)
        self.blank.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the states, and tell that it is over."""
        super().closeEvent(event)
        text_size.own.pop(self, None)
        self.left.emit()


class Blank(Guarded, QWidget):
    """All dark, until somebody wants to see again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Dark: any key brings the picture back"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def show_over(self) -> None:
        """Cover everything."""
        self.raise_()
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the picture back, as a key does."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it black, in every theme."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)


class ProgressLine(Refreshing, QWidget):
    """A line along the foot: how much of the run is done."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__()
        self.setFixedHeight(px(6))
        self.setAccessibleName(tr("How far the run is"))
        self._training, self._share = training, 0.0
        for signal in (training.history_grew, training.config_changed, training.run_started):
            signal.connect(self.touch)

    def refresh(self) -> None:
        """Take in how far the run is."""
        newest = self._training.newest
        epoch = newest.metrics.epoch if newest else 0.0
        self._share = min(epoch / max(self._training.config.epochs, 1), 1.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        with QPainter(self) as painter:
            painter.fillRect(
                0, 0, round(self._share * self.width()), self.height(), themes.current.color("accent")
            )


def type_for(room: QRect) -> int:
    """Return the size of the type, in percent, for a screen."""
    width, height = SCREEN
    size = TYPE * min(room.width() / width, room.height() / height)
    return round(min(max(size, LEAST), MOST))


def screen_beside(window: QWidget) -> QScreen:
    """Return the screen to present on: another one than the window's, if there is one."""
    own = window.screen()
    return next((screen for screen in QGuiApplication.screens() if screen is not own), own)
