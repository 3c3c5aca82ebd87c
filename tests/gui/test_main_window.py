"""The main window: keys, questions, failures, and that everything can be reached and named."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.window.theme_menu import ThemeMenu
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import DARK, LIGHT
from micronn_gui.widgets.charts.timeline import Timeline
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, part, ready, train_to

LEFT = Qt.MouseButton.LeftButton


def questions(window: MainWindow) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def answer(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Press a button of the one question that is open."""
    (box,) = questions(window)
    button = next(b for b in box.buttons() if b.text().replace("&", "") == text)
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not questions(window))
    window.activateWindow()  # there is no window manager to do it
    qtbot.waitUntil(window.isActiveWindow)


# -- keys --


def test_that_space_plays_and_pauses_as_soon_as_the_window_is_open(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": LONG})
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert training.status is Status.RUNNING
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert training.status is Status.PAUSED


def test_that_space_still_plays_after_a_click_on_a_button(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": LONG})
    for name in ("Weights", "log"):
        qtbot.mouseClick(part(window, QPushButton, name), LEFT)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
    assert training.status is Status.RUNNING
    assert part(window, QPushButton, "log").isChecked()


def test_that_the_right_arrow_takes_one_step(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(training.history) == 2)
    assert training.status is Status.PAUSED


def test_that_l_goes_live(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    training.change({"epochs": 10})
    finish(qtbot, training)
    training.show_epoch(3)
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert training.live


def test_that_keys_in_a_line_are_text(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    training.change({"epochs": 10})
    finish(qtbot, training)
    training.change({"epochs": 20})
    training.show_epoch(3)
    line = part(window, QLineEdit, "Neurons")
    qtbot.mouseClick(line, LEFT)
    line.selectAll()
    qtbot.keyClicks(line, "12 l")
    qtbot.keyClick(line, Qt.Key.Key_Right)
    assert line.text() == "12 l"
    assert not training.live
    assert training.status is Status.PAUSED
    assert len(training.history) == 11


def test_that_arrows_on_the_timeline_take_no_step(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": 10})
    finish(qtbot, training)
    training.change({"epochs": 20})
    timeline = part(window, Timeline, "Timeline")
    timeline.setFocus()
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    assert training.shown is not None
    assert training.shown.metrics.epoch == 10
    assert len(training.history) == 11


# -- a new network --


def test_that_an_untrained_network_is_replaced_without_a_word(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ready(qtbot, training)
    assert questions(window) == []
    assert window.toasts.texts == ()


@pytest.mark.parametrize("how", ["recipe", "transport", "keys"])
def test_that_a_trained_network_gives_way_at_once_and_is_brought_back_by_a_click(
    qtbot: QtBot, training: TrainingState, window: MainWindow, how: str
) -> None:
    training.change({"epochs": LONG})
    train_to(qtbot, training, 10)
    begin_anew: dict[str, Callable[[], object]] = {
        "recipe": lambda: qtbot.mouseClick(part(window, QPushButton, "New network"), LEFT),
        "transport": lambda: qtbot.mouseClick(window.transport.findChildren(QToolButton)[0], LEFT),
        "keys": lambda: qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier),
    }
    begin_anew[how]()
    assert questions(window) == []
    ready(qtbot, training)
    assert len(training.history) == 1
    assert window.toasts.text.endswith("is kept. Undo leads back to it.")
    qtbot.mouseClick(part(window.toasts.newest, QPushButton, "Undo"), LEFT)
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.epoch >= 10)
    assert len(training.history) > 10


def test_that_ctrl_z_brings_the_network_before_back(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": 5})
    finish(qtbot, training)
    weights = training.newest.parameters.layers[0].weight.copy()
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ready(qtbot, training)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.epoch == 5)
    assert np.array_equal(training.newest.parameters.layers[0].weight, weights)


# -- what goes wrong --


def test_that_a_failure_is_told_until_it_is_dismissed(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    open_window: Callable[[States], MainWindow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load() -> Dataset:
        raise DataError("train.gz is damaged. Reinstall MicroNN.")

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load, DIGITS_SPEC))
    window = open_window(states)
    training.new_network(training.config)
    qtbot.waitUntil(lambda: window.toasts.newest is not None)
    assert window.toasts.text == "train.gz is damaged. Reinstall MicroNN."
    assert training.status is Status.FAILED
    qtbot.mouseClick(part(window.toasts.newest, QToolButton, "Dismiss"), LEFT)
    assert window.toasts.newest is None


def test_that_overflow_is_explained_and_a_new_network_takes_the_message_away(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    begin(qtbot, training, activation="leaky_relu", learning_rate=1000.0)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.toasts.newest is not None)
    assert "learning rate of 1000 is too large" in window.toasts.text
    assert training.status is Status.PAUSED
    assert training.trained
    begin(qtbot, training)
    assert not any("too large" in text for text in window.toasts.texts)


# -- theme --


def test_that_the_theme_recolours_the_window_at_once(qtbot: QtBot, window: MainWindow) -> None:
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        window.use_theme(name)
        image = window.grab().toImage()
        cards = [
            window.workspace("train").recipe,
            window.workspace("train").curves,
            window.workspace("train").weights,
        ]
        for card in cards:
            corner = card.mapTo(window, card.rect().topLeft())
            assert image.pixelColor(corner.x() + 30, corner.y() + 5) == theme.color("card")
        assert image.pixelColor(window.rail.width() + 6, window.header.height() + 6) == theme.color(
            "background"
        )


def test_that_the_theme_menu_marks_what_was_chosen(qtbot: QtBot, window: MainWindow) -> None:
    actions = {action.text(): action for action in window.findChild(ThemeMenu).actions()}
    actions["Dark"].trigger()
    assert [name for name, action in actions.items() if action.isChecked()] == ["Dark"]
    actions["As the system"].trigger()
    assert [name for name, action in actions.items() if action.isChecked()] == ["As the system"]


# -- everything has a name and a place --


def interactive(window: MainWindow) -> list[QWidget]:
    """Return what can be acted on and is to be seen."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QSlider)
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and (isinstance(widget, kinds) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not isinstance(widget.parent(), QComboBox)  # the line of an editable list
        and not is_viewport(widget)
    ]


def is_viewport(widget: QWidget) -> bool:
    """Return whether a widget is the inside of one that scrolls, which takes the focus for it."""
    parent = widget.parent()
    return isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget


def test_that_everything_that_can_be_acted_on_has_a_name_and_a_tool_tip(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": 5})
    finish(qtbot, training)
    found = interactive(window)
    assert len(found) > 20
    nameless = [widget for widget in found if not widget.accessibleName()]
    assert nameless == []
    # What is read by pointing at it says so in a line of its own: a tool tip would cover it.
    pointed_at = window.workspace("train").weights.grid.widget(), window.workspace("train").weights.neuron
    tipless = [w.accessibleName() for w in found if not w.toolTip() and w not in pointed_at]
    assert tipless == []


def test_that_tab_reaches_everything_that_can_be_acted_on(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": 5})
    finish(qtbot, training)
    expected = interactive(window)
    reached: list[QWidget] = []
    for _ in range(3 * len(expected)):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is not None and focused not in reached:
            reached.append(focused)
    missed = [widget.accessibleName() for widget in expected if not reaches(widget, reached)]
    assert missed == []


def reaches(widget: QWidget, reached: list[QWidget]) -> bool:
    """Return whether the focus was on a widget, or on the one choice of its group that takes it."""
    if widget in reached or any(widget.isAncestorOf(other) for other in reached):
        return True
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and any(b in reached for b in group.buttons())


# -- the end --


def test_that_closing_while_it_trains_ends_the_training_long_before_its_last_epoch(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    training.change({"epochs": LONG})
    train_to(qtbot, training, 5)
    window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "micronn-training"]
    assert training.newest is not None
    assert training.newest.metrics.epoch < LONG
