"""One step: its formula, matrices, one number written out, the code; and what of it can be copied."""

from __future__ import annotations

import csv
import inspect as source
import io

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_core.nn.network import Network
from micronn_gui.panels.inspect.copying import CopyButton
from micronn_gui.panels.inspect.step import NUMBERS, StepPanel, in_two_lines
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import text_font
from tests.gui.inspecting import by_hand, click_cell, heat_map, heat_maps, inspect, picture, weights, words
from tests.gui.running import choose, part


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> StepPanel:
    made = StepPanel(training, states.inspection)
    made.show_view(NUMBERS)
    qtbot.addWidget(made)
    made.resize(760, 760)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def arithmetic(panel: StepPanel) -> str:
    return part(panel, QLabel, "The number written out").text()


def copied(panel: StepPanel, text: str) -> str:
    button = panel.findChild(CopyButton)
    assert button is not None
    (action,) = [action for action in button.menu().actions() if text in action.text()]
    action.trigger()
    return QGuiApplication.clipboard().text()


def test_that_without_a_network_nothing_is_shown(states: States, panel: StepPanel) -> None:
    states.inspection.watch(True)
    assert words(panel) == "No sample"


@pytest.mark.parametrize(
    ("step", "legend"),
    [("z2", "blue adds, orange takes away"), ("dz1", "less would be better"), ("dW2", "less")],
)
def test_that_the_legend_says_what_the_colours_of_the_step_mean(
    qtbot: QtBot, training: TrainingState, states: States, panel: StepPanel, step: str, legend: str
) -> None:
    inspect(qtbot, states).open_step(step)
    assert legend in panel._legend.text()


