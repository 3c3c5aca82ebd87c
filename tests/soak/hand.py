"""A hand that does anything in the window, by chance: the same for the same seed, but for the clock."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QInputDevice,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from shiboken6 import isValid

from micronn_core.common.errors import MicroNNError
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.trainer import StepSize
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.widgets.images.canvas import DigitCanvas
from micronn_gui.workspaces.registry import WORKSPACES
from tests.event_loop import live
from tests.soak.program import Program

PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton

WRITTEN = [Qt.Key(code) for code in (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))]
OTHERS = [
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F1),
    *(Qt.Key.Key_F2, Qt.Key.Key_F11, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_Minus, Qt.Key.Key_Plus),
]
TEXTS = ("0", "1", "0.5", "1e3", "-1", "16", "full", "", "x", "7-5", "10", "3", "64-32-16", "1e-8", "0.1")
"""What is written into settings; not every one takes each."""
SAVED = ("saved", "saved.npz", "sa'ved ü.csv", "no/x")
"""Names under which something is saved."""
ANSWERING = 20
"""Milliseconds between two looks whether a dialog waits for an answer."""


class Hand(QObject):
    """Does one thing after the other.

    Args:
        program: what it plays with.
        files: what there is to open and to drop.
        seed: decides what it does.

    Attributes:
        count: how many things it has done.
        done: the last of them in words, the oldest first.
        slowest: how many seconds of work the slowest of them was, and which.
    """

    def __init__(self, program: Program, files: list[Path], seed: int) -> None:
        super().__init__()
        self._program, self._files = program, files
        self._chance = random.Random(seed)
        self.count = 0
        self.done: deque[str] = deque(maxlen=40)
        self.slowest = (0.0, "")
        self._asked: set[int] = set()
        self._answering = QTimer(self, interval=ANSWERING)
        self._answering.timeout.connect(lambda: QTimer.singleShot(0, self, self._answer))
        self._answering.start()

    @property
    def window(self) -> MainWindow:
        return self._program.window

    @property
    def states(self) -> States:
        return self._program.states

    def stop(self) -> None:
        """Answer nothing any more."""
        self._answering.stop()

    def act(self) -> None:
        """Do one thing, and let the window show it."""
        self.count += 1
        (deed,) = self._chance.choices(list(DEEDS), list(DEEDS.values()))
        self.done.append(deed.__name__.strip("_"))
        began = time.thread_time()
        deed(self)
        QApplication.processEvents()
        self.slowest = max(self.slowest, (time.thread_time() - began, self.done[-1]))
        if not self.window.isVisible():  # something has closed it
            self._leave()

    def note(self, text: str) -> None:
        """Say more about what is being done."""
        self.done[-1] += f" {text}"

    # -- what waits for an answer --

    def _answer(self) -> None:
        waiting = self._top()
        match waiting:
            case QFileDialog():
                self._answer_file_dialog(waiting)
            case QMessageBox():
                self._chance.choice(waiting.buttons()).click()
            case QMenu():
                self._answer_menu(waiting)
            case QDialog():
                waiting.reject()

    def _answer_file_dialog(self, dialog: QFileDialog) -> None:
        again = id(dialog) in self._asked
        self._asked ^= {id(dialog)}
        if again or self._chance.random() < 0.3:  # what was chosen was not taken
            dialog.reject()
        elif dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            folder = self._files[0].parent
            dialog.selectFile(
                str(folder / self._chance.choice(("saved", "saved.npz", "sa'ved ü.csv", "no/x")))
            )
            dialog.accept()
        else:
            dialog.selectFile(str(self._chance.choice(self._files)))
            dialog.accept()

    def _answer_menu(self, menu: QMenu) -> None:
        offered = [entry for entry in menu.actions() if self._harmless(entry)]
        if offered and self._chance.random() < 0.7:
            menu.setActiveAction(self._chance.choice(offered))
            QTest.keyClick(menu, Qt.Key.Key_Return)
        else:
            QTest.keyClick(menu, Qt.Key.Key_Escape)

    def _harmless(self, action: QAction) -> bool:
        """Return whether an action can be chosen without ending the program."""
        return action.isEnabled() and not action.isSeparator() and "Q" not in action.shortcut().toString()

    # -- where --

    def _top(self) -> QWidget:
        """Return what has the mouse: a list or menu that is open, a dialog, or the window."""
        return next(
            filter(_lives, (QApplication.activePopupWidget(), QApplication.activeModalWidget())), self.window
        )

    def _place(self) -> tuple[QWidget, QPoint]:
        """Return a visible widget and a place in it."""
        # Held, for PySide takes a list that is open, and all in it, for deleted when nobody holds it.
        top = self._held = self._top()
        if self._chance.random() < 0.5:
            place = QPoint(
                self._chance.randrange(top.width() or 1), self._chance.randrange(top.height() or 1)
            )
            widget = top.childAt(place) or top
            return (widget, widget.mapFrom(top, place)) if _lives(widget) else (top, place)
        hearing = [
            part
            for part in top.findChildren(QWidget)
            if _lives(part)
            and part.isVisible()
            and part.isEnabled()
            and part.focusPolicy() is not Qt.FocusPolicy.NoFocus
        ]
        widget = self._chance.choice(hearing) if hearing else top
        return widget, self._within(widget)

    def _within(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._chance.randrange(max(1, widget.width())), self._chance.randrange(max(1, widget.height()))
        )

    def _named(self, widget: QWidget, place: QPoint) -> None:
        name = widget.accessibleName() or widget.objectName()
        self.note(f"{type(widget).__name__} {name!r} at {place.x()}, {place.y()}")

    # -- mouse, pen and keys --

    def _click(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        modifier = self._chance.choices((PLAIN, SHIFT, CONTROL), (8, 1, 1))[0]
        QTest.mouseClick(widget, LEFT if self._chance.random() < 0.9 else RIGHT, modifier, place)

    def _double_click(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        QTest.mouseDClick(widget, LEFT, PLAIN, place)

    def _ask_for_menu(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))

    def _drag(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        QTest.mousePress(widget, LEFT, PLAIN, place)
        for _ in range(self._chance.randrange(1, 5)):
            if _lives(widget):  # a message whose time is over takes its buttons along
                QTest.mouseMove(widget, self._within(widget))
        if _lives(widget):
            QTest.mouseRelease(widget, LEFT, PLAIN, self._within(widget))

    def _hover(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        QTest.mouseMove(widget, place)

    def _turn_wheel(self) -> None:
        widget, place = self._place()
        self._named(widget, place)
        turn, none = QPoint(0, self._chance.choice((-1200, -120, -15, 15, 120, 1200))), QPoint()
        modifier = self._chance.choice((PLAIN, PLAIN, CONTROL, SHIFT))
        event = QWheelEvent(
            QPointF(place),
            QPointF(widget.mapToGlobal(place)),
            none,
            turn,
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def _press_key(self) -> None:
        top = self._top()
        focused = QApplication.focusWidget()
        widget = focused if top is self.window and _lives(focused) else top
        key = self._chance.choice(self._chance.choice((WRITTEN, OTHERS, OTHERS)))
        modifier = self._chance.choices((PLAIN, SHIFT, CONTROL, ALT), (12, 2, 3, 1))[0]
        if key is Qt.Key.Key_Q and modifier is CONTROL:
            return
        self.note(f"{key.name} {modifier.name} in {type(widget).__name__}")
        QTest.keyClick(widget, key, modifier)

    def _write(self) -> None:
        focused = QApplication.focusWidget()
        widget = focused if _lives(focused) else self._top()
        text = self._chance.choice(TEXTS)
        self.note(f"{text!r} in {type(widget).__name__} {widget.accessibleName()!r}")
        QTest.keyClick(widget, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(widget, text)
        QTest.keyClick(widget, Qt.Key.Key_Return)

    def _canvas(self) -> DigitCanvas | None:
        found = [pad for pad in self.window.findChildren(DigitCanvas) if pad.isVisible() and pad.isEnabled()]
        return self._chance.choice(found) if found else None

    def _draw(self) -> None:
        canvas = self._canvas()
        if canvas is None:
            return
        for _ in range(self._chance.randrange(1, 4)):
            QTest.mousePress(canvas, LEFT, PLAIN, self._within(canvas))
            for _ in range(self._chance.randrange(6)):
                QTest.mouseMove(canvas, self._within(canvas))
            QTest.mouseRelease(canvas, LEFT, PLAIN, self._within(canvas))

    def _draw_with_pen(self) -> None:
        canvas = self._canvas()
        if canvas is None:
            return
        kind = QPointingDevice.PointerType
        end = self._chance.choice((kind.Pen, kind.Pen, kind.Eraser))
        capability = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        device = QPointingDevice("pen", 1, QInputDevice.DeviceType.Stylus, end, capability, 1, 1)
        press, move, release = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
        for what in (press, *[move] * self._chance.randrange(6), release):
            place, pressure = QPointF(self._within(canvas)), self._chance.choice((0.0, 0.3, 1.0))
            button = Qt.MouseButton.NoButton if what is release else LEFT
            event = QTabletEvent(
                what, device, place, place, pressure, 0, 0, 0.0, 0.0, 0.0, PLAIN, button, button
            )
            QApplication.sendEvent(canvas, event)

    # -- the window --

    def _resize(self) -> None:
        self.window.resize(self._chance.randrange(900, 2200), self._chance.randrange(600, 1300))

    def _change_theme(self) -> None:
        self.window.use_theme(self._chance.choice(("light", "dark", "system")))

    def _open_workspace(self) -> None:
        entry = self._chance.choice(WORKSPACES)
        self.note(entry.name)
        self.window.open_workspace(entry.name)

    def _choose_action(self) -> None:
        offered = [entry for entry in self.window.actions() if self._harmless(entry)]
        menus = self.window.findChildren(QMenu)
        titles = {menu.title() for menu in menus}  # entries that only open a menu do nothing themselves
        for menu in menus:
            offered += [
                entry for entry in menu.actions() if self._harmless(entry) and entry.text() not in titles
            ]
        action = self._chance.choice(offered)
        self.note(action.text())
        action.trigger()

    def _paste(self) -> None:
        clipboard = QApplication.clipboard()
        match self._chance.randrange(3):
            case 0:
                image = QImage(40, 30, QImage.Format.Format_RGB32)
                image.fill(QColor("white"))
                image.setPixelColor(20, 15, QColor("black"))
                clipboard.setImage(image)
            case 1:
                clipboard.setText(self._chance.choice(TEXTS))
            case _:
                data = QMimeData()
                data.setUrls([QUrl.fromLocalFile(str(self._chance.choice(self._files)))])
                clipboard.setMimeData(data)
        QTest.keyClick(self.window, Qt.Key.Key_V, CONTROL)

    def _drop(self) -> None:
        urls = [QUrl.fromLocalFile(str(self._chance.choice(self._files)))]
        match self._chance.randrange(6):
            case 0:
                urls = [QUrl("https://example.org/digits.csv")]
            case 1:
                urls.append(QUrl.fromLocalFile(str(self._files[0].parent)))
        data = QMimeData()
        data.setUrls(urls)
        if self._chance.random() < 0.1:
            data = QMimeData()
            data.setText("7")
        self.note(" ".join(url.fileName() for url in urls))
        target = self._chance.choice((self.window, self._canvas() or self.window))
        copy, place = Qt.DropAction.CopyAction, self._within(target)
        entering = QDragEnterEvent(place, copy, data, LEFT, PLAIN)
        QApplication.sendEvent(target, entering)
        if entering.isAccepted():
            QApplication.sendEvent(target, QDropEvent(QPointF(place), copy, data, LEFT, PLAIN))

    def _leave(self) -> None:
        """End the program, and start it again."""
        self._program.close()
        self._program.open()

    def _rest(self) -> None:
        live(self._chance.choice((1, 20, 60)))

    # -- the training --

    def _settings(self) -> dict[str, object]:
        """Return some settings with values, not all of which can be used together."""
        values: dict[str, object] = {}
        config = self.states.training.config
        for name in self._chance.sample(list(SETTINGS), self._chance.randrange(1, 4)):
            row = SETTINGS[name]
            if name in ("dataset", "white", "started_from"):
                continue
            text = self._chance.choice(row.kind.choices() or TEXTS)
            try:
                values[name] = row.parse(text, config)
            except MicroNNError:
                continue
        self.note(str(values))
        return values

    def _make_network(self) -> None:
        training = self.states.training
        hidden = self._chance.choice(((10,), (1,), (3, 2), (32,), (16, 16, 16), (64,)))
        base = training.config if self._chance.random() < 0.5 else TrainingConfig()
        try:
            config = base.with_values({"hidden": hidden, **self._settings()})
        except MicroNNError:
            return
        (training.new_run if self._chance.random() < 0.5 else training.new_network)(config)

    def _change_settings(self) -> None:
        live_ones = {name: value for name, value in self._settings().items() if SETTINGS[name].live}
        try:
            self.states.training.change(live_ones)
        except MicroNNError:
            return

    def _play(self) -> None:
        self.states.training.toggle()

    def _step(self) -> None:
        self.states.training.step(self._chance.choice(list(StepSize)))

    def _travel(self) -> None:
        training = self.states.training
        newest = training.newest.metrics.epoch if training.newest else 0
        if self._chance.random() < 0.3:
            training.show_live()
        else:
            training.show_epoch(self._chance.random() * newest)

    def _set_speed(self) -> None:
        self.states.training.set_speed(self._chance.choice((None, None, 1.0, 30.0)))

    # -- the runs --

    def _use_run(self) -> None:
        runs = self.states.runs
        known = runs.records() if runs.is_read else ()
        if not known:
            runs.watch(True)
            return
        run = self._chance.choice(known)
        uses: tuple[Callable[[], None], ...] = (
            lambda: runs.load(run.id, best=self._chance.random() < 0.5),
            lambda: runs.delete([run.id]),
            lambda: runs.rename(run.id, self._chance.choice(TEXTS)),
            lambda: runs.choose(run.id, self._chance.random() < 0.5),
            lambda: runs.change(run.id, starred=not run.starred),
        )
        self._chance.choice(uses)()


def _lives(widget: QWidget | None) -> TypeGuard[QWidget]:
    """Return whether there is a widget: Python may still know one that Qt has deleted, such as a list."""
    return widget is not None and isValid(widget)


DEEDS: dict[Callable[[Hand], None], int] = {
    Hand._click: 26,
    Hand._double_click: 3,
    Hand._ask_for_menu: 2,
    Hand._drag: 6,
    Hand._hover: 6,
    Hand._turn_wheel: 5,
    Hand._press_key: 18,
    Hand._write: 3,
    Hand._draw: 3,
    Hand._draw_with_pen: 2,
    Hand._resize: 1,
    Hand._change_theme: 1,
    Hand._open_workspace: 5,
    Hand._choose_action: 4,
    Hand._paste: 1,
    Hand._drop: 1,
    Hand._rest: 4,
    Hand._make_network: 2,
    Hand._change_settings: 3,
    Hand._play: 3,
    Hand._step: 3,
    Hand._travel: 2,
    Hand._set_speed: 1,
    Hand._use_run: 2,
}
"""What it does, and how often."""
