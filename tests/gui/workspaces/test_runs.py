"""Runs: its place among the workspaces, its keys, what it wants, and that nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.keeping import run_through, settle, stock
from tests.gui.running import LONG, begin, part, train_to
from tests.gui.test_layout import cut_off, outside, overlapping
from tests.gui.test_layout import settle as lay_out

LEFT = Qt.MouseButton.LeftButton


def open_runs(qtbot: QtBot, states: States, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, states.runs)


def test_that_the_page_is_built_and_the_folder_read_only_when_it_is_opened(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    assert "runs" not in window._built
    assert "_disk" not in states.runs.__dict__
    open_runs(qtbot, states, window)
    assert window.workspace("runs").isVisible()
    assert states.runs.is_read


def test_that_space_plays_there_too(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    training.change({"epochs": LONG})
    open_runs(qtbot, states, window)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert training.status is Status.RUNNING
    qtbot.waitUntil(lambda: window.workspace("runs").cards.view.isVisible())
    qtbot.waitUntil(lambda: window.workspace("runs").curves.chart.isVisible())


def test_that_a_change_is_tried_beside_the_cards_and_luck_beside_the_link(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    stock(states.runs.folder, 3)
    open_runs(qtbot, states, window)
    page = window.workspace("runs")
    qtbot.mouseClick(part(page, QPushButton, "Try a change …"), LEFT)
    assert page.trying.isVisible()
    assert part(page.trying, QComboBox, "Setting 1").isVisible()
    qtbot.keyClick(page.trying, Qt.Key.Key_Escape)
    assert not page.trying.isVisible()
    page.differences.seeds_wanted.emit("seeds")
    assert part(page.trying, QComboBox, "How often").isVisible()


def test_that_the_table_has_the_room_of_its_rows_and_the_chart_the_rest(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    stock(states.runs.folder, 3)
    open_runs(qtbot, states, window)
    page = window.workspace("runs")
    table = page.differences.table
    for run in states.runs.records():
        states.runs.choose(run.id, True)
    qtbot.waitUntil(lambda: table.verticalHeader().length() > 0)
    for height in (900, 1_200):
        window.resize(1_440, height)
        qtbot.waitUntil(lambda: table.viewport().height() == table.verticalHeader().length())
    page.rows.splitterMoved.emit(300, 1)  # by hand
    page.rows.setSizes([300, 500])
    before = page.rows.sizes()
    page.differences.length_changed.emit()
    assert page.rows.sizes() == before


def test_that_a_refusal_and_a_success_are_told_by_the_banner(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    states.runs.refused.emit("The disk is full.")
    assert window.toasts.text == "The disk is full."
    states.runs.done.emit("Exported.")
    assert window.toasts.text == "Exported."


def test_that_a_kept_run_does_not_disturb_the_other_pages(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    run_through(qtbot, states)
    assert window.toasts.newest is None
    assert "runs" not in window._built


@pytest.mark.parametrize("count", [0, 1, 12])
@pytest.mark.parametrize("size", [None, (1280, 720), (1440, 900)], ids=["smallest", "1280x720", "1440x900"])
def test_that_nothing_is_cut_off_and_nothing_overlaps(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    window: MainWindow,
    count: int,
    size: tuple[int, int] | None,
) -> None:
    stock(states.runs.folder, count)
    begin(qtbot, training, epochs=LONG)
    open_runs(qtbot, states, window)
    window.resize(*(size or (window.minimumWidth(), window.minimumHeight())))
    for run in states.runs.records()[:7]:
        states.runs.choose(run.id, True)
    if count:
        train_to(qtbot, training, 3)
        training.pause()
    lay_out(window)
    assert window.size().toTuple() == (size or window.minimumSize().toTuple())

    def nothing_is_wrong() -> None:
        faults = [*cut_off(window), *overlapping(window), *outside(window)]
        assert faults == [], "\n".join(faults)

    # The layout follows the last words of a training network in a later round of the event loop.
    qtbot.waitUntil(nothing_is_wrong, timeout=5_000)


def test_that_everything_there_has_a_name_and_a_tool_tip(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    stock(states.runs.folder, 2)
    open_runs(qtbot, states, window)
    page = window.workspace("runs")
    page.cards.view.select([states.runs.records()[0].id])
    controls = [
        *page.findChildren(QAbstractButton),
        *page.findChildren(QLineEdit),
        *page.findChildren(QComboBox),
        page.cards.view,
        page.differences.table,
    ]
    seen = [control for control in controls if control.isVisible() and control.isEnabled()]
    assert len(seen) > 10
    assert [control for control in seen if not (control.accessibleName() and control.toolTip())] == []


def test_that_opening_a_run_makes_its_weights_the_present_network_and_keeps_the_one_before(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    run_through(qtbot, states, epochs=2, seed=3)
    open_runs(qtbot, states, window)
    (run,) = states.runs.records()
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 2)
    with qtbot.waitSignal(training.run_started):
        states.runs.load(run.id, best=False)
    qtbot.waitUntil(lambda: training.newest is not None)
    assert training.config.seed == 3
    assert run.final.parameters is not None
    assert training.newest is not None
    assert (training.newest.parameters.vector == run.final.parameters.vector).all()
    settle(qtbot, states.runs)
    assert len(states.runs.records()) == 2


def test_that_a_wanted_run_begins_and_plays_and_knows_where_it_came_from(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    (run,) = stock(states.runs.folder, 1)
    open_runs(qtbot, states, window)
    config = TrainingConfig(hidden=(5,), epochs=LONG)
    window.workspace("runs").trying.run_wanted.emit(config, run.id)
    assert training.config == config
    qtbot.waitUntil(lambda: training.status is Status.RUNNING)
    qtbot.waitUntil(lambda: bool(states.runs.present_id))
    assert states.runs.records()[0].origin == run.id