def test_that_a_click_on_a_cell_writes_its_number_out_with_the_actual_values(
    qtbot: QtBot, training: TrainingState, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("z2")
    inspection.show_digits(6)
    click_cell(qtbot, heat_map(panel, "z2"), 7, 0)
    assert inspection.number == Number("z2", 7)
    numbers = by_hand(weights(training), picture(0), 0)
    weight, a1 = weights(training)[1][0], numbers["a1"][:, 0]
    products = [
        f"({w:.6g} × {a:.6g})".replace("-", "−") for w, a in zip(weight[7], a1, strict=True) if a and w
    ]
    for product in products:
        assert product in arithmetic(panel)
    assert f"= {numbers['z2'][7, 0]:.6g}".replace("-", "−") in arithmetic(panel)


@pytest.mark.parametrize("key", ["z1", "a1", "z2", "a2", "dz2", "dW2", "dz1", "dW1", "update", "check"])
def test_that_arrow_keys_reach_the_numbers_of_each_matrix_of_a_step(
    qtbot: QtBot, states: States, panel: StepPanel, key: str
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step(key)
    views = heat_maps(panel)
    assert views
    for view in views:
        assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        for move in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_End):
            qtbot.keyClick(view, move)
        number, explanation = inspection.number, inspection.explanation
        assert number is not None
        assert explanation is not None
        assert number.name == view.accessibleName()
        rows, columns = explanation.arrays[number.name].shape
        assert number != Number(number.name) or (rows, columns) == (1, 1)
        assert view.hasFocus()


def test_that_every_row_of_weights_is_within_reach_of_the_keyboard(
    qtbot: QtBot, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("z1")
    neurons = heat_map(panel, "z1")
    neurons.setFocus()
    for row in range(10):
        qtbot.keyClick(neurons, Qt.Key.Key_Home)
        for _ in range(row):
            qtbot.keyClick(neurons, Qt.Key.Key_Down)
        assert inspection.number == Number("z1", row)
    pixels = heat_map(panel, "W1")
    pixels.setFocus()
    qtbot.keyClick(pixels, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert inspection.number == Number("W1", 9, 783)


def test_that_a_picture_of_weights_is_the_row_that_is_looked_at(
    qtbot: QtBot, training: TrainingState, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("z1")
    inspection.choose(Number("z1", 6))
    click_cell(qtbot, heat_map(panel, "W1"), 10, 20)
    assert inspection.number == Number("W1", 6, 10 * 28 + 20)
    assert heat_map(panel, "W1").selected == (10, 20)
    assert f"W1[6, 300] = {weights(training)[0][0][6, 300]:.4g}".replace("-", "−") in arithmetic(panel)
    click_cell(qtbot, heat_map(panel, "x"), 3, 4)
    assert inspection.number == Number("x", 3 * 28 + 4)
    assert heat_map(panel, "x").selected == (3, 4)


@pytest.mark.parametrize("hidden", [(784,), (784, 10)], ids=str)
def test_that_a_layer_as_wide_as_the_picture_is_found_where_it_is_clicked(
    qtbot: QtBot, training: TrainingState, states: States, panel: StepPanel, hidden: tuple[int, ...]
) -> None:
    inspection = inspect(qtbot, states, hidden=hidden)
    inspection.open_step("a1")
    click_cell(qtbot, heat_map(panel, "a1"), 2, 5)
    assert inspection.number == Number("a1", 61)
    assert heat_map(panel, "a1").selected == (2, 5)
    expected = by_hand(weights(training), picture(0), 0)["a1"][61, 0]
    assert f"= {expected:.4g}" in arithmetic(panel)


def test_that_the_code_is_the_programs_own(qtbot: QtBot, states: States, panel: StepPanel) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("z1")
    code = part(panel, QLabel, "The code that computes it").text()
    assert code.strip() in source.getsource(Network.forward)
    assert "micronn_core/nn/network.py, line " in words(panel)


@pytest.mark.parametrize("digits", [2, 9, 17])
def test_that_the_number_of_digits_can_be_chosen(
    qtbot: QtBot, training: TrainingState, states: States, panel: StepPanel, digits: int
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("a2")
    choose(qtbot, part(panel, QComboBox, "Digits shown"), f"{digits} digits")
    value = float(by_hand(weights(training), picture(0), 0)["a2"].max())
    shown = f"{value:.{digits}g}" if digits < 17 else None
    text = arithmetic(panel).rsplit(" = ", 1)[1].split(" (")[0].replace("−", "-")
    assert float(text) == pytest.approx(value, rel=10 ** (1 - digits) if shown else 1e-14)
    assert shown is None or text == shown


def test_that_a_sum_that_seems_wrong_for_its_rounding_is_explained(
    qtbot: QtBot, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("z2")
    inspection.show_digits(2)
    seen = set()
    for row in range(10):
        inspection.choose(Number("z2", row))
        seen.add("rounded terms; exact: " in arithmetic(panel))
    assert True in seen


def test_that_a_formula_among_several_is_chosen_and_shown(
    qtbot: QtBot, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("update")
    box = part(panel, QComboBox, "Which of the step's formulas")
    assert box.count() == 4
    for entry, name in ((2, "W2 new"), (3, "b2 new"), (0, "W1 new")):
        choose(qtbot, box, box.itemText(entry))
        assert inspection.number is not None
        assert inspection.number.name == name
        assert box.currentIndex() == entry
        assert heat_map(panel, name).selected == (0, 0)


def test_that_the_tutorials_slips_are_told_in_the_tutorial_only(
    qtbot: QtBot, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("a2")
    assert "The tutorial" not in words(panel)
    inspection.show_tutorial()
    assert "The tutorial adds the rounded exponentials" in words(panel)
    inspection.open_step("z1")
    assert "The tutorial" not in words(panel)
    inspection.choose(Number("z1", 0))
    assert "(0.2 × 0.5) + (−0.3 × 0.8) + (0.1 × 0.2) + 0.1 = −0.02" in arithmetic(panel)


@pytest.mark.parametrize("name", ["z1", "W2", "dW1", "a2"])
def test_that_copies_read_back_as_the_very_same_numbers(
    qtbot: QtBot, states: States, panel: StepPanel, name: str
) -> None:
    inspection = inspect(qtbot, states)
    assert inspection.explanation is not None
    values = inspection.explanation.arrays[name]
    number = Number(name, 1, values.shape[1] // 2)
    inspection.follow(number)
    assert float(copied(panel, "number")) == values[number.row, number.column]
    rows = list(csv.reader(io.StringIO(copied(panel, "CSV"))))
    np.testing.assert_array_equal(np.array(rows, float), values)
    found: dict[str, np.ndarray] = {}
    exec(copied(panel, "NumPy"), {"np": np}, found)
    np.testing.assert_array_equal(found[name], values)


@pytest.mark.parametrize("name", ["e^z2", "ReLU′(z1)", "W1 new"])
def test_that_a_copy_as_code_has_a_name_that_python_accepts(
    qtbot: QtBot, states: States, panel: StepPanel, name: str
) -> None:
    inspection = inspect(qtbot, states)
    inspection.follow(Number(name))
    found: dict[str, np.ndarray] = {}
    exec(copied(panel, "NumPy"), {"np": np}, found)
    assert inspection.explanation is not None
    np.testing.assert_array_equal(next(iter(found.values())), inspection.explanation.arrays[name])


def test_that_ctrl_c_copies_the_number(qtbot: QtBot, states: States, panel: StepPanel) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("a2")
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClick(heat_map(panel, "a2"), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert inspection.explanation is not None
    assert float(QGuiApplication.clipboard().text()) == inspection.explanation.arrays["a2"].max()


def test_that_without_an_explanation_copying_leaves_the_clipboard_alone(
    training: TrainingState, panel: StepPanel
) -> None:
    QGuiApplication.clipboard().setText("before")
    for text in ("number", "CSV", "NumPy"):
        assert copied(panel, text) == "before"


def test_that_the_update_says_how_the_run_itself_steps(
    qtbot: QtBot, states: States, panel: StepPanel
) -> None:
    inspection = inspect(qtbot, states, optimizer="adam", learning_rate=0.001, batch_size=32)
    inspection.open_step("dW1")
    assert "The run takes" not in words(panel)
    inspection.open_step("update")
    assert "The run takes the mean gradient of 32 samples, and its optimizer is Adam." in words(panel)
    inspection.show_tutorial()
    assert "The run takes" not in words(panel)


def test_that_a_title_is_broken_into_lines_of_one_length() -> None:
    metrics = QFontMetrics(text_font(18))
    assert in_two_lines("Each neuron votes, and the votes are added", metrics).split("\n") == [
        "Each neuron votes, and",
        "the votes are added",
    ]
    assert in_two_lines("Better?", metrics) == "Better?"
    assert in_two_lines("", metrics) == ""
