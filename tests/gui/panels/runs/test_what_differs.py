"""The table of what differs: its rows, what is marked and what is best, and what the comparison is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.differences import base_first, comparison_text, difference_rows
from micronn_gui.panels.runs.shown_runs import ShownRun
from micronn_gui.panels.runs.what_differs import ROW_HEIGHT, WhatDiffersPanel
from micronn_gui.session.states import States
from micronn_gui.theme import px, themes
from micronn_gui.widgets.charts.overlay_chart import line_look
from tests.core.runs.run_records import record
from tests.gui.keeping import settle, stock
from tests.gui.running import LONG, begin

Role = Qt.ItemDataRole
CONFIG = TrainingConfig(hidden=(5,), seed=1)


@pytest.fixture
def panel(qtbot: QtBot, states: States) -> WhatDiffersPanel:
    stock(states.runs.folder, 3)
    made = WhatDiffersPanel(states.runs)
    qtbot.addWidget(made)
    made.resize(700, 300)
    begin(qtbot, states.training, epochs=LONG)
    states.runs.watch(True)
    made.show()
    settle(qtbot, states.runs)
    qtbot.waitUntil(lambda: made.table.model().columnCount() == 4)
    return made


def shown(run: RunRecord) -> ShownRun:
    return ShownRun(run, f"Run {run.number}", line_look(run.number))


def test_that_the_settings_that_differ_come_first_and_are_marked_where_they_do() -> None:
    runs = [
        record(config=CONFIG),
        record(config=replace(CONFIG, learning_rate=0.5)),
        record(config=replace(CONFIG, hidden=(9,), dropout=0.2)),
    ]
    rows = {row.name: row for row in difference_rows(runs)}
    assert list(rows)[:3] == ["neurons", "learning rate", "dropout"]
    assert rows["learning rate"].texts == ("0.1", "0.5", "0.1")
    assert rows["learning rate"].marked == {1}
    assert rows["neurons"].marked == rows["dropout"].marked == {2}


def test_that_the_figures_follow_and_the_best_is_known() -> None:
    runs = [record(lowest=10), record(lowest=20), record(steps=4, seconds=1.0)]
    rows = {row.name: row for row in difference_rows(runs)}
    assert rows["best on unseen pictures"].texts == ("66.67 %", "66.67 %", "66.67 %")
    assert rows["loss there, last"].texts == ("1.100", "1.000", "1.000")
    assert rows["loss there, last"].best == {1, 2}
    assert rows["time"].texts == ("3.5 s", "3.5 s", "1.0 s")


def test_that_it_is_told_when_the_accuracy_was_first_reached_that_most_have_reached() -> None:
    quick, slow, never = record(steps=20, lowest=0), record(steps=40, lowest=40), record(steps=20)
    curves = never.curves.copy()
    curves[:, 6] = 0.4
    rows = {row.name: row for row in difference_rows([quick, slow, replace(never, curves=curves)])}
    assert rows["first above 60 %"].texts == ("epoch 0.0", "epoch 10.0", "–")
    assert rows["first above 60 %"].best == {0}


def test_that_the_run_from_which_the_others_came_stands_first() -> None:
    first, base = record(number=1), record(number=2)
    others = [record(number=n, origin=base.id) for n in (3, 4)]
    order = base_first([shown(run) for run in (first, base, *others)])
    assert [item.run.number for item in order] == [2, 1, 3, 4]


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ([], "Tick two runs"),
        ([record()], "Tick two runs"),
        ([record(), record()], "they should lie on each other"),
        (
            [record(), record(config=replace(CONFIG, learning_rate=0.5))],
            "what you see comes from what differs",
        ),
        ([record(), record(config=replace(CONFIG, seed=2))], "luck"),
        ([record(), record(changed=("learning_rate",))], "changed on its way"),
        ([record(), record(fresh=False)], "did not begin anew"),
    ],
)
def test_that_it_says_what_the_comparison_is_worth(runs: list[RunRecord], words: str) -> None:
    assert words in comparison_text(runs)


def test_that_each_ticked_run_has_a_column_in_its_colour(panel: WhatDiffersPanel) -> None:
    model = panel.table.model()
    names = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert names == ["WHAT DIFFERS", "Run 1", "Run 2", "Run 3"]
    ink = model.headerData(2, Qt.Orientation.Horizontal, Role.ForegroundRole)
    assert ink == themes.current.color(line_look(2).role)


def test_that_it_follows_the_ticks(qtbot: QtBot, states: States, panel: WhatDiffersPanel) -> None:
    states.runs.choose(states.runs.records()[0].id, False)
    qtbot.waitUntil(lambda: panel.table.model().columnCount() == 3)


def test_that_the_best_is_bold_and_a_difference_has_a_ground(panel: WhatDiffersPanel) -> None:
    model = panel.table.model()
    assert model.index(0, 0).data() == "seed"
    assert [bool(model.index(0, i).data(Role.UserRole)) for i in (1, 2, 3)] == [False, True, True]
    best = [model.index(1, i).data(Role.FontRole).weight() for i in (0, 1)]
    assert best == [QFont.Weight.Medium, QFont.Weight.Bold]
    image = panel.grab().toImage()
    rect = panel.table.visualRect(model.index(0, 2))
    corner = panel.table.viewport().mapTo(panel, rect.topLeft())
    assert image.pixelColor(corner.x() + 3, corner.y() + 3) == themes.current.color("accent_soft")


def test_that_the_table_is_as_high_as_its_rows_or_shows_whole_ones(
    qtbot: QtBot, panel: WhatDiffersPanel
) -> None:
    table, width = panel.table, panel.width()
    everything = panel.height_within(width, 1_000)
    assert everything == panel.heightForWidth(width)
    for most in (everything, everything - 1, everything - px(ROW_HEIGHT) - 1):
        height = panel.height_within(width, most)
        assert height <= most
        panel.resize(width, height)
        qtbot.waitUntil(lambda: table.viewport().height() % px(ROW_HEIGHT) == 0)
    assert table.verticalScrollBar().maximum() == 2 * px(ROW_HEIGHT)


def test_that_no_text_is_cut_off_while_there_is_room(qtbot: QtBot, panel: WhatDiffersPanel) -> None:
    table = panel.table
    for width in (700, 560, 480):
        panel.resize(width, 400)
        columns = range(table.model().columnCount())
        assert all(table.columnWidth(i) >= table.sizeHintForColumn(i) for i in columns)
        qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
        assert sum(map(table.columnWidth, columns)) == table.viewport().width()


def test_that_the_link_leads_on_to_other_seeds(qtbot: QtBot, panel: WhatDiffersPanel) -> None:
    assert "Is it luck?" in panel.words.text()
    with qtbot.waitSignal(panel.seeds_wanted):
        panel.words.setFocus()
        qtbot.keyClick(panel.words, Qt.Key.Key_Tab)
        qtbot.keyClick(panel.words, Qt.Key.Key_Return)


def test_that_without_a_run_there_is_no_table_and_no_link(
    qtbot: QtBot, states: States, panel: WhatDiffersPanel
) -> None:
    for run in states.runs.records():
        states.runs.choose(run.id, False)
    qtbot.waitUntil(lambda: not panel.table.isVisible())
    assert panel.words.text() == "Tick two runs or more: what differs between them stands here."
