"""Undoing in the window: by Ctrl+Z, by the menu and by the button beside the message."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.widgets.controls.toasts import Toast
from tests.gui.dialogs import answer, save_as
from tests.gui.keeping import on_disk, settle, stock
from tests.gui.running import LONG, begin, part, train_to
from tests.pen import draw

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
STROKE = [[(20, 20), (120, 120)]]


@pytest.fixture
def runs_page(qtbot: QtBot, states: States, window: MainWindow) -> MainWindow:
    """The window with three kept runs on the page Runs."""
    stock(states.runs.folder, 3)
    qtbot.keyClick(window, KEY.Key_4, CONTROL)
    settle(qtbot, states.runs)
    return window


def numbers(states: States) -> list[int]:
    return [run.number for run in states.runs.records()]


def delete_runs(qtbot: QtBot, window: MainWindow, *rows: int) -> None:
    view = window.workspace("runs").cards.view
    view.clearSelection()
    for n, row in enumerate(rows):
        place = view.visualRect(view.model().index(row, 0)).center()
        how = CONTROL if n else Qt.KeyboardModifier.NoModifier
        qtbot.mouseClick(view.viewport(), LEFT, how, place)
    qtbot.keyClick(view, KEY.Key_Delete)


def undo(qtbot: QtBot, states: States, window: MainWindow) -> None:
    qtbot.keyClick(window, KEY.Key_Z, CONTROL)
    settle(qtbot, states.runs)


def undo_buttons(window: MainWindow) -> list[QPushButton]:
    """Return the buttons beside the messages that are there, the oldest first."""
    toasts = [toast for toast in window.findChildren(Toast) if toast.isVisible()]
    return [button for toast in toasts for button in toast.findChildren(QPushButton)]


def undo_button(window: MainWindow) -> QPushButton:
    return undo_buttons(window)[-1]


def menu_texts(window: MainWindow) -> list[str]:
    texts = []
    for name in ("Menu", "Share"):
        menu = part(window.header, QToolButton, name).menu()
        menu.aboutToShow.emit()
        texts += [action.text() for action in menu.actions() if action.isVisible()]
    return texts


def keep(window: MainWindow, qtbot: QtBot, *labels: int) -> None:
    canvas = window.workspace("draw").draw.canvas
    for n, label in enumerate(labels):
        draw(canvas, [[*STROKE[0], (30, 40 + 9 * n)]])
        qtbot.keyClick(canvas, str(label))


def labels(states: States) -> list[int]:
    return [digit.label for digit in states.my_digits.digits]


def test_that_runs_are_deleted_without_a_question_and_brought_back_by_the_button(
    qtbot: QtBot, states: States, runs_page: MainWindow
) -> None:
    delete_runs(qtbot, runs_page, 0, 1, 2)
    settle(qtbot, states.runs)
    assert not runs_page.findChildren(QMessageBox)
    assert numbers(states) == []
    assert runs_page.toasts.text == "3 runs (Run 3, Run 2, Run 1) are deleted."
    qtbot.mouseClick(undo_button(runs_page), LEFT)
    settle(qtbot, states.runs)
    assert numbers(states) == [3, 2, 1]
    assert runs_page.toasts.text == "Run 3, Run 2, Run 1 are back."
    assert undo_buttons(runs_page) == []
    assert len(on_disk(states)) == 3


def test_that_ctrl_z_brings_back_one_deletion_after_the_other_and_withdraws_the_offer(
    qtbot: QtBot, states: States, runs_page: MainWindow
) -> None:
    for row in (2, 0):
        delete_runs(qtbot, runs_page, row)
        settle(qtbot, states.runs)
    assert numbers(states) == [2]
    tips = [button.toolTip() for button in undo_buttons(runs_page)]
    assert sorted(tips) == ["Undo: delete Run 1", "Undo: delete Run 3"]
    assert "Undo: delete Run 3" in menu_texts(runs_page)
    undo(qtbot, states, runs_page)
    assert numbers(states) == [3, 2]
    assert [button.toolTip() for button in undo_buttons(runs_page)] == ["Undo: delete Run 1"]
    undo(qtbot, states, runs_page)
    assert numbers(states) == [3, 2, 1]
    undo(qtbot, states, runs_page)  # once too often
    assert numbers(states) == [3, 2, 1]
    assert "Undo" in menu_texts(runs_page)


def test_that_a_stale_offer_undoes_nothing_twice(qtbot: QtBot, states: States, runs_page: MainWindow) -> None:
    delete_runs(qtbot, runs_page, 0)
    settle(qtbot, states.runs)
    button = undo_button(runs_page)
    qtbot.mouseDClick(button, LEFT)
    qtbot.keyClick(runs_page, KEY.Key_Z, CONTROL)
    settle(qtbot, states.runs)
    assert numbers(states) == [3, 2, 1]


def test_that_another_message_takes_no_offer_away_and_ctrl_z_undoes(
    qtbot: QtBot, states: States, runs_page: MainWindow
) -> None:
    delete_runs(qtbot, runs_page, 1)
    settle(qtbot, states.runs)
    states.runs.refused.emit("Something else.")
    assert len(undo_buttons(runs_page)) == 1
    undo(qtbot, states, runs_page)
    assert numbers(states) == [3, 2, 1]


def test_that_ctrl_z_undoes_on_the_page_that_is_open(
    qtbot: QtBot, states: States, runs_page: MainWindow
) -> None:
    delete_runs(qtbot, runs_page, 1)
    settle(qtbot, states.runs)
    qtbot.keyClick(runs_page, KEY.Key_2, CONTROL)
    draw(runs_page.workspace("draw").draw.canvas, STROKE)
    undo(qtbot, states, runs_page)
    assert states.drawing.is_empty
    assert numbers(states) == [3, 1]
    qtbot.keyClick(runs_page, KEY.Key_4, CONTROL)
    undo(qtbot, states, runs_page)
    assert numbers(states) == [3, 2, 1]


def test_that_runs_are_deleted_and_brought_back_in_the_middle_of_training(
    qtbot: QtBot, states: States, runs_page: MainWindow
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 2)
    qtbot.keyClick(runs_page, KEY.Key_Space)
    delete_runs(qtbot, runs_page, 0, 1, 2, 3)
    settle(qtbot, states.runs)
    assert [run.id for run in states.runs.records()] == [states.runs.present_id]  # which cannot be deleted
    undo(qtbot, states, runs_page)
    assert len(numbers(states)) == 4
    states.training.hold()


def test_that_in_draw_strokes_deletions_and_labels_are_undone_in_their_order(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    qtbot.keyClick(window, KEY.Key_2, CONTROL)
    page = window.workspace("draw")
    keep(window, qtbot, 1, 2)
    grid = page.my_digits.grid
    qtbot.mouseClick(grid.canvas, LEFT, pos=grid.canvas.cell(0).center())
    qtbot.keyClick(grid.canvas, "7")
    draw(page.draw.canvas, STROKE)
    qtbot.keyClick(grid.canvas, KEY.Key_Delete)
    assert labels(states) == [1]
    assert window.toasts.text == "The 7 is deleted from your digits."
    qtbot.keyClick(grid.canvas, KEY.Key_Z, CONTROL)
    assert labels(states) == [1, 7]
    assert window.toasts.text == "The 7 is back among your digits."
    assert not states.drawing.is_empty
    qtbot.keyClick(window, KEY.Key_Z, CONTROL)
    assert states.drawing.is_empty
    qtbot.keyClick(window, KEY.Key_Z, CONTROL)
    assert labels(states) == [1, 2]
    assert "Undo: clear the pad" in menu_texts(window)  # which came with keeping the 2
    qtbot.keyClick(window, KEY.Key_Z, CONTROL)
    assert not states.drawing.is_empty


def test_that_a_deleted_digit_is_brought_back_by_the_button(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    qtbot.keyClick(window, KEY.Key_2, CONTROL)
    keep(window, qtbot, 3)
    qtbot.mouseClick(part(window.workspace("draw").my_digits, QPushButton, "Delete"), LEFT)
    assert labels(states) == []
    qtbot.mouseClick(undo_button(window), LEFT)
    assert labels(states) == [3]
    assert "The 3 is back among your digits." in window.toasts.texts


# -- files that are saved over others --


def put_back(window: MainWindow) -> list[str]:
    return [text for text in menu_texts(window) if text.startswith("Undo: replace")]


def test_that_a_network_that_was_saved_over_gives_the_old_one_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(b"old")
    assert put_back(window) == []
    qtbot.keyClick(window, KEY.Key_S, CONTROL)
    save_as(qtbot, tmp_path / "mine")
    assert answer(qtbot, "Replace") == "mine.npz is there already. Replace it?"
    assert path.read_bytes().startswith(b"PK")
    assert window.toasts.text == f"Saved as {path}"
    assert put_back(window) == ["Undo: replace mine.npz"]
    qtbot.keyClick(window, KEY.Key_Z, CONTROL)  # not on any page: nobody would see it
    assert path.read_bytes().startswith(b"PK")
    qtbot.mouseClick(undo_button(window), LEFT)
    assert path.read_bytes() == b"old"
    assert window.toasts.text == f"{path} is as it was before."


@pytest.mark.parametrize("name", ["mine.npz", "R&D.npz"])
def test_that_a_replaced_file_can_be_put_back_by_the_menu_when_the_message_is_gone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    qtbot.keyClick(window, KEY.Key_S, CONTROL)
    save_as(qtbot, path)
    answer(qtbot, "Replace")
    window.toasts.clear()
    menu = part(window.header, QToolButton, "Share").menu()
    menu.aboutToShow.emit()
    wanted = f"Undo: replace {name}".replace("&", "&&")  # else the letter after it is underlined
    (entry,) = [action for action in menu.actions() if action.text() == wanted]
    entry.trigger()
    assert path.read_bytes() == b"old"


def test_that_exports_that_replaced_files_give_them_back(
    qtbot: QtBot, states: States, runs_page: MainWindow, tmp_path: Path
) -> None:
    table, digits = tmp_path / "table.csv", tmp_path / "digits.zip"
    for path in (table, digits):
        path.write_bytes(b"old")
    runs_page.workspace("runs").cards._export.trigger()
    save_as(qtbot, table)
    answer(qtbot, "Replace")
    settle(qtbot, states.runs)
    assert table.read_bytes() != b"old"
    qtbot.mouseClick(undo_button(runs_page), LEFT)
    assert table.read_bytes() == b"old"
    qtbot.keyClick(runs_page, KEY.Key_2, CONTROL)
    page = runs_page.workspace("draw")
    qtbot.mouseClick(next(tab for tab in page.findChildren(QPushButton) if tab.text() == "My digits"), LEFT)
    draw(page.draw.canvas, STROKE)
    qtbot.mouseClick(part(page.draw, QPushButton, "keep"), LEFT)
    qtbot.mouseClick(part(page.my_digits, QPushButton, "Export …"), LEFT)
    save_as(qtbot, digits)
    answer(qtbot, "Replace")
    assert digits.read_bytes().startswith(b"PK")
    qtbot.mouseClick(undo_button(runs_page), LEFT)
    assert digits.read_bytes() == b"old"
