"""What the recipe panel folds away: seldom needed settings, and the variation of pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.optimizers import OPTIMIZERS
from micronn_gui.panels.recipe import RecipePanel
from micronn_gui.session import Session
from tests.gui.recipe_panel import line, marked, note, open_panel, problem, state
from tests.gui.running import begin, choose, enter, part


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, session)
    yield made
    made.setFocus()


def fold(panel: RecipePanel) -> QToolButton:
    return part(panel, QToolButton, "Regularisation, schedule …")


def test_that_what_is_unfolded_is_scrolled_into_view(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.resize(panel.width(), 560)
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    clip = line(panel, "Clip gradient")
    assert clip.visibleRegion().boundingRect() == clip.rect()


def test_that_what_is_seldom_needed_is_folded_away_at_first(qtbot: QtBot, panel: RecipePanel) -> None:
    assert not line(panel, "L2 penalty").isVisible()
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    assert line(panel, "L2 penalty").isVisible()
    assert part(panel, QComboBox, "Schedule").isVisible()
    qtbot.keyClick(fold(panel), Qt.Key.Key_Space)
    assert not line(panel, "L2 penalty").isVisible()


@pytest.mark.parametrize(
    ("name", "setting", "text", "value", "bad"),
    [
        ("L2 penalty", "l2", "0,0001", 0.0001, "2"),
        ("L1 penalty", "l1", "1e-05", 0.00001, "-1"),
        ("Clip gradient", "clip", "1.5", 1.5, "some"),
    ],
)
def test_that_a_penalty_is_checked_and_waits_for_a_new_network(
    qtbot: QtBot,
    session: Session,
    panel: RecipePanel,
    name: str,
    setting: str,
    text: str,
    value: float,
    bad: str,
) -> None:
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    wanted = QSignalSpy(panel.new_network_wanted)
    enter(qtbot, line(panel, name), bad)
    assert "must be a number from 0 (off) to" in problem(panel)
    assert marked(panel, name)
    enter(qtbot, line(panel, name), text)
    assert state(panel) == "pending"
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert getattr(wanted.at(0)[0], setting) == value
    assert getattr(session.config, setting) == 0


def test_that_an_optimizer_says_what_it_does_and_needs_a_new_network(
    qtbot: QtBot, panel: RecipePanel
) -> None:
    optimizers = part(panel, QComboBox, "Optimizer")
    tips = [optimizers.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(optimizers.count())]
    assert tips == [optimizer.description for optimizer in OPTIMIZERS.values()]
    choose(qtbot, optimizers, "Adam")
    assert note(panel) == "Needs a new network."
    assert OPTIMIZERS["adam"].description in optimizers.toolTip()


def test_that_the_note_names_the_rate_that_the_schedule_has_come_to(
    qtbot: QtBot, session: Session, panel: RecipePanel
) -> None:
    begin(qtbot, session, schedule="warm-up", learning_rate=0.2)
    assert note(panel) == "Live. At this point the schedule makes the learning rate 0.0200."
    assert line(panel, "Learning rate").text() == "0.2"  # the field shows the base rate
