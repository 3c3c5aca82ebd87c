"""The stages of a step side by side: any is opened, and they are gone through while somebody looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from micronn_gui.panels.inspect import stages
from micronn_gui.panels.inspect.stages import StageBar
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px, text_size
from micronn_gui.widgets.controls.step_button import StepButton
from tests.gui.inspecting import inspect, press
from tests.gui.running import begin

PLAY, STOP = "Go through the stages slowly", "Stop here"


@pytest.fixture
def steps(qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch) -> StageBar:
    monkeypatch.setattr(stages, "PLAY_INTERVAL", 1)
    made = StageBar(states.inspection)
    qtbot.addWidget(made)
    made.resize(900, 140)
    made.show()
    return made


def present(states: States) -> str:
    assert states.inspection.step is not None
    return states.inspection.step.key


def buttons(steps: StageBar) -> list[StepButton]:
    return [button for button in steps.findChildren(StepButton) if button.isVisible()]


def playing(steps: StageBar) -> bool:
    return any(timer.isActive() for timer in steps.findChildren(QTimer))


def test_that_each_step_has_a_stage_that_opens_it(qtbot: QtBot, states: States, steps: StageBar) -> None:
    inspection = inspect(qtbot, states)
    assert inspection.explanation is not None
    rows = buttons(steps)
    assert [row.accessibleName() for row in rows] == [step.names for step in inspection.explanation.steps]
    for row, step in zip(rows, inspection.explanation.steps, strict=True):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
        assert present(states) == step.key
        assert [other for other in rows if other.isChecked()] == [row]


def test_that_a_click_on_the_present_step_leaves_it_marked(
    qtbot: QtBot, states: States, steps: StageBar
) -> None:
    inspect(qtbot, states)
    row = buttons(steps)[3]
    for _ in range(2):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert row.isChecked()


def test_that_rows_are_reached_by_tab_and_opened_by_space(
    qtbot: QtBot, states: States, steps: StageBar
) -> None:
    inspect(qtbot, states)
    rows = buttons(steps)
    assert all(row.focusPolicy() & Qt.FocusPolicy.TabFocus for row in rows)
    rows[4].setFocus()
    qtbot.keyClick(rows[4], Qt.Key.Key_Space)
    assert present(states) == "a2"


def test_that_next_and_previous_go_from_step_to_step_and_stop_at_the_ends(
    qtbot: QtBot, states: States, steps: StageBar
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("x")
    press(qtbot, steps, "Previous stage (←)")
    assert present(states) == "x"
    press(qtbot, steps, "Next ›")
    press(qtbot, steps, "Next ›")
    assert present(states) == "a1"
    press(qtbot, steps, "Previous stage (←)")
    assert present(states) == "z1"
    inspection.open_step("check")
    press(qtbot, steps, "Next ›")
    assert present(states) == "check"


def test_that_another_network_has_other_steps(
    qtbot: QtBot, training: TrainingState, states: States, steps: StageBar
) -> None:
    inspection = inspect(qtbot, states)
    assert len(buttons(steps)) == 12
    begin(qtbot, training, hidden=(16, 12, 8))
    assert inspection.explanation is not None
    assert [row.accessibleName() for row in buttons(steps)] == [s.names for s in inspection.explanation.steps]
    assert len(buttons(steps)) == 20
    inspection.show_tutorial()
    assert len(buttons(steps)) == 12


def test_that_playing_goes_through_to_the_last_step_and_ends_there(
    qtbot: QtBot, states: States, steps: StageBar
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("x")
    seen: list[str] = []
    inspection.moved.connect(lambda: seen.append(present(states)))
    press(qtbot, steps, PLAY)
    qtbot.waitUntil(lambda: not playing(steps))
    assert inspection.explanation is not None
    assert seen == [step.key for step in inspection.explanation.steps][1:]
    press(qtbot, steps, PLAY)  # at the end it does not begin
    assert not playing(steps)


@pytest.mark.parametrize("how", ["press", "hide", "close", "no sample"])
def test_that_playing_stops(qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(stages, "PLAY_INTERVAL", 60_000)
    steps = StageBar(states.inspection)
    qtbot.addWidget(steps)
    steps.show()
    inspection = inspect(qtbot, states)
    inspection.open_step("x")
    press(qtbot, steps, PLAY)
    assert playing(steps)
    assert present(states) == "z1"
    {
        "press": lambda: press(qtbot, steps, STOP),
        "hide": steps.hide,
        "close": steps.close,
        "no sample": inspection.show_drawing,
    }[how]()
    assert not playing(steps)
    steps.show()
    assert [made for made in steps.children() if getattr(made, "accessibleName", str)() == PLAY]


def captions(steps: StageBar) -> list[str]:
    return [made.text() for made in steps.findChildren(QLabel) if made.isVisible()]


@pytest.mark.parametrize(("percent", "width"), [(80, 500), (100, 560), (150, 528)])
@pytest.mark.parametrize("maths", [False, True], ids=["plain", "maths"])
def test_that_all_twelve_stages_are_in_sight_in_a_narrow_bar_and_the_present_one_has_its_words(
    qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch, percent: int, width: int, maths: bool
) -> None:
    monkeypatch.setattr(text_size, "percent", percent)
    steps = StageBar(states.inspection)
    qtbot.addWidget(steps)
    steps.resize(width, px(100))
    steps.show()
    inspection = inspect(qtbot, states)
    inspection.write_in_maths(maths)
    area = steps.findChild(QScrollArea)
    assert area is not None
    assert inspection.explanation is not None
    for step in inspection.explanation.steps:
        inspection.open_step(step.key)
        QApplication.processEvents()
        assert area.horizontalScrollBar().maximum() == 0
        here = next(stage for stage in buttons(steps) if stage.isChecked())
        assert captions(steps) == [here.accessibleDescription()]


def test_that_each_stage_has_its_words_where_there_is_room_and_none_moves_from_step_to_step(
    qtbot: QtBot, states: States, steps: StageBar
) -> None:
    inspection = inspect(qtbot, states)
    for width in (900, 420, 900):
        steps.resize(width, 140)
        QApplication.processEvents()
        inspection.open_step("x")
        assert len(captions(steps)) == (width == 420)
        before = [stage.geometry() for stage in buttons(steps)]
        inspection.open_step("dW2")
        QApplication.processEvents()
        assert [stage.geometry() for stage in buttons(steps)] == before


def test_that_more_stages_than_fit_are_scrolled_to(
    qtbot: QtBot, training: TrainingState, states: States, steps: StageBar
) -> None:
    inspection = inspect(qtbot, states, hidden=(16, 12, 8))
    steps.resize(330, 140)
    for key in ("check", "x"):
        inspection.open_step(key)
        QApplication.processEvents()
        here = next(stage for stage in buttons(steps) if stage.isChecked())
        assert not here.visibleRegion().isEmpty()
        assert captions(steps) == [here.accessibleDescription()]
