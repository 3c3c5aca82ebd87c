"""Find anything: what is written finds what can be done, and the keyboard does it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from micronn_gui.main_window import MainWindow
from micronn_gui.panels.window.help_page import GlossaryDialog
from micronn_gui.panels.window.palette import Found, Palette
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.keeping import settle, stock
from tests.gui.running import ready

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


def opened(qtbot: QtBot, window: MainWindow) -> tuple[Palette, QLineEdit]:
    qtbot.keyClick(window, KEY.Key_K, CONTROL)
    palette = window.findChild(Palette)
    assert palette is not None
    line = palette.findChild(QLineEdit)
    assert line is not None
    return palette, line


@pytest.mark.parametrize("text", ["runs", "RUNS", "rùns"])
def test_that_a_workspace_is_found_and_opened(qtbot: QtBot, window: MainWindow, text: str) -> None:
    palette, line = opened(qtbot, window)
    line.setText(text)
    assert palette.titles[0] == "Runs"
    qtbot.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: window.current is window.workspace("runs"))


def test_that_arrows_choose(qtbot: QtBot, window: MainWindow) -> None:
    palette, line = opened(qtbot, window)
    qtbot.keyClicks(line, "open")
    assert len(palette.titles) > 1
    qtbot.keyClick(line, KEY.Key_Down)
    assert palette._list.currentIndex().row() == 1
    qtbot.keyClick(line, KEY.Key_Up)
    assert palette._list.currentIndex().row() == 0
    qtbot.keyClick(line, KEY.Key_Escape)
    assert not palette.isVisible()


def test_that_a_ready_network_is_opened(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    palette, line = opened(qtbot, window)
    qtbot.keyClicks(line, "strong")
    assert palette.titles == ["Strong"]
    qtbot.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: training.config.hidden == (512, 256))
    ready(qtbot, training)
    assert window.header.run.name == "Strong"


def test_that_a_kept_run_is_found_by_its_number(
    qtbot: QtBot, states: States, training: TrainingState, window: MainWindow
) -> None:
    stock(states.runs.folder, 2)
    states.runs.watch(True)
    settle(qtbot, states.runs)
    palette, line = opened(qtbot, window)
    qtbot.keyClicks(line, "run 2")
    assert palette.titles[0].startswith("Run 2")
    qtbot.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: window.header.run.name == "Run 2")


@pytest.mark.parametrize("text", ["learning rate", "momentum", "seed"])
def test_that_a_setting_is_found_and_gets_the_keyboard(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.open_workspace("draw")
    palette, line = opened(qtbot, window)
    qtbot.keyClicks(line, text)
    row = palette.titles.index(next(title for title in palette.titles if title.lower() == text))
    for _ in range(row):
        qtbot.keyClick(line, KEY.Key_Down)
    qtbot.keyClick(line, KEY.Key_Return)
    recipe = window.workspace("train").recipe

    def has_the_keyboard() -> bool:
        focused = window.focusWidget()
        return recipe.isAncestorOf(focused) and focused.accessibleName().lower() == text

    qtbot.waitUntil(has_the_keyboard)
    assert window.current is window.workspace("train")


def test_that_a_word_is_found_and_explained(qtbot: QtBot, window: MainWindow) -> None:
    palette, line = opened(qtbot, window)
    qtbot.keyClicks(line, "dead")
    assert palette.titles == ["Dead neuron"]
    qtbot.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(GlossaryDialog) is not None)
    glossary = window.findChild(GlossaryDialog)
    assert glossary.found[0] == "Dead neuron"
    glossary.close()


def test_that_what_is_clicked_may_wait_for_an_answer(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    answered: list[bool] = []

    def ask() -> None:
        dialog = QDialog(page)
        QTimer.singleShot(0, dialog.accept)
        answered.append(bool(dialog.exec()))

    palette = Palette([Found("Action", "Ask", "", ask)], page)
    palette.show_over(page)
    viewport = palette._list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    qtbot.waitUntil(lambda: answered == [True])
    assert not isValid(palette)


def test_that_nothing_found_is_said(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    palette = Palette([Found("Action", "Play", "Space", lambda: None)], page)
    palette.show_over(page)
    line = palette.findChild(QLineEdit)
    qtbot.keyClicks(line, "qqq")
    assert palette.titles == []
    assert palette._nothing.isVisible()
    qtbot.keyClick(line, KEY.Key_Return)  # does nothing
    palette.close()
