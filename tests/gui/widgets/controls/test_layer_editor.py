"""The layer editor: it shows layers and says which others are wanted, and changes none by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls.layer_editor import LayerEditor
from tests.gui.running import enter, part

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def editor(qtbot: QtBot) -> LayerEditor:
    made = LayerEditor(4)
    qtbot.addWidget(made)
    made.show_layers((128, 64, 16), "784 → 128 → 64 → 16 → 10")
    made.show()
    return made


def tool(editor: LayerEditor, name: str) -> QToolButton:
    return part(editor, QToolButton, name)


def add(editor: LayerEditor) -> QPushButton:
    return part(editor, QPushButton, "+ layer")


@pytest.mark.parametrize(
    ("name", "wanted", "row"),
    [
        ("Move h2 up", ["64", "128", "16"], 0),
        ("Move h2 down", ["128", "16", "64"], 2),
        ("Remove h1", ["64", "16"], 0),
        ("Remove h3", ["128", "64"], 2),
    ],
)
def test_that_a_button_wants_other_layers(
    qtbot: QtBot, editor: LayerEditor, name: str, wanted: list[str], row: int
) -> None:
    edited = QSignalSpy(editor.edited)
    qtbot.mouseClick(tool(editor, name), LEFT)
    assert [edited.at(i) for i in range(edited.count())] == [[wanted, row]]
    assert part(editor, QLineEdit, "Neurons of h1").text() == "128"  # nothing has changed yet


@pytest.mark.parametrize(("widths", "new"), [((128,), "32"), ((128, 16), "16"), ((10,), "10")])
def test_that_a_layer_is_added_behind_and_no_wider_than_the_last(
    qtbot: QtBot, editor: LayerEditor, widths: tuple[int, ...], new: str
) -> None:
    editor.show_layers(widths, "")
    edited = QSignalSpy(editor.edited)
    qtbot.mouseClick(add(editor), LEFT)
    assert edited.at(0) == [[*map(str, widths), new], len(widths)]


def test_that_no_more_layers_than_the_most_can_be_added(editor: LayerEditor) -> None:
    editor.show_layers((4, 3, 2, 1), "")
    assert not add(editor).isEnabled()
    assert "at most 4" in add(editor).toolTip()
    editor.show_layers((4, 3, 2), "")
    assert add(editor).isEnabled()


def test_that_the_first_moves_no_further_up_and_the_last_no_further_down(editor: LayerEditor) -> None:
    enabled = {
        (i, way): tool(editor, f"Move h{i} {way}").isEnabled() for i in (1, 3) for way in ("up", "down")
    }
    assert enabled == {(1, "up"): False, (1, "down"): True, (3, "up"): True, (3, "down"): False}


def test_that_a_width_is_wanted_as_it_is_written_and_the_keyboard_stays(
    qtbot: QtBot, editor: LayerEditor
) -> None:
    edited = QSignalSpy(editor.edited)
    with qtbot.waitActive(editor):
        editor.activateWindow()
    line = part(editor, QLineEdit, "Neurons of h2")
    enter(qtbot, line, "0")
    assert edited.at(0) == [["128", "0", "16"], 1]
    assert line.hasFocus()


def test_that_a_problem_is_said_at_the_row_until_layers_can_be_used(editor: LayerEditor) -> None:
    words = editor.findChild(QLabel, "note")
    assert isinstance(words, QLabel)
    assert not words.isVisible()
    editor.show_problem("Too narrow.", 1)
    assert (words.isVisible(), words.text()) == (True, "Too narrow.")
    lines = [part(editor, QLineEdit, f"Neurons of h{i}") for i in (1, 2, 3)]
    assert [bool(line.property("wrong")) for line in lines] == [False, True, False]
    editor.show_layers((128, 64), "")
    assert not words.isVisible()
    assert not lines[1].property("wrong")
