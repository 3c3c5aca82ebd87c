"""The page Runs at every size of the text: nothing needs more room than there is, nothing is cut off."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.session.states import States
from micronn_gui.theme import USUAL_SIZE
from micronn_gui.workspaces.runs import RunsWorkspace
from tests.gui.keeping import settle, stock
from tests.gui.running import begin

LEAST = (952, 584)
"""Pixels of the page in a window of 1024 x 700 at the usual size, if there were a transport below it."""


def test_that_the_page_and_what_opens_on_it_fit_the_smallest_window_at_its_size(
    qtbot: QtBot, states: States, percent: int
) -> None:
    stock(states.runs.folder, 9)
    begin(qtbot, states.training)
    page = RunsWorkspace(states)
    qtbot.addWidget(page)
    width, height = (round(length * max(percent, USUAL_SIZE) / 100) for length in LEAST)
    page.resize(width, height)
    with qtbot.waitExposed(page):
        page.show()
    settle(qtbot, states.runs)
    wanted = page.minimumSizeHint()
    assert wanted.width() <= width
    assert wanted.height() <= height
    page.cards.view.select([states.runs.records()[0].id])
    for luck in (False, True):
        page.trying.open_for(states.runs.records()[0], page.cards.change_anchor, luck)
        for _ in range(3):
            QApplication.processEvents()
            page.grab()
        assert page.rect().contains(page.trying.geometry())
        parts = [*page.findChildren(QLabel), *page.findChildren(QPushButton)]
        cut = [
            part.text()
            for part in parts
            if part.isVisible()
            and not (isinstance(part, QLabel) and part.wordWrap())
            and part.width() < part.sizeHint().width() - 1
        ]
        assert cut == []


def test_that_in_a_narrow_window_the_parts_stand_below_each_other(qtbot: QtBot, states: States) -> None:
    stock(states.runs.folder, 3)
    frame = QWidget()  # as in the window, where the page is no window of its own
    qtbot.addWidget(frame)
    frame.resize(1_000, 1_200)
    page = RunsWorkspace(states)
    page.setParent(frame)
    with qtbot.waitExposed(frame):
        frame.show()
    for width, below in ((LEAST[0], False), (page.minimumSizeHint().width(), True), (LEAST[0], False)):
        page.resize(width, 1_200)
        qtbot.waitUntil(lambda below=below: (page.rows.y() > page.cards.geometry().bottom()) is below)
        assert page.rect().contains(page.rows.geometry())
