"""The curves of the ticked runs: which lines, over what, and how high."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.run_chart import RunChart, calm_range
from micronn_gui.panels.runs.run_curves import RunCurvesPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.overlay_chart import STYLES
from tests.core.runs.run_records import record
from tests.gui.keeping import settle, stock
from tests.gui.running import LONG, begin, part, train_to

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> RunCurvesPanel:
    """The curves of three runs of 10 epochs."""
    stock(states.runs.folder, 3)
    made = RunCurvesPanel(states.runs)
    qtbot.addWidget(made)
    made.resize(900, 400)
    begin(qtbot, training, epochs=LONG)
    states.runs.watch(True)
    made.show()
    settle(qtbot, states.runs)
    return made


def lines(chart: RunChart) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return the lines that are drawn."""
    found = {i: chart._curves[str(i)].getData() for i in range(len(STYLES))}
    return {i: data for i, data in found.items() if data[0] is not None and len(data[0])}


def behind(chart: RunChart) -> int:
    """Return how many fainter lines are drawn."""
    found = (chart._bands[str(i)].getData()[0] for i in range(len(STYLES)))
    return sum(x is not None and len(x) > 0 for x in found)


def press(qtbot: QtBot, panel: RunCurvesPanel, name: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, name), LEFT)


def test_that_without_a_tick_it_says_what_to_do(states: States, panel: RunCurvesPanel) -> None:
    for run in states.runs.records():
        states.runs.choose(run.id, False)
    assert not panel.loss.isVisible()
    assert not panel.legend.isVisible()


def test_that_each_ticked_run_has_a_line_of_its_own_and_a_name(states: States, panel: RunCurvesPanel) -> None:
    runs = {states.runs.place(run.id): run for run in states.runs.records()}
    for chart, name in ((panel.loss, "validation_loss"), (panel.accuracy, "validation_accuracy")):
        drawn = lines(chart)
        assert drawn.keys() == runs.keys()
        for place, run in runs.items():
            np.testing.assert_array_equal(drawn[place or 0][1], run.column(name))
            mark = chart._marks[str(place)]
            assert mark.isVisible()
            assert (mark.pos().x(), mark.pos().y()) == (10.0, run.column(name)[-1])
    assert panel.legend.accessibleDescription() == "Run 1, Run 2, Run 3"


def test_that_an_unticked_run_leaves_the_chart(states: States, panel: RunCurvesPanel) -> None:
    newest = states.runs.records()[0]
    place = states.runs.place(newest.id)
    states.runs.choose(newest.id, False)
    assert place not in lines(panel.loss)
    assert not panel.loss._marks[str(place)].isVisible()
    assert panel.legend.accessibleDescription() == "Run 1, Run 2"


def test_that_training_is_shown_alone_or_behind(qtbot: QtBot, states: States, panel: RunCurvesPanel) -> None:
    run = states.runs.records()[0]
    place = states.runs.place(run.id) or 0
    press(qtbot, panel, "Training")
    np.testing.assert_array_equal(lines(panel.loss)[place][1], run.column("loss"))
    assert behind(panel.loss) == 0
    press(qtbot, panel, "Both")
    np.testing.assert_array_equal(lines(panel.loss)[place][1], run.column("validation_loss"))
    assert behind(panel.loss) == 3


def test_that_runs_can_be_laid_over_time(qtbot: QtBot, states: States, panel: RunCurvesPanel) -> None:
    states.runs.add(record(seconds=35.0, name="slow"))
    settle(qtbot, states.runs)
    slow = states.runs.records()[0]
    states.runs.choose(slow.id, True)
    press(qtbot, panel, "by time")
    ends = {place: float(x[-1]) for place, (x, _) in lines(panel.loss).items()}
    assert ends.pop(states.runs.place(slow.id) or 0) == 35.0
    assert set(ends.values()) == {3.5}
    assert panel.loss._x_name.text() == "seconds"


def test_that_the_close_up_holds_the_later_parts(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    assert panel.accuracy._full_y == (0.0, 1.0)
    press(qtbot, panel, "close-up")
    low, high = panel.accuracy._full_y
    assert 0.5 < low < 1 - 1.05 / 3
    assert 2 / 3 <= high < 0.75


def test_that_the_loss_alone_can_be_logarithmic(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    press(qtbot, panel, "log loss")
    assert panel.loss.log
    assert not panel.accuracy.log
    y = lines(panel.loss)[0][1]
    assert y[-1] == pytest.approx(np.log10(1.1))
    assert panel.loss._marks["0"].pos().y() == pytest.approx(np.log10(1.1))


def test_that_pointing_reads_the_values_best_first(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    states.runs.add(record(steps=6, name="<short>"))
    settle(qtbot, states.runs)
    states.runs.choose(states.runs.records()[0].id, True)
    for chart, first in ((panel.loss, "1.0000"), (panel.accuracy, "66.67 %")):
        chart.hovered.emit(3.0)
        text = chart._reading.text().split("<br>")
        assert text[0] == "epoch 3.0"
        assert len(text) == 5
        assert first in text[1]
        assert "&lt;short&gt;" in text[1]
        chart.hovered.emit(8.0)  # beyond the end of the short one
        assert len(chart._reading.text().split("<br>")) == 4
        chart.hovered.emit(None)
        assert not chart._reading.isVisible()


def test_that_the_mouse_reads(qtbot: QtBot, panel: RunCurvesPanel) -> None:
    view = panel.loss.viewport()
    qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    assert panel.loss._reading.isVisible()


def test_that_the_present_run_grows_among_the_others(
    qtbot: QtBot, training: TrainingState, states: States, panel: RunCurvesPanel
) -> None:
    train_to(qtbot, training, 12)
    qtbot.waitUntil(lambda: states.runs.place(states.runs.present_id) is not None)
    place = states.runs.place(states.runs.present_id) or 0
    qtbot.waitUntil(lambda: place in lines(panel.loss))
    length = lines(panel.loss)[place][0][-1]
    qtbot.waitUntil(lambda: lines(panel.loss)[place][0][-1] > length)


def test_that_nothing_is_drawn_while_nobody_looks(
    qtbot: QtBot, states: States, panel: RunCurvesPanel
) -> None:
    panel.hide()
    config = TrainingConfig(hidden=(5,), seed=9)
    states.runs.add(record(config=config))
    settle(qtbot, states.runs)
    states.runs.choose(states.runs.records()[0].id, True)
    assert len(lines(panel.loss)) == 3
    panel.show()
    assert len(lines(panel.loss)) == 4


@pytest.mark.parametrize(
    ("bottom", "top", "most", "expected"),
    [
        (0.0, 1.0, 1.0, (0.0, 1.0)),
        (0.0, 2.4, np.inf, (0.0, 4.0)),
        (0.962, 0.978, 1.0, (0.96, 0.98)),
        (0.96, 0.999, 1.0, (0.96, 1.0)),
        (0.31, 0.31, np.inf, (0.31, 0.31)),
    ],
)
def test_that_an_axis_has_round_steps(
    bottom: float, top: float, most: float, expected: tuple[float, float]
) -> None:
    assert calm_range(bottom, top, most) == pytest.approx(expected, abs=1e-6)
