"""The layers in the recipe: the line and the editor show the same draft, and refuse the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.settings.table import MAX_LAYERS
from micronn_gui.main_window import MainWindow
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.layer_editor import LayerEditor
from micronn_gui.widgets.controls.popover import Popover
from tests.gui.running import enter, part

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def editor(qtbot: QtBot, window: MainWindow) -> LayerEditor:
    window.resize(1280, 720)
    opener = part(window, QToolButton, "Edit the layers one by one")
    qtbot.mouseClick(opener, LEFT)
    found = window.findChild(LayerEditor)
    assert isinstance(found, LayerEditor)
    assert found.isVisible()
    return found


def line(window: MainWindow) -> QLineEdit:
    return part(window, QLineEdit, "Neurons")


def width(editor: LayerEditor, i: int) -> QLineEdit:
    return part(editor, QLineEdit, f"Neurons of h{i}")


def press(qtbot: QtBot, editor: LayerEditor, name: str) -> None:
    qtbot.mouseClick(part(editor, QToolButton, name), LEFT)


def add(qtbot: QtBot, editor: LayerEditor) -> None:
    qtbot.mouseClick(part(editor, QPushButton, "+ layer"), LEFT)


def told(editor: LayerEditor) -> str:
    return " ".join(made.text() for made in editor.findChildren(QLabel) if made.isVisible())


def test_that_the_keyboard_goes_to_the_first_width(editor: LayerEditor) -> None:
    assert width(editor, 1).hasFocus()
    assert "784 → 10 → 10 · 7,960 parameters" in told(editor)


def test_that_every_edit_goes_into_the_recipe_and_the_sum_is_live(
    qtbot: QtBot, training: TrainingState, window: MainWindow, editor: LayerEditor
) -> None:
    enter(qtbot, width(editor, 1), "128")
    assert line(window).text() == "128"
    add(qtbot, editor)
    assert line(window).text() == "128, 32"
    # 785 * 128 + 129 * 32 + 33 * 10
    assert "784 → 128 → 32 → 10 · 104,938 parameters" in told(editor)
    press(qtbot, editor, "Move h2 up")
    assert line(window).text() == "32, 128"
    press(qtbot, editor, "Remove h1")
    assert line(window).text() == "128"
    assert training.wanted.hidden == (128,)


def test_that_the_line_is_followed(qtbot: QtBot, window: MainWindow, editor: LayerEditor) -> None:
    enter(qtbot, line(window), "64, 32, 16")
    assert [width(editor, i).text() for i in (1, 2, 3)] == ["64", "32", "16"]
    assert editor.isVisible()


@pytest.mark.parametrize(
    ("text", "reason"), [("0", "not 0"), ("", "not 0"), ("x", "whole numbers"), ("-3", "-3")]
)
def test_that_a_width_that_cannot_be_used_is_refused_right_there(
    qtbot: QtBot, window: MainWindow, editor: LayerEditor, text: str, reason: str
) -> None:
    add(qtbot, editor)
    enter(qtbot, width(editor, 2), text)
    assert reason in told(editor)
    assert width(editor, 2).property("wrong")
    assert not width(editor, 1).property("wrong")
    assert line(window).text() == "10, 10"
    popover = editor.parentWidget()
    assert isinstance(popover, Popover)
    assert window.rect().contains(popover.geometry())
    enter(qtbot, width(editor, 2), "12")
    assert line(window).text() == "10, 12"
    assert reason not in told(editor)


def test_that_the_last_layer_stays(qtbot: QtBot, window: MainWindow, editor: LayerEditor) -> None:
    press(qtbot, editor, "Remove h1")
    assert "At least one hidden layer is needed" in told(editor)
    assert line(window).text() == "10"


def test_that_eight_layers_are_the_most_and_still_fit(
    qtbot: QtBot, window: MainWindow, editor: LayerEditor
) -> None:
    for _ in range(MAX_LAYERS + 3):
        add(qtbot, editor)
    assert line(window).text() == ", ".join(["10"] * MAX_LAYERS)
    window.resize(1024, 700)
    popover = editor.parentWidget()
    assert isinstance(popover, Popover)
    qtbot.waitUntil(lambda: window.rect().contains(popover.geometry()))
    assert popover.height() >= popover.heightForWidth(popover.width())


def test_that_what_was_refused_is_forgotten_when_the_editor_closes(
    qtbot: QtBot, window: MainWindow, editor: LayerEditor
) -> None:
    enter(qtbot, width(editor, 1), "0")
    qtbot.keyClick(width(editor, 1), Qt.Key.Key_Escape)
    assert not editor.isVisible()
    qtbot.mouseClick(part(window, QToolButton, "Edit the layers one by one"), LEFT)
    assert width(editor, 1).text() == "10"
    assert "not 0" not in told(editor)


def test_that_its_button_closes_it_again(qtbot: QtBot, window: MainWindow, editor: LayerEditor) -> None:
    qtbot.mouseClick(part(window, QToolButton, "Edit the layers one by one"), LEFT)
    assert not editor.isVisible()
