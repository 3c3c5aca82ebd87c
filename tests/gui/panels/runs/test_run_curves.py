"""The curves of the ticked runs: which lines, over what, and how high."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.run_chart import Line, Look, RunChart, calm, later_part, round_scale
from micronn_gui.panels.runs.run_curves import RunCurvesPanel
from micronn_gui.panels.runs.shown_runs import ShownRun
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.overlay_chart import line_look
from tests.core.runs.run_records import record
from tests.core.shapes import flowers
from tests.gui.keeping import settle, stock
from tests.gui.running import LONG, begin, part, train_to

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> RunCurvesPanel:
    """The curves of three runs of 10 epochs."""
    stock(states.runs.folder, 3)
    made = RunCurvesPanel(states.runs, states.experiments)
    qtbot.addWidget(made)
    made.resize(900, 400)
    begin(qtbot, training, epochs=LONG)
    states.runs.watch(True)
    made.show()
    settle(qtbot, states.runs)
    return made


def lines(chart: RunChart) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the lines that are drawn, by their names."""
    return {line.name: chart._curves[str(i)].getData() for i, line in enumerate(chart.lines)}


def press(qtbot: QtBot, panel: RunCurvesPanel, name: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, name), LEFT)


def test_that_without_a_tick_it_says_what_to_do(states: States, panel: RunCurvesPanel) -> None:
    for run in states.runs.records():
        states.runs.choose(run.id, False)
    assert not panel.chart.isVisible()


def test_that_each_ticked_run_has_a_line_of_its_own_with_its_name_and_last_value(
    states: States, panel: RunCurvesPanel
) -> None:
    runs = {states.runs.title(run): run for run in states.runs.records()}
    drawn = lines(panel.chart)
    assert list(drawn) == ["Run 1", "Run 2", "Run 3"]
    for line in panel.chart.lines:
        run = runs[line.name]
        np.testing.assert_array_equal(line.y, run.column("validation_accuracy"))
        assert line.look == line_look(run.number)
        assert line.value == "63.3"
        assert line.end == (10.0, run.column("validation_accuracy")[-1])


