"""The page Train at every size of the text: nothing needs more room than there is, nothing is cut off."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from micronn_gui.session.states import States
from micronn_gui.workspaces.train import TrainWorkspace
from tests.gui.running import begin, finish

LEAST = (952, 584)
"""Pixels of the page in the smallest window at the usual size."""


def test_that_the_page_fits_the_smallest_window_at_its_size(
    qtbot: QtBot, states: States, percent: int
) -> None:
    page = TrainWorkspace(states)
    qtbot.addWidget(page)
    page.resize(*(round(length * percent / 100) for length in LEAST))
    with qtbot.waitExposed(page):
        page.show()
    begin(qtbot, states.training, learning_rate=20.0, epochs=30)
    finish(qtbot, states.training)
    qtbot.waitUntil(lambda: page.curves.health.shown is not None)
    for _ in range(3):
        QApplication.processEvents()
        page.grab()
    wanted = page.minimumSizeHint()
    assert wanted.width() <= LEAST[0] * percent / 100 + 1
    assert wanted.height() <= LEAST[1] * percent / 100 + 1
    assert "training" in page.curves._legend.text()  # and not the signs alone
    assert page.curves.health._text.toolTip() == page.curves.health.shown.text
    cut = [
        each.text()
        for each in page.curves.findChildren(QLabel) + page.recipe.findChildren(QLabel)
        if each.isVisible() and not each.wordWrap() and each.width() < each.sizeHint().width() - 1
    ]
    assert cut == []


def test_that_ten_neurons_are_seen_without_scrolling_at_the_least_size_of_the_page(
    qtbot: QtBot, states: States, percent: int
) -> None:
    page = TrainWorkspace(states)
    qtbot.addWidget(page)
    begin(qtbot, states.training)
    with qtbot.waitExposed(page):
        page.show()
    page.centre.setSizes([1, 10_000])  # as high as somebody can pull the curves
    for width in (LEAST[0], 2 * LEAST[0]):
        page.resize(round(width * percent / 100), page.minimumSizeHint().height())
        page.grab()
        assert page.weights.height() < 1.2 * page.weights.minimumHeight()
        assert page.weights.grid.verticalScrollBar().maximum() == 0
