"""The cards of the runs: what they say, their order and what is hidden, and what keys and buttons do."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.runs.record import RunRecord
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.run_cards import RunCardsPanel
from micronn_gui.panels.runs.run_list import CONTENT, Card
from micronn_gui.panels.runs.run_rows import HeadingRow, HiddenRow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import DARK, themes
from micronn_gui.worker.update import Status
from tests.core.runs.run_records import record
from tests.gui.dialogs import save_as
from tests.gui.keeping import on_disk, settle, stock
from tests.gui.running import LONG, begin, choose, part, train_to

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, states: States) -> RunCardsPanel:
    """The cards of three runs, the newest first."""
    stock(states.runs.folder, 3)
    return open_panel(qtbot, states)


def open_panel(qtbot: QtBot, states: States) -> RunCardsPanel:
    made = RunCardsPanel(states.runs, states.experiments)
    qtbot.addWidget(made)
    made.resize(380, 700)
    begin(qtbot, states.training, epochs=LONG)
    states.runs.watch(True)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    settle(qtbot, states.runs)
    return made


def contents(panel: RunCardsPanel) -> list[Card | HeadingRow | HiddenRow]:
    model = panel.view.model()
    return [model.index(row, 0).data(CONTENT) for row in range(model.rowCount())]


def cards(panel: RunCardsPanel) -> list[Card]:
    return [content for content in contents(panel) if isinstance(content, Card)]


def titles(panel: RunCardsPanel) -> list[str]:
    return [card.title for card in cards(panel)]


def place(panel: RunCardsPanel, row: int) -> QPoint:
    return panel.view.visualRect(panel.view.model().index(row, 0)).center()


def click(qtbot: QtBot, panel: RunCardsPanel, row: int, at: QPoint | None = None) -> None:
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=at or place(panel, row))


def box(panel: RunCardsPanel, row: int) -> QPoint:
    rect = panel.view.visualRect(panel.view.model().index(row, 0))
    return QPoint(rect.left() + 16, rect.center().y())


def keep(qtbot: QtBot, states: States, *runs: RunRecord) -> None:
    for run in runs:
        states.runs.add(run)
    settle(qtbot, states.runs)


# -- what they say --


def test_that_without_runs_it_says_what_to_do(qtbot: QtBot, states: States) -> None:
    panel = open_panel(qtbot, states)
    assert not panel.view.isVisible()
    assert not part(panel, QPushButton, "Open").isEnabled()
    assert part(panel, QPushButton, "Try a change …").isEnabled()


def test_that_a_card_says_what_the_run_is_and_how_far_it_came(panel: RunCardsPanel) -> None:
    newest = cards(panel)[0]
    assert (newest.title, newest.shape, newest.accuracy) == ("Run 3", "784 → 5 → 10", "66.7")
    assert newest.epochs == "10 of 500 epochs"
    assert panel._count.text() == "3"


def test_that_a_card_says_what_differs_from_the_run_that_it_came_from(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    first = states.runs.records()[-1]
    assert [card.chip for card in cards(panel)] == ["seed 3, was 2", "seed 2, was 1", "where it began"]
    wide = TrainingConfig(hidden=(9,), seed=1, learning_rate=0.25)
    keep(qtbot, states, record(config=wide, sizes=(784, 9, 10), origin=first.id))
    assert (cards(panel)[0].chip, cards(panel)[0].more) == ("neurons 9, was 5", ("rate 0.25, was 0.1",))


def test_that_a_run_of_other_weights_or_of_the_same_settings_says_so(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    newest = states.runs.records()[0]
    keep(qtbot, states, record(seed=3, origin=newest.id))
    assert cards(panel)[0].chip == "the same again"
    keep(qtbot, states, record(seed=3, fresh=False, origin=newest.id))
    assert cards(panel)[0].chip == "goes on from another"


def test_that_a_run_keeps_its_colour_whatever_else_comes_and_goes(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    before = {card.title: card.look for card in cards(panel)}
    assert len(set(before.values())) == 3
    states.runs.delete([states.runs.records()[1].id])
    keep(qtbot, states, record())
    after = {card.title: card.look for card in cards(panel)}
    assert {title: before[title] for title in ("Run 1", "Run 3")} == {
        title: after[title] for title in ("Run 1", "Run 3")
    }


def test_that_the_present_run_grows_on_its_card(
    qtbot: QtBot, training: TrainingState, panel: RunCardsPanel
) -> None:
    train_to(qtbot, training, 3)
    qtbot.waitUntil(lambda: titles(panel)[0] == "Run 4" and cards(panel)[0].present)
    before = cards(panel)[0].epochs
    qtbot.waitUntil(lambda: cards(panel)[0].epochs != before)
    training.pause()


def test_that_a_failed_run_a_star_and_a_tick_are_said_in_words(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    keep(qtbot, states, record(ending="failed", starred=True))
    words = panel.view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.startswith("Run 4, starred, failed, 784 → 5 → 10 neurons, ")
    assert words.endswith("best 66.7 %")
    ticked = panel.view.model().index(0, 0).data(Qt.ItemDataRole.CheckStateRole)
    assert ticked is Qt.CheckState.Checked


def test_that_the_cards_follow_the_theme(panel: RunCardsPanel) -> None:
    themes.use(DARK)
    image = panel.grab().toImage()
    rect = panel.view.visualRect(panel.view.model().index(1, 0))
    inside = panel.view.viewport().mapTo(panel, QPoint(rect.center().x(), rect.top() + 4))
    assert image.pixelColor(inside) == DARK.color("card")


# -- order, groups, short tries --


def test_that_they_are_sorted_by_what_is_chosen(qtbot: QtBot, states: States) -> None:
    store = RunStore(states.runs.folder)
    for number, (name, lowest) in enumerate([("b", 20), ("a", 4), ("c", 10)], start=1):
        store.save(replace(record(steps=20, lowest=lowest, number=number), name=name))
    panel = open_panel(qtbot, states)
    assert titles(panel) == ["c", "a", "b"]
    choose(qtbot, part(panel, QComboBox, "Order of the runs"), "name")
    assert titles(panel) == ["a", "b", "c"]
    choose(qtbot, part(panel, QComboBox, "Order of the runs"), "best")
    best = [float(card.accuracy) for card in cards(panel)]
    assert best == sorted(best, reverse=True)


def test_that_run_10_comes_after_run_9_by_name(qtbot: QtBot, states: States) -> None:
    stock(states.runs.folder, 10)
    panel = open_panel(qtbot, states)
    choose(qtbot, part(panel, QComboBox, "Order of the runs"), "name")
    assert titles(panel)[-2:] == ["Run 9", "Run 10"]


def test_that_the_runs_of_an_experiment_stand_under_a_heading_that_folds_them(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    for seed in (7, 8):
        keep(qtbot, states, record(seed=seed, experiment="x", name=f"seed {seed}"))
    heading = contents(panel)[0]
    assert isinstance(heading, HeadingRow)
    assert heading.text == "seed 7, 8"
    assert heading.result == "66.7 ± 0.0 %"
    assert titles(panel)[:2] == ["seed 8", "seed 7"]
    click(qtbot, panel, 0)
    assert titles(panel) == ["Run 3", "Run 2", "Run 1"]
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.view.model().index(0, 0))
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert len(cards(panel)) == 5


def test_that_short_tries_are_hidden_until_they_are_wanted(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    keep(qtbot, states, record(steps=2, ending="stopped", seconds=1.0))
    assert titles(panel) == ["Run 3", "Run 2", "Run 1"]
    last = contents(panel)[-1]
    assert isinstance(last, HiddenRow)
    assert last.text == "1 short try hidden · show"
    click(qtbot, panel, 3)
    assert titles(panel) == ["Run 4", "Run 3", "Run 2", "Run 1"]
    states.runs.change(states.runs.records()[0].id, starred=True)
    settle(qtbot, states.runs)
    assert len(contents(panel)) == 4  # what has a star is no short try


# -- what keys and buttons do --


def test_that_a_tick_lays_a_run_over_the_others(
    qtbot: QtBot, training: TrainingState, states: States, panel: RunCardsPanel
) -> None:
    run = states.runs.records()[2]
    assert states.runs.is_chosen(run.id)
    click(qtbot, panel, 2, box(panel, 2))
    assert not states.runs.is_chosen(run.id)
    assert panel.selected() == []
    click(qtbot, panel, 2)
    assert not states.runs.is_chosen(run.id)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert states.runs.is_chosen(run.id)
    assert training.status is Status.PAUSED


def test_that_arrows_go_from_card_to_card_and_enter_opens(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    click(qtbot, panel, 0)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert [run.number for run in panel.selected()] == [2]
    with qtbot.waitSignal(panel.open_wanted) as wanted:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert wanted.args[0].config.seed == 2


def test_that_the_selection_stays_with_its_run_when_others_come(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    click(qtbot, panel, 1)
    keep(qtbot, states, record())
    assert [run.number for run in panel.selected()] == [2]
    choose(qtbot, part(panel, QComboBox, "Order of the runs"), "name")
    assert [run.number for run in panel.selected()] == [2]


@pytest.mark.parametrize("how", ["F2", "double click", "menu"])
def test_that_a_run_is_renamed_on_its_card(
    qtbot: QtBot, states: States, panel: RunCardsPanel, how: str
) -> None:
    click(qtbot, panel, 1)
    if how == "F2":
        qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    elif how == "menu":
        panel._rename.trigger()
    else:
        qtbot.mouseDClick(panel.view.viewport(), LEFT, pos=place(panel, 1))
    line = panel.view.findChild(QLineEdit)
    assert line.text() == "Run 2"
    qtbot.keyClicks(line, "wide net")
    states.runs.changed.emit()  # news of others do not disturb
    assert panel.view.state() is QAbstractItemView.State.EditingState
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(panel) == ["Run 3", "wide net", "Run 1"])
    assert [run.name for run in on_disk(states)] == ["", "wide net", ""]


def test_that_delete_deletes_at_once_by_key_and_by_button(
    qtbot: QtBot, states: States, panel: RunCardsPanel
) -> None:
    click(qtbot, panel, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert titles(panel) == ["Run 3", "Run 1"]  # before the disk has answered
    settle(qtbot, states.runs)
    assert len(on_disk(states)) == 2
    click(qtbot, panel, 0)
    delete = "Delete the selected runs (Delete); Ctrl+Z brings them back"
    qtbot.mouseClick(part(panel, QToolButton, delete), LEFT)
    settle(qtbot, states.runs)
    assert [run.number for run in on_disk(states)] == [1]


def test_that_the_star_is_given_and_taken(qtbot: QtBot, states: States, panel: RunCardsPanel) -> None:
    click(qtbot, panel, 1)
    qtbot.mouseClick(panel._star, LEFT)
    settle(qtbot, states.runs)
    assert [card.starred for card in cards(panel)] == [False, True, False]
    assert "no longer" in panel._star.toolTip()
    qtbot.mouseClick(panel._star, LEFT)
    settle(qtbot, states.runs)
    assert not any(card.starred for card in cards(panel))


@pytest.mark.parametrize("best", [False, True])
def test_that_open_asks_for_the_weights_of_the_run(
    qtbot: QtBot, states: States, panel: RunCardsPanel, best: bool
) -> None:
    click(qtbot, panel, 2)
    (run,) = panel.selected()
    with qtbot.waitSignal(panel.open_wanted) as wanted:
        if best:
            panel._open_peak.trigger()
        else:
            qtbot.mouseClick(part(panel, QPushButton, "Open"), LEFT)
    full = states.runs._disk._store.read(run.id)
    moment = full.best if best else full.final
    assert moment is not None
    assert moment.parameters is not None
    (saved,) = wanted.args
    assert saved.config == run.config
    assert (saved.network.parameters.vector == moment.parameters.vector).all()


@pytest.mark.parametrize(("typed", "name"), [("table.csv", "table.csv"), ("table", "table.xlsx")])
def test_that_the_table_is_exported(
    qtbot: QtBot, states: States, panel: RunCardsPanel, tmp_path: Path, typed: str, name: str
) -> None:
    panel._export.trigger()
    with qtbot.waitSignal(states.files.done):
        save_as(qtbot, tmp_path / typed)
    if name.endswith(".csv"):
        assert len((tmp_path / name).read_text("utf-8-sig").splitlines()) == 4
    else:
        assert zipfile.is_zipfile(tmp_path / name)