def test_that_loss_and_accuracy_take_turns_in_one_chart(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    assert panel.title.text() == "Right on pictures it has never seen"
    press(qtbot, panel, "Loss")
    assert panel.title.text() == "Loss on pictures it has never seen"
    assert panel.chart.lines[0].y[-1] == pytest.approx(1.1)
    assert panel.chart.lines[0].value == "1.1"


def test_that_what_are_no_pictures_are_not_called_so(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    for run in states.runs.records():
        states.runs.choose(run.id, False)
    states.runs.add(record(sizes=(4, 5, 3), spec=flowers().spec))
    settle(qtbot, states.runs)
    assert panel.title.text() == "Right on samples it has never seen"


def test_that_an_unticked_run_leaves_the_chart(states: States, panel: RunCurvesPanel) -> None:
    states.runs.choose(states.runs.records()[0].id, False)
    assert list(lines(panel.chart)) == ["Run 1", "Run 2"]


def test_that_training_lies_behind_if_it_is_wanted(states: States, panel: RunCurvesPanel) -> None:
    assert all(line.behind is None for line in panel.chart.lines)
    panel._training.trigger()
    run = states.runs.records()[0]
    behind = panel.chart.lines[-1].behind
    assert behind is not None
    np.testing.assert_array_equal(behind[1], run.column("accuracy"))


def test_that_runs_can_be_laid_over_time(qtbot: QtBot, states: States, panel: RunCurvesPanel) -> None:
    states.runs.add(record(seconds=35.0, name="slow"))
    settle(qtbot, states.runs)
    press(qtbot, panel, "by time")
    ends = {name: float(x[-1]) for name, (x, _) in lines(panel.chart).items()}
    assert ends.pop("slow") == 35.0
    assert set(ends.values()) == {3.5}
    assert panel.chart._x_name.text() == "seconds"


def test_that_the_whole_scale_begins_at_zero(panel: RunCurvesPanel) -> None:
    assert panel.chart._full_y[0] > 0.5
    panel._whole.trigger()
    assert panel.chart._full_y == (0.0, 1.0)


def test_that_the_loss_alone_can_be_logarithmic(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    panel._log.trigger()
    assert not panel.chart.log
    press(qtbot, panel, "Loss")
    assert panel.chart.log
    assert lines(panel.chart)["Run 1"][1][-1] == pytest.approx(np.log10(1.1))
    press(qtbot, panel, "Accuracy")
    assert not panel.chart.log


def test_that_one_exploded_run_does_not_spoil_the_scale(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    press(qtbot, panel, "Loss")
    before = panel.chart._full_y
    wild = record(ending="failed", name="wild")
    curves = wild.curves.copy()
    curves[:, 5] = np.geomspace(2.3, 1e12, len(curves))
    states.runs.add(replace(wild, curves=curves))
    settle(qtbot, states.runs)
    assert "wild" in lines(panel.chart)
    assert panel.chart._full_y == before


def test_that_pointing_reads_the_values_best_first(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    states.runs.add(record(steps=6, name="<short>"))
    settle(qtbot, states.runs)
    for figure, first in (("Accuracy", "66.67 %"), ("Loss", "1.0000")):
        press(qtbot, panel, figure)
        panel.chart.hovered.emit(3.0)
        text = panel.chart._reading.text().split("<br>")
        assert text[0] == "epoch 3.0"
        assert len(text) == 5
        assert first in text[1]
        assert "&lt;short&gt;" in text[1]
        panel.chart.hovered.emit(8.0)  # beyond the end of the short one
        assert len(panel.chart._reading.text().split("<br>")) == 4
        panel.chart.hovered.emit(None)
        assert not panel.chart._reading.isVisible()


def test_that_the_mouse_reads(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    view = panel.chart.viewport()
    qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    assert panel.chart._reading.isVisible()


def test_that_the_present_run_grows_among_the_others(
    qtbot: QtBot, training: TrainingState, states: States, panel: RunCurvesPanel
) -> None:
    train_to(qtbot, training, 12)
    qtbot.waitUntil(lambda: "Run 4" in lines(panel.chart))
    length = lines(panel.chart)["Run 4"][0][-1]
    qtbot.waitUntil(lambda: lines(panel.chart)["Run 4"][0][-1] > length)


def test_that_nothing_is_drawn_while_nobody_looks(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    panel.hide()
    states.runs.add(record(config=TrainingConfig(hidden=(5,), seed=9)))
    settle(qtbot, states.runs)
    assert len(lines(panel.chart)) == 3
    panel.show()
    assert len(lines(panel.chart)) == 4


# -- the scale --


def curve(*y: float) -> Line:
    return Line(np.arange(float(len(y))), np.array(y), noisy=False)


def test_that_the_scale_is_made_for_the_calm_runs() -> None:
    good, slow, stuck = curve(0.5, 0.9, 0.96), curve(0.3, 0.6, 0.7), curve(0.1, 0.11, 0.11)
    assert calm([good, slow, stuck], is_share=True) == [good, slow]
    low, fair, wild = curve(2.3, 0.2, 0.1), curve(2.3, 0.8, 0.4), curve(2.3, 40.0, 1e9)
    assert calm([low, fair, wild], is_share=False) == [low, fair]
    assert calm([stuck], is_share=True) == [stuck]
    assert calm([good, stuck, stuck], is_share=True) == [good, stuck, stuck]  # most are no exception


def test_that_the_first_leaps_and_what_strays_are_not_held() -> None:
    values = np.concatenate([np.linspace(0.1, 0.9, 30), np.full(70, 0.9)])
    values[60] = 0.2
    assert later_part(Line(np.arange(100.0), values, noisy=False)).min() > 0.85


@pytest.mark.parametrize(
    ("bottom", "top", "most", "low", "high"),
    [
        (0.0, 1.0, 1.0, 0.0, 1.0),
        (0.0, 2.4, math.inf, 0.0, 2.5),
        (0.962, 0.978, 1.0, 0.96, 0.98),
        (0.885, 0.964, 1.0, 0.88, 0.98),
        (0.51, 0.972, 1.0, 0.5, 1.0),
        (0.07, 0.43, math.inf, 0.0, 0.5),
    ],
)
def test_that_an_axis_has_round_steps_and_is_no_longer_than_it_must_be(
    bottom: float, top: float, most: float, low: float, high: float
) -> None:
    *ends, step = round_scale(bottom, top, most)
    assert ends == pytest.approx((low, high), abs=1e-9)
    assert round((high - low) / step) == pytest.approx((high - low) / step)


@pytest.mark.parametrize("height", [160, 240, 400, 900])
def test_that_the_lowest_place_of_the_axis_has_its_number(panel: RunCurvesPanel, height: int) -> None:
    panel.resize(900, height)
    chart = panel.chart
    ticks = [place for place, _ in chart._axes[0]._tickLevels[0]]
    assert ticks[0] == pytest.approx(chart._full_y[0])
    assert 2 <= len(ticks) <= chart._most_beside()
    np.testing.assert_allclose(np.diff(ticks), ticks[1] - ticks[0])


def level(name: str, *accuracies: float) -> RunRecord:
    """Return a run that went through these accuracies."""
    run = record(steps=len(accuracies) - 1, name=name)
    curves = run.curves.copy()
    curves[:, 6] = accuracies
    return replace(run, curves=curves)


def test_that_a_run_wholly_below_the_axis_is_said_to_be_there(panel: RunCurvesPanel) -> None:
    chart = panel.chart
    runs = [level("low", *[0.1] * 10), level("high", *[0.95] * 10)]
    chart.show_runs([ShownRun(run, run.name, line_look(1)) for run in runs], Look())
    found = {line.name: line for line in chart.lines}
    assert chart._full_y[0] > 0.5
    assert found["low"].outside
    assert found["low"].value == "10.0 ↓ below"
    assert not found["high"].outside


def test_that_a_scale_that_would_begin_low_begins_at_zero(panel: RunCurvesPanel) -> None:
    slow = level("slow", *np.linspace(0.1, 0.8, 40))
    stuck = level("stuck", *[0.1] * 10)
    panel.chart.show_runs([ShownRun(run, run.name, line_look(1)) for run in (slow, stuck)], Look())
    assert panel.chart._full_y[0] == 0.0
    assert not any(line.outside for line in panel.chart.lines)


def test_that_a_short_run_lies_dashed_on_a_longer_one_with_the_same_curve(panel: RunCurvesPanel) -> None:
    values = list(np.linspace(0.6, 0.9, 20))
    runs = [level("short", *values[:8]), level("long", *values), level("other", *[0.7] * 8)]
    panel.chart.show_runs([ShownRun(run, run.name, line_look(1)) for run in runs], Look())
    assert [(line.name, line.on_another) for line in panel.chart.lines] == [
        ("long", False),
        ("short", True),
        ("other", False),
    ]
    dashes = [panel.chart._curves[key].opts["pen"].dashPattern() for key in "012"]
    assert [bool(dash) for dash in dashes] == [False, True, False]
