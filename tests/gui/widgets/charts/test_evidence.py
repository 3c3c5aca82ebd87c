"""A picture of signed values, read by mouse or arrow keys and chosen by a click or Enter."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.charts.evidence import Evidence
from tests.gui.inspecting import click_cell, heat_map, words

VALUES = np.arange(784.0).reshape(28, 28) / 784 - 0.5


@pytest.fixture
def evidence(qtbot: QtBot) -> Evidence:
    made = Evidence("Evidence")
    qtbot.addWidget(made)
    made.resize(300, 160)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_values(VALUES)
    return made


def heard(spy: QSignalSpy) -> list[tuple[int, int]]:
    return [(spy.at(i)[0], spy.at(i)[1]) for i in range(spy.count())]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (14, 9), (27, 27)])
def test_that_the_mouse_reads_a_pixel_and_a_click_chooses_it(
    qtbot: QtBot, evidence: Evidence, row: int, column: int
) -> None:
    spy, view = QSignalSpy(evidence.chosen), heat_map(evidence, "Evidence")
    qtbot.mouseMove(view, view.cell(row, column).center())
    wanted = f"pixel ({row}, {column}) {VALUES[row, column]:+.4f}".replace("-", "−")
    assert words(evidence) == wanted
    assert heard(spy) == []
    click_cell(qtbot, view, row, column)
    assert heard(spy) == [(row, column)]
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert words(evidence) == "blue speaks for it, orange against"


def test_that_arrow_keys_read_and_only_enter_chooses(qtbot: QtBot, evidence: Evidence) -> None:
    spy, view = QSignalSpy(evidence.chosen), heat_map(evidence, "Evidence")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert words(evidence) == f"pixel (26, 26) {VALUES[26, 26]:+.4f}"
    assert heard(spy) == []
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard(spy) == [(26, 26)]
