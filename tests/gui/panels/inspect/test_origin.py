"""Where a number comes from: its parts ranked, one level deeper with each click, and a way back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.panels.inspect.origin import OriginPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.evidence import Evidence
from micronn_gui.widgets.charts.ranked_bars import RankedBars
from tests.gui.inspecting import (
    by_hand,
    click_cell,
    click_row,
    heat_map,
    inspect,
    picture,
    press,
    weights,
    words,
)
from tests.gui.running import finish


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> OriginPanel:
    made = OriginPanel(training, states.inspection)
    qtbot.addWidget(made)
    made.resize(328, 620)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def bars(panel: OriginPanel) -> RankedBars:
    found = panel.findChild(RankedBars)
    assert found is not None
    return found


def names(panel: OriginPanel) -> list[str]:
    return [part.name for part in bars(panel).rows.parts]


def values(panel: OriginPanel) -> list[float]:
    return [part.value for part in bars(panel).rows.parts]


def crumbs(panel: OriginPanel) -> list[str]:
    QApplication.processEvents()
    shown = [m for m in panel.findChildren(QPushButton) if m.isVisible() and m.objectName() == "crumb"]
    return [made.text() for made in sorted(shown, key=lambda made: made.x())]


def look_at(states: States, number: Number) -> None:
    states.inspection.open_step("x")
    states.inspection.choose(number)


@pytest.mark.parametrize("hidden", [(10,), (24, 12)], ids=str)
def test_that_the_parts_of_each_sum_are_ranked_and_add_up(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel, hidden: tuple[int, ...]
) -> None:
    inspect(qtbot, states, hidden=hidden).write_in_maths(True)
    numbers = by_hand(weights(training), picture(0), 0)
    last = len(hidden) + 1
    for name in ("z1", f"z{last}", f"dz{last}", "dz1"):
        look_at(states, Number(name, 3))
        assert np.sum(values(panel)) == pytest.approx(numbers[name][3, 0], rel=1e-9, abs=1e-12)
        assert (np.diff(np.abs(values(panel))) <= 0).all()
        assert f"Why {name}[3] is " in words(panel)


def test_that_the_ten_votes_are_weight_times_activation_and_the_bias(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel
) -> None:
    inspect(qtbot, states)
    look_at(states, Number("z2", 5))
    (_, (weight, bias)), a1 = weights(training), by_hand(weights(training), picture(0), 0)["a1"][:, 0]
    expected = {f"h{i}": w * a for i, (w, a) in enumerate(zip(weight[5], a1, strict=True))}
    expected["bias"] = float(bias[5, 0])
    assert dict(zip(names(panel), values(panel), strict=True)) == pytest.approx(expected, rel=1e-9)


def test_that_clicks_lead_from_a_probability_down_to_one_pixel_times_one_weight(
    qtbot: QtBot, states: States, panel: OriginPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.write_in_maths(True)
    look_at(states, Number("a2", 5))
    assert sorted(names(panel)) == [f"class {i}" for i in range(10)]
    for wanted, reached in (("class 5", "e^z2[5]"), ("z2[5]", "z2[5]"), ("h", "a1"), ("z1", "z1")):
        row = next(i for i, name in enumerate(names(panel)) if name.startswith(wanted))
        click_row(qtbot, bars(panel), row)
        assert inspection.explanation is not None
        assert inspection.number is not None
        assert inspection.explanation.label_of(inspection.number).startswith(reached)
    assert len(names(panel)) == 785
    neuron = inspection.trail[-1].row
    click_cell(qtbot, heat_map(panel, "Evidence, pixel by pixel"), 14, 9)
    assert inspection.number == Number("W1", neuron, 14 * 28 + 9)
    assert names(panel) == [f"dW1[{neuron}, 401]", f"W1[{neuron}, 401] new"]


def test_that_a_gradient_leads_to_its_error_and_its_input(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.write_in_maths(True)
    look_at(states, Number("dW1", 3, 400))
    assert names(panel) == ["dz1[3]", "x[400]"]
    numbers = by_hand(weights(training), picture(0), 0)
    assert np.prod(values(panel)) == pytest.approx(numbers["dW1"][3, 400], rel=1e-9, abs=1e-15)
    click_row(qtbot, bars(panel), 0)
    assert inspection.number == Number("dz1", 3)
    assert sorted(names(panel)) == [f"class {i}" for i in range(10)]


def test_that_the_evidence_is_weight_times_pixel(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel
) -> None:
    inspect(qtbot, states)
    look_at(states, Number("z1", 2))
    evidence = (weights(training)[0][0][2] * picture(0)[:, 0]).reshape(28, 28)
    view = heat_map(panel, "Evidence, pixel by pixel")
    for row, column in np.argwhere(evidence != 0)[::100].tolist():
        text = view.text_of(row, column)
        assert float(text.replace("−", "-")) == pytest.approx(evidence[row, column], rel=1e-3)


@pytest.mark.parametrize("number", [Number("z2", 1), Number("a1", 1), Number("dz1", 1), Number("x", 3)])
def test_that_only_sums_over_the_samples_pixels_are_shown_as_a_picture(
    qtbot: QtBot, states: States, panel: OriginPanel, number: Number
) -> None:
    inspect(qtbot, states, hidden=(784,))
    look_at(states, number)
    evidence = panel.findChild(Evidence)
    assert evidence is not None
    assert not evidence.isVisible()
    look_at(states, Number("z1", 1))
    assert evidence.isVisible()


def test_that_the_keyboard_reads_the_evidence_and_goes_on_only_by_enter(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel
) -> None:
    inspection = inspect(qtbot, states)
    look_at(states, Number("z1", 2))
    view = heat_map(panel, "Evidence, pixel by pixel")
    view.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(view, key)
    assert inspection.number == Number("z1", 2)
    row, column = view.selected
    value = weights(training)[0][0][2, row * 28 + column] * picture(0)[row * 28 + column, 0]
    assert f"pixel ({row}, {column}) {value:+.4f}".replace("-", "−") in words(panel)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert inspection.number == Number("W1", 2, row * 28 + column)


def test_that_crumbs_lead_back(qtbot: QtBot, states: States, panel: OriginPanel) -> None:
    inspection = inspect(qtbot, states)
    look_at(states, Number("a2", 5))
    assert crumbs(panel) == []
    for number in (Number("e^z2", 5), Number("z2", 5), Number("a1", 3), Number("z1", 3)):
        inspection.follow(number)
    assert crumbs(panel) == ["e^z2[5]", "z2[5]", "a1[3]", "z1[3]"]
    heat_map(panel, "Evidence, pixel by pixel")  # laid out
    press(qtbot, panel, "z2[5]")
    assert inspection.trail == (Number("a2", 5), Number("e^z2", 5), Number("z2", 5))
    assert inspection.step is not None
    assert inspection.step.key == "z2"


def test_that_the_digits_are_those_that_were_chosen(qtbot: QtBot, states: States, panel: OriginPanel) -> None:
    inspection = inspect(qtbot, states)
    look_at(states, Number("z2", 4))
    inspection.show_digits(17)
    for part in bars(panel).rows.parts:
        assert float(part.text.replace("−", "-")) == part.value
    inspection.show_digits(2)
    assert all(
        len(part.text.lstrip("−0.").replace(".", "").split("e")[0]) <= 2 for part in bars(panel).rows.parts
    )


def test_that_the_parts_of_a_sum_and_the_sum_have_the_same_decimals(
    qtbot: QtBot, states: States, panel: OriginPanel
) -> None:
    inspection = inspect(qtbot, states)
    look_at(states, Number("z2", 4))
    for digits in (2, 4, 9):
        inspection.show_digits(digits)
        total = panel.findChild(QLabel, "figure")
        assert total is not None
        texts = [*(part.text for part in bars(panel).rows.parts), total.text()]
        decimals = {len(text.partition(".")[2]) for text in texts}
        assert len(decimals) == 1
        details = [part.detail.split(" × ") for part in bars(panel).rows.parts if part.detail]
        for factors in zip(*details, strict=True):
            assert len({len(text.partition(".")[2]) for text in factors}) == 1


@pytest.mark.parametrize("height", [900, 2000])
def test_that_the_sum_stands_directly_below_the_last_part(
    qtbot: QtBot, states: States, panel: OriginPanel, height: int
) -> None:
    panel.resize(328, height)
    inspect(qtbot, states)
    look_at(states, Number("z2", 4))
    QApplication.processEvents()
    total = panel.findChild(QLabel, "figure")
    assert total is not None
    rows = bars(panel).rows
    last = rows.mapTo(panel, QPoint(0, rows.row_height * len(rows.parts))).y()
    assert 0 <= total.y() - last <= 24


def test_that_the_present_row_stays_while_the_numbers_change_and_goes_with_another_number(
    qtbot: QtBot, training: TrainingState, states: States, panel: OriginPanel
) -> None:
    inspection = inspect(qtbot, states, epochs=3)
    look_at(states, Number("z1", 4))
    rows = bars(panel).rows
    rows.setFocus()
    for _ in range(40):
        qtbot.keyClick(rows, Qt.Key.Key_Down)
    place = bars(panel).verticalScrollBar().value()
    assert place > 0
    before = values(panel)
    finish(qtbot, training)
    qtbot.waitUntil(lambda: values(panel) != before)
    assert bars(panel).verticalScrollBar().value() == place
    assert rows.accessibleDescription().startswith(names(panel)[39])
    inspection.choose(Number("z1", 5))
    assert bars(panel).verticalScrollBar().value() == 0


def test_that_without_a_sample_nothing_is_shown(qtbot: QtBot, states: States, panel: OriginPanel) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_drawing()
    assert words(panel) == "Where numbers come from"
    assert crumbs(panel) == []
