"""The sample that is explained, as a person chooses and sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import DATASETS
from micronn_core.nn.network import Parameters
from micronn_gui.panels.inspect.inspected_sample import InspectedSamplePanel
from micronn_gui.session.inspection import DRAWING, TEST, TUTORIAL
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.images.picture import PictureView
from tests.gui.inspecting import STROKES, inspect, picture, predicted, press, weights, words
from tests.gui.running import choose, finish, part, small_dataset

COUNT = len(small_dataset())


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> InspectedSamplePanel:
    made = InspectedSamplePanel(training, states.inspection)
    qtbot.addWidget(made)
    made.resize(200, 560)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_that_it_tells_the_sample_its_true_digit_and_the_answer(
    qtbot: QtBot, training: TrainingState, states: States, panel: InspectedSamplePanel
) -> None:
    inspection = inspect(qtbot, states)
    layers = weights(training)
    for index in range(20):
        inspection.show_test(index)
        answer, truth = predicted(layers, picture(index)), index % 10
        wanted = str(truth) if answer == truth else f"{answer} ✗"
        lines = words(panel).split("\n")
        assert f"test #{index}" in lines
        assert str(truth) in lines
        assert wanted in lines


@pytest.mark.parametrize(
    ("key", "source", "index"),
    [("P", TEST, 4), ("N", TEST, 6), ("D", DRAWING, 5), ("T", TUTORIAL, 5)],
)
def test_that_keys_choose_the_sample(
    qtbot: QtBot, states: States, panel: InspectedSamplePanel, key: str, source: str, index: int
) -> None:
    inspection = inspect(qtbot, states)
    states.drawing.show(STROKES)
    inspection.show_test(5)
    qtbot.keyClick(panel, getattr(Qt.Key, f"Key_{key}"))
    qtbot.waitUntil(lambda: (inspection.source, inspection.index) == (source, index))


@pytest.mark.parametrize(
    ("text", "source", "index"),
    [("‹", TEST, 4), ("›", TEST, 6), ("My drawing", DRAWING, 5), ("Tutorial's 3-2-2", TUTORIAL, 5)],
)
def test_that_buttons_choose_the_sample(
    qtbot: QtBot, states: States, panel: InspectedSamplePanel, text: str, source: str, index: int
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_test(5)
    press(qtbot, panel, text)
    assert (inspection.source, inspection.index) == (source, index)


def test_that_random_chooses_any_test_picture(
    qtbot: QtBot, states: States, panel: InspectedSamplePanel
) -> None:
    inspection = inspect(qtbot, states)
    seen = set()
    for _ in range(12):
        press(qtbot, panel, "Random")
        seen.add(inspection.index)
    assert len(seen) > 3
    assert seen <= set(range(COUNT))


def test_that_mistake_shows_a_mistake(
    qtbot: QtBot, training: TrainingState, states: States, panel: InspectedSamplePanel
) -> None:
    inspection = inspect(qtbot, states)
    for _ in range(5):
        press(qtbot, panel, "Next mistake")
        assert predicted(weights(training), picture(inspection.index)) != inspection.index % 10
        assert "✗" in words(panel)


def test_that_a_perfect_network_is_told_to_be_so(
    qtbot: QtBot, training: TrainingState, states: States, panel: InspectedSamplePanel
) -> None:
    inspection = inspect(qtbot, states, epochs=60, batch_size=20, learning_rate=0.3)
    finish(qtbot, training)
    press(qtbot, panel, "Next mistake")
    assert "It gets every test picture right." in words(panel)
    inspection.show_test(8)
    assert "It gets every test picture right." not in words(panel)


def test_that_the_digit_that_was_meant_can_be_said_of_a_drawing(
    qtbot: QtBot, training: TrainingState, states: States, panel: InspectedSamplePanel
) -> None:
    inspection = inspect(qtbot, states)
    states.drawing.show(STROKES)
    press(qtbot, panel, "My drawing")
    box = part(panel, QComboBox, "True digit of the drawing")
    assert box.isVisible()
    assert box.currentText() == str(predicted(weights(training), states.drawing.picture.reshape(-1, 1)))
    choose(qtbot, box, "7")
    assert inspection.explanation is not None
    assert inspection.explanation.label == 7
    press(qtbot, panel, "›")
    assert not box.isVisible()


def test_that_an_empty_drawing_and_a_missing_network_are_said(
    qtbot: QtBot, states: States, panel: InspectedSamplePanel
) -> None:
    states.inspection.watch(True)
    assert "There is no network yet." in words(panel)
    inspect(qtbot, states)
    assert "There is no network yet." not in words(panel)
    press(qtbot, panel, "My drawing")
    assert "Nothing is drawn yet." in words(panel)
    states.drawing.show(STROKES)
    assert "this drawing" in words(panel)
    states.drawing.clear()
    assert "Nothing is drawn yet." in words(panel)


def test_that_weights_that_are_not_numbers_are_said(
    qtbot: QtBot, training: TrainingState, states: States, panel: InspectedSamplePanel
) -> None:
    inspect(qtbot, states)
    assert training.shown is not None
    vector = training.shown.parameters.vector.copy()
    vector[0] = np.inf
    training.shown = replace(training.shown, parameters=Parameters(training.shown.parameters.sizes, vector))
    training.shown_changed.emit()
    assert "not finite numbers" in words(panel)


@pytest.mark.parametrize("text", ["›", "Random", "Next mistake"])
def test_that_data_that_cannot_be_read_are_told_whichever_button_is_pressed(
    qtbot: QtBot,
    states: States,
    panel: InspectedSamplePanel,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    inspection = inspect(qtbot, states)

    def fails() -> None:
        raise DataError("t10k-images is truncated")

    monkeypatch.setitem(DATASETS, "mnist", replace(DATASETS["mnist"], load_test=fails))
    with qtbot.waitSignal(inspection.refused) as told:
        press(qtbot, panel, text)
    assert told.args == ["t10k-images is truncated"]


def test_that_the_tutorial_has_no_picture(qtbot: QtBot, states: States, panel: InspectedSamplePanel) -> None:
    inspect(qtbot, states)
    view = panel.findChild(PictureView)
    assert view is not None
    assert view.isVisible()
    press(qtbot, panel, "Tutorial's 3-2-2")
    assert not view.isVisible()
    assert "the tutorial's worked example" in words(panel)
    assert "class 1" in words(panel)


def test_that_every_button_is_within_reach_of_the_keyboard(panel: InspectedSamplePanel) -> None:
    for made in panel.findChildren(QPushButton):
        assert made.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert made.accessibleName() or made.text()
