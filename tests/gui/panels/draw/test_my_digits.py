"""My digits, with mouse and keys: keep, select, relabel, delete, export, import, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import micronn_core.drawing.my_digits as store
from micronn_core.common.errors import StorageError
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.draw.my_digits import MyDigitsPage
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import DARK, themes
from micronn_gui.widgets.controls.elided_text import ElidedText
from tests.gui import test_layout as layout
from tests.gui.dialogs import file_dialog, save_as
from tests.gui.running import LONG, begin, finish, part
from tests.pen import draw

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
STROKE = [[(60, 60), (150, 70), (90, 160)]]


@pytest.fixture
def panel(qtbot: QtBot, window: MainWindow) -> MyDigitsPage:
    """The panel in the window, in sight."""
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    qtbot.mouseClick(tab(window, "My digits"), LEFT)
    assert window.workspace("draw").my_digits.isVisible()
    return window.workspace("draw").my_digits


def tab(window: MainWindow, text: str) -> QPushButton:
    (found,) = [
        b for b in window.workspace("draw").findChildren(QPushButton) if b.text() == text and b.isVisible()
    ]
    return found


def words(panel: MyDigitsPage) -> str:
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    return "\n".join(said + [text.text for text in panel.findChildren(ElidedText) if text.isVisible()])


def keep(qtbot: QtBot, window: MainWindow, *labels: int) -> None:
    """Draw on the pad and press a digit's key, for each label."""
    canvas = window.workspace("draw").draw.canvas
    for n, label in enumerate(labels):
        draw(canvas, [*STROKE, [(20, 20 + 9 * n), (80, 30)]])
        qtbot.mouseMove(canvas)
        qtbot.keyClick(canvas, str(label))


def labels(states: States) -> list[int]:
    return [digit.label for digit in states.my_digits.digits]


def click(qtbot: QtBot, panel: MyDigitsPage, i: int) -> None:
    qtbot.mouseClick(panel.grid.canvas, LEFT, pos=panel.grid.canvas.cell(i).center())


def ask(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """Answer the next dialog that asks for a file to open."""
    answer = lambda *_: ("" if path is None else str(path), "")  # noqa: E731
    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)


# -- keeping --


def test_that_without_digits_it_says_what_to_do(panel: MyDigitsPage) -> None:
    assert "Draw a digit and press its key" in words(panel)
    assert "No digits yet" in words(panel)
    assert not part(panel, QPushButton, "Export …").isEnabled()
    assert part(panel, QPushButton, "Import …").isEnabled()
    assert not panel.grid.isVisible()


def test_that_a_digit_key_on_the_pad_keeps_and_clears(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 7, 0, 7)
    assert labels(states) == [7, 0, 7]
    assert states.drawing.is_empty
    assert panel.grid.isVisible()
    assert "of 3 (" in words(panel)


