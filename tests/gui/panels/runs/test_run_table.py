"""The table of runs: it lists, sorts, marks what differs, and does what its buttons and keys say."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.run_model import DIFFERS
from micronn_gui.panels.runs.run_table import RunTablePanel
from micronn_gui.panels.runs.run_variant import VariantDialog
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import DARK, themes
from micronn_gui.worker.update import Status
from tests.core.runs.run_records import record
from tests.gui.dialogs import save_as
from tests.gui.keeping import on_disk, settle, stock
from tests.gui.running import LONG, begin, part, train_to

LEFT = Qt.MouseButton.LeftButton
Role = Qt.ItemDataRole


@pytest.fixture
def panel(qtbot: QtBot, states: States) -> RunTablePanel:
    """The table of three runs, the newest first."""
    stock(states.runs.folder, 3)
    return open_panel(qtbot, states)


def open_panel(qtbot: QtBot, states: States) -> RunTablePanel:
    made = RunTablePanel(states.training, states.runs)
    qtbot.addWidget(made)
    made.resize(1300, 420)
    begin(qtbot, states.training, epochs=LONG)
    states.runs.watch(True)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    settle(qtbot, states.runs)
    return made


def column(panel: RunTablePanel, title: str) -> int:
    model = panel.view.model()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    return [text.removeprefix(DIFFERS) for text in titles].index(title)


def cells(panel: RunTablePanel, title: str) -> list[str]:
    model, i = panel.view.model(), column(panel, title)
    return [model.index(row, i).data() for row in range(model.rowCount())]


def marked(panel: RunTablePanel) -> list[str]:
    """Return the titles that are marked, by a sign and by their weight."""
    model, found = panel.view.model(), []
    for i in range(model.columnCount()):
        text = model.headerData(i, Qt.Orientation.Horizontal)
        bold = model.headerData(i, Qt.Orientation.Horizontal, Role.FontRole).bold()
        assert bold is text.startswith(DIFFERS)
        if bold:
            found.append(text.removeprefix(DIFFERS))
    return found


def place(panel: RunTablePanel, row: int, title: str = "Run") -> QPoint:
    return panel.view.visualRect(panel.view.model().index(row, column(panel, title))).center()


def click(qtbot: QtBot, panel: RunTablePanel, row: int, at: QPoint | None = None) -> None:
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=at or place(panel, row))


def press(qtbot: QtBot, panel: RunTablePanel, name: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, name), LEFT)


# -- what it shows --


def test_that_without_runs_it_says_what_to_do(qtbot: QtBot, states: States) -> None:
    panel = open_panel(qtbot, states)
    assert not panel.view.isVisible()
    for name in ("Open", "Same again but …", "Star", "Delete", "Export …"):
        assert not part(panel, QPushButton, name).isEnabled()


def test_that_the_newest_run_stands_first_with_its_figures(panel: RunTablePanel) -> None:
    assert cells(panel, "Run") == ["Run 3", "Run 2", "Run 1"]
    assert cells(panel, "Network") == ["784-5-10"] * 3
    assert cells(panel, "Best val") == ["66.67 %"] * 3
    assert cells(panel, "Final val") == ["63.33 %"] * 3
    assert cells(panel, "Best loss") == ["1.0000"] * 3
    assert cells(panel, "Began") == ["2026-03-03", "2026-03-02", "2026-03-01"]
    assert cells(panel, "Epochs") == [" 10 / 500"] * 3
    assert cells(panel, "ms/epoch") == ["350"] * 3


def test_that_the_settings_that_differ_are_marked_and_have_columns(
    qtbot: QtBot, states: States, panel: RunTablePanel
) -> None:
    assert marked(panel) == ["Seed"]
    states.runs.add(record(config=TrainingConfig(hidden=(5,), seed=3, dropout=0.25), seed=3, name="lazy"))
    settle(qtbot, states.runs)
    states.runs.choose(panel._model.records[0].id, True)
    assert sorted(marked(panel)) == ["Dropout", "Seed"]
    assert cells(panel, "Dropout") == ["0.25", "0", "0", "0"]


def test_that_only_the_ticked_runs_count_where_two_are_ticked(
    qtbot: QtBot, states: States, panel: RunTablePanel
) -> None:
    same = TrainingConfig(hidden=(5,), seed=3)
    states.runs.add(record(config=same, name="twin"))
    settle(qtbot, states.runs)
    for run in states.runs.records():
        states.runs.choose(run.id, run.config.seed == 3)
    assert marked(panel) == []
    assert "Seed" in [panel._model.columns[i].title for i in range(len(panel._model.columns))]


@pytest.mark.parametrize("title", ["Run", "Network", "Rate", "Epochs", "Best val", "Time", "Seed", "Began"])
def test_that_a_click_on_a_title_sorts_and_another_turns_it_round(
    qtbot: QtBot, states: States, title: str
) -> None:
    store = RunStore(states.runs.folder)
    for i, steps in enumerate((30, 200, 4), start=1):
        config = TrainingConfig(hidden=(i * 3,), seed=i, learning_rate=i / 10)
        began = f"2026-03-{i:02}T10:00:00+00:00"
        run = record(steps=steps, seed=i, config=config, seconds=steps * 7, number=i, began=began)
        store.save(replace(run, name="abc"[i - 1]))
    panel = open_panel(qtbot, states)
    header, i = panel.view.horizontalHeader(), column(panel, title)
    orders = []
    for _ in range(2):
        x = header.sectionViewportPosition(i) + header.sectionSize(i) // 2
        panel.view.scrollTo(panel.view.model().index(0, i))
        x = header.sectionViewportPosition(i) + header.sectionSize(i) // 2
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))
        orders.append([run.name for run in panel._model.records])
    by = {"Epochs": "cab", "Best val": "abc", "Time": "cab"}.get(title, "abc")
    assert orders[0] in (list(by), list(by)[::-1])
    if title != "Best val":  # in which all are alike
        assert orders[1] == orders[0][::-1]


def test_that_the_present_run_grows_in_the_table(
    qtbot: QtBot, training: TrainingState, panel: RunTablePanel
) -> None:
    train_to(qtbot, training, 3)
    qtbot.waitUntil(lambda: cells(panel, "Run")[0] == "Run 4 · now")
    assert cells(panel, "Ended")[0] == "training"
    before = cells(panel, "Epochs")[0]
    qtbot.waitUntil(lambda: cells(panel, "Epochs")[0] != before)
    training.pause()
    qtbot.waitUntil(lambda: cells(panel, "Ended")[0] == "paused")


def test_that_the_selection_stays_with_its_run_when_others_come(
    qtbot: QtBot, states: States, panel: RunTablePanel
) -> None:
    click(qtbot, panel, 1)
    states.runs.add(record())
    settle(qtbot, states.runs)
    assert [run.number for run in panel._selected()] == [2]
    panel.view.sortByColumn(column(panel, "Seed"), Qt.SortOrder.AscendingOrder)
    assert [run.number for run in panel._selected()] == [2]


def test_that_a_failed_run_and_a_star_show_in_the_name(
    qtbot: QtBot, states: States, panel: RunTablePanel
) -> None:
    states.runs.add(record(ending="failed"))
    settle(qtbot, states.runs)
    assert cells(panel, "Run")[0] == "Run 4 · failed"
    click(qtbot, panel, 1)
    press(qtbot, panel, "Star")
    settle(qtbot, states.runs)
    assert cells(panel, "Run")[1] == "★ Run 3"
    assert part(panel, QPushButton, "Star").text() == "Unstar"


def test_that_the_table_follows_the_theme(panel: RunTablePanel) -> None:
    themes.use(DARK)
    image = panel.grab().toImage()
    corner = panel.view.viewport().mapTo(panel, QPoint(5, panel.view.viewport().height() - 5))
    assert image.pixelColor(corner) == DARK.color("card")


# -- what it does --


def test_that_a_tick_lays_a_run_over_the_others(
    qtbot: QtBot, training: TrainingState, states: States, panel: RunTablePanel
) -> None:
    run = panel._model.records[2]
    box = panel.view.visualRect(panel.view.model().index(2, 0)).topLeft() + QPoint(17, 13)
    assert states.runs.place(run.id) is not None
    click(qtbot, panel, 2, box)
    assert states.runs.place(run.id) is None
    click(qtbot, panel, 2)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert states.runs.place(run.id) is not None
    assert training.status is Status.PAUSED


@pytest.mark.parametrize("how", ["F2", "double click"])
def test_that_a_run_is_renamed_in_its_row(
    qtbot: QtBot, states: States, panel: RunTablePanel, how: str
) -> None:
    click(qtbot, panel, 1)
    if how == "F2":
        qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    else:
        qtbot.mouseDClick(panel.view.viewport(), LEFT, pos=place(panel, 1))
    line = panel.view.findChild(QLineEdit)
    assert line.text() == "Run 2"
    qtbot.keyClicks(line, "wide net")
    states.runs.changed.emit()  # news of others do not disturb
    assert panel.view.state() is QAbstractItemView.State.EditingState
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cells(panel, "Run") == ["Run 3", "wide net", "Run 1"])
    assert [run.name for run in on_disk(states)] == ["", "wide net", ""]


def test_that_delete_deletes_at_once_by_key_and_by_button(
    qtbot: QtBot, states: States, panel: RunTablePanel
) -> None:
    click(qtbot, panel, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert cells(panel, "Run") == ["Run 3", "Run 1"]  # before the disk has answered
    settle(qtbot, states.runs)
    assert len(on_disk(states)) == 2
    click(qtbot, panel, 0)
    press(qtbot, panel, "Delete")
    settle(qtbot, states.runs)
    assert cells(panel, "Run") == ["Run 1"]
    assert [run.number for run in on_disk(states)] == [1]


@pytest.mark.parametrize("what", ["Final weights", "Best weights"])
def test_that_open_asks_for_the_weights_of_the_run(
    qtbot: QtBot, states: States, panel: RunTablePanel, what: str
) -> None:
    click(qtbot, panel, 2)
    (run,) = panel._selected()
    actions = {action.text(): action for action in part(panel, QPushButton, "Open").menu().actions()}
    with qtbot.waitSignal(panel.open_wanted) as wanted:
        actions[what].trigger()
    full = states.runs._disk._store.read(run.id)
    moment = full.best if what == "Best weights" else full.final
    assert moment is not None
    assert moment.parameters is not None
    (saved,) = wanted.args
    assert saved.config == run.config
    assert (saved.network.parameters.vector == moment.parameters.vector).all()


def test_that_same_again_but_asks_for_a_run_with_the_same_seed(qtbot: QtBot, panel: RunTablePanel) -> None:
    click(qtbot, panel, 1)
    press(qtbot, panel, "Same again but …")
    (dialog,) = panel.window().findChildren(VariantDialog)
    dialog._edit("learning_rate", 0.25)
    with qtbot.waitSignal(panel.run_wanted) as wanted:
        qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert wanted.args == [TrainingConfig(hidden=(5,), seed=2, learning_rate=0.25)]


@pytest.mark.parametrize(("typed", "name"), [("table.csv", "table.csv"), ("table", "table.xlsx")])
def test_that_the_table_is_exported(
    qtbot: QtBot, states: States, panel: RunTablePanel, tmp_path: Path, typed: str, name: str
) -> None:
    press(qtbot, panel, "Export …")
    with qtbot.waitSignal(states.files.done):
        save_as(qtbot, tmp_path / typed)
    if name.endswith(".csv"):
        assert len((tmp_path / name).read_text("utf-8-sig").splitlines()) == 4
    else:
        assert zipfile.is_zipfile(tmp_path / name)