def test_that_a_key_keeps_from_the_page_why_as_well_and_shows_it(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    qtbot.mouseClick(tab(window, "Why"), LEFT)
    assert window.workspace("draw").why.isVisible()
    qtbot.keyClick(window.workspace("draw").draw.canvas, "5")
    assert window.workspace("draw").why.isVisible()  # nothing is drawn, so nothing is kept
    keep(qtbot, window, 5)
    assert panel.isVisible()
    assert labels(states) == [5]


def press(widget: QWidget, letter: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key that writes a letter; with another key held it writes nothing."""
    text = "" if held else letter
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, ord(letter.upper()), held, text))


def test_that_digits_are_kept_where_their_keys_write_something_else(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    window.open_workspace("train")
    press(window, "é", CONTROL)  # the 2 of a French keyboard
    assert window.pages.currentWidget() is window.workspace("draw")
    for letter in "&à'":
        draw(window.workspace("draw").draw.canvas, STROKE)
        press(window, letter)
    assert labels(states) == [1, 0, 4]
    panel.grid.canvas.setFocus()
    panel.grid.select(0)
    press(panel.grid.canvas, "ç")
    assert labels(states) == [1, 0, 9]


def test_that_in_train_a_digit_key_keeps_nothing(qtbot: QtBot, states: States, window: MainWindow) -> None:
    draw(window.workspace("train").draw.canvas, STROKE)
    qtbot.keyClick(window.workspace("train").draw.canvas, "5")
    qtbot.keyClick(window, "5")
    assert labels(states) == []
    assert not states.drawing.is_empty


def test_that_a_full_disk_is_told_in_the_banner_and_the_drawing_stays(
    qtbot: QtBot,
    states: States,
    window: MainWindow,
    panel: MyDigitsPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write(path: Path, content: bytes) -> None:
        raise StorageError(f"{path} cannot be saved: No space left on device.")

    monkeypatch.setattr(store, "write_atomically", write)
    keep(qtbot, window, 3)
    assert "No space left on device" in window.toasts.text
    assert not states.drawing.is_empty
    assert "No digits yet" in words(panel)


# -- the grid --


def test_that_the_newest_is_first_and_selected(
    qtbot: QtBot, training: TrainingState, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3)
    assert panel.grid.selected == 0
    assert "Selected: 3" in words(panel)
    click(qtbot, panel, 2)
    assert "Selected: 1" in words(panel)
    keep(qtbot, window, 4)
    assert "Selected: 4" in words(panel)


def test_that_the_arrow_keys_move_the_frame_and_take_no_step(
    qtbot: QtBot, training: TrainingState, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3)
    click(qtbot, panel, 0)
    canvas, places = panel.grid.canvas, []
    for key in ("Right", "Right", "Right", "Left", "Home", "End", "Up", "Escape"):
        qtbot.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"))
        places.append(panel.grid.selected)
    assert places == [1, 2, 2, 1, 0, 2, max(0, 2 - canvas.columns), -1]
    assert training.newest is not None
    assert training.newest.metrics.step == 0
    assert "Select one" in words(panel)


def test_that_who_comes_by_tab_sees_where_the_keys_act(
    qtbot: QtBot, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2)
    panel.grid.select(-1)
    part(panel, QPushButton, "Import …").setFocus()
    for _ in range(2):  # back over the switch
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
    assert window.focusWidget() is panel.grid.canvas
    assert panel.grid.selected == 0


def test_that_a_click_beside_the_digits_selects_none(
    qtbot: QtBot, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1)
    canvas = panel.grid.canvas
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(canvas.width() - 3, canvas.height() - 3))
    assert panel.grid.selected == -1
    assert not part(panel, QPushButton, "Delete").isEnabled()


def test_that_delete_deletes_the_selected_one_by_key_and_by_button(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3, 4)
    click(qtbot, panel, 1)
    qtbot.keyClick(panel.grid.canvas, Qt.Key.Key_Delete)
    assert labels(states) == [1, 2, 4]
    assert "Selected: 2" in words(panel)  # the next one, so that several can be deleted in turn
    qtbot.mouseClick(part(panel, QPushButton, "Delete"), LEFT)
    assert labels(states) == [1, 4]
    for _ in range(2):
        qtbot.keyClick(panel.grid.canvas, Qt.Key.Key_Delete)
    assert labels(states) == []
    assert "Draw a digit and press its key" in words(panel)


def test_that_a_delete_key_held_down_deletes_one(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3)
    click(qtbot, panel, 0)
    for repeated in (False, True, True):
        none = Qt.KeyboardModifier.NoModifier
        pressed = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Delete, none, "", repeated)
        QApplication.sendEvent(panel.grid.canvas, pressed)
    assert labels(states) == [1, 2]


def test_that_a_digit_key_relabels_the_selected_one_and_keeps_nothing(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2)
    draw(window.workspace("draw").draw.canvas, STROKE)
    click(qtbot, panel, 1)
    qtbot.keyClick(panel.grid.canvas, "9")
    assert labels(states) == [9, 2]
    assert "Selected: 9" in words(panel)
    assert not states.drawing.is_empty


def test_that_the_menu_relabels(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2)
    menu = part(panel, QPushButton, "Relabel").menu()
    menu.popup(panel.mapToGlobal(QPoint(0, 0)))
    qtbot.keyClick(menu, "6")
    assert labels(states) == [1, 6]


# -- the score --


def test_that_the_line_counts_what_the_shown_network_reads(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3)
    answers = states.my_digits.answers
    assert answers is not None
    for digit, answer in list(zip(states.my_digits.digits, answers, strict=True))[:2]:
        states.my_digits.relabel(digit.name, int(answer))
    wrong = states.my_digits.digits[2]
    states.my_digits.relabel(wrong.name, (int(answers[2]) + 1) % 10)
    assert "The network reads 2 of 3 (67 %)" in words(panel)
    click(qtbot, panel, 0)
    assert f"read as {answers[2]}" in words(panel)


def test_that_the_line_follows_the_training(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2, 3, 4, 5)
    training.change({"epochs": 60})
    finish(qtbot, training)
    kept = states.my_digits
    qtbot.waitUntil(lambda: not kept._reading.waiting)
    assert f"reads {kept.right} of 5 ({20 * kept.right} %)" in words(panel)


def test_that_a_wrong_answer_is_marked_by_words_not_by_colour_alone(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1)
    (digit,), (answer,) = states.my_digits.digits, states.my_digits.answers or ()
    pictures = {}
    canvas = panel.grid.canvas
    for label in (int(answer), (int(answer) + 1) % 10):
        states.my_digits.relabel(digit.name, label)
        cell = canvas.cell(0)
        cell.translate(canvas.mapTo(panel, QPoint(0, 0)))
        beside = cell.adjusted(canvas._side + 6, cell.height() // 2, 0, 0)
        image = panel.grab(beside).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures[label] = np.array(image.constBits()).reshape(image.height(), -1)[:, : image.width()]
        pictures[label] = pictures[label] < 200
    right, wrong = pictures.values()
    assert right.any()
    assert (right != wrong).sum() > 20


def test_that_before_there_is_a_network_the_digits_are_counted(
    qtbot: QtBot, training: TrainingState, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2)
    training.new_network(training.config)
    assert "2 digits kept" in words(panel)


# -- training with them --


def test_that_the_switch_says_when_it_takes_effect(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1, 2)
    switch = panel.findChild(QCheckBox)
    assert switch is not None
    qtbot.mouseClick(switch, LEFT, pos=QPoint(10, switch.height() // 2))
    assert states.my_digits.included
    assert "The next new network learns from these 2 too." in words(panel)
    begin(qtbot, training, epochs=LONG)
    assert "This network learns from them." in words(panel)
    keep(qtbot, window, 3)
    assert "The next new network learns from these 3 too." in words(panel)
    qtbot.mouseClick(switch, LEFT, pos=QPoint(10, switch.height() // 2))
    assert "This network knows 2 earlier ones." in words(panel)


def test_that_the_switch_is_remembered(qtbot: QtBot, states: States, window: MainWindow) -> None:
    states.my_digits.train_with_them(True)
    window.close()
    assert window.preferences.with_my_digits
    states.my_digits.train_with_them(False)
    window._restore()
    assert states.my_digits.included


# -- files --


def test_that_a_class_can_pool_its_digits(
    qtbot: QtBot,
    states: States,
    window: MainWindow,
    panel: MyDigitsPage,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    keep(qtbot, window, 1, 2, 3)
    qtbot.mouseClick(part(panel, QPushButton, "Export …"), LEFT)
    save_as(qtbot, tmp_path / "anna")
    assert "anna.zip" in window.toasts.text
    assert (tmp_path / "anna.zip").exists()
    states.my_digits.delete(states.my_digits.digits[0].name)
    ask(monkeypatch, tmp_path / "anna.zip")
    qtbot.mouseClick(part(panel, QPushButton, "Import …"), LEFT)
    assert sorted(labels(states)) == [1, 2, 3]
    assert window.toasts.text == "1 digit was added"
    qtbot.mouseClick(part(panel, QPushButton, "Import …"), LEFT)
    assert "here already" in window.toasts.text
    assert len(labels(states)) == 3


def test_that_a_bad_file_is_refused_by_name_and_adds_nothing(
    qtbot: QtBot,
    states: States,
    window: MainWindow,
    panel: MyDigitsPage,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"not a file of digits")
    ask(monkeypatch, bad)
    qtbot.mouseClick(part(panel, QPushButton, "Import …"), LEFT)
    assert str(bad) in window.toasts.text
    assert labels(states) == []


def test_that_a_dialog_that_is_cancelled_does_nothing(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(qtbot, window, 1)
    ask(monkeypatch, None)
    qtbot.mouseClick(part(panel, QPushButton, "Import …"), LEFT)
    qtbot.mouseClick(part(panel, QPushButton, "Export …"), LEFT)
    dialog = file_dialog()
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.toasts.text == ""
    assert labels(states) == [1]


# -- its looks --


@pytest.mark.parametrize("count", [0, 1, 60])
def test_that_nothing_is_cut_off_whatever_the_number_of_digits(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage, count: int
) -> None:
    rng = np.random.default_rng(0)
    for _ in range(count):
        states.drawing.lay_under(rng.random((28, 28), np.float32))
        states.my_digits.keep(8)
    states.my_digits.train_with_them(True)
    panel.grid.select(0)
    faults = []
    for width, height in ((window.minimumWidth(), window.minimumHeight()), *layout.SIZES):
        window.resize(width, height)
        layout.settle(window)
        assert (window.width(), window.height()) == (width, height)
        faults += layout.cut_off(window) + layout.overlapping(window)
    assert faults == []


def test_that_few_digits_are_shown_large_and_many_scroll(
    qtbot: QtBot, states: States, window: MainWindow, panel: MyDigitsPage
) -> None:
    window.resize(1440, 900)
    keep(qtbot, window, 1, 2)
    layout.settle(window)
    large = panel.grid.canvas.cell(0).height()
    for i in range(60):
        states.drawing.lay_under(np.full((28, 28), (i + 1) / 100, np.float32))
        states.my_digits.keep(8)
    layout.settle(window)
    assert panel.grid.canvas.cell(0).height() < large
    bar = panel.grid.verticalScrollBar()
    assert bar.maximum() > 0
    panel.grid.canvas.setFocus()
    qtbot.keyClick(panel.grid.canvas, Qt.Key.Key_End)
    assert panel.grid.selected == 61
    assert bar.value() > 0
    qtbot.keyClick(panel.grid.canvas, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_that_it_is_painted_anew_in_another_theme(
    qtbot: QtBot, window: MainWindow, panel: MyDigitsPage
) -> None:
    keep(qtbot, window, 1)
    before = panel.grid.grab().toImage()
    themes.use(DARK)
    assert panel.grid.grab().toImage() != before
