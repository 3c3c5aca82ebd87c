"""From the pad to the network: each picture is the stage it stands for, each switch does its step."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from micronn_core.drawing.preparation import Preparation, prepare, stages
from micronn_gui.panels.draw.pipeline import SIDES, PipelinePanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.images.picture import PictureView
from tests.gui.running import begin, part

NAMES = {
    "drop_specks": "no specks",
    "smooth": "smooth",
    "straighten": "straighten",
    "crop": "crop",
    "fit": "20 × 20",
    "centre": "centre",
}
SLANTED = (((0.5, 0.3), (0.4, 0.6)), ((0.5, 0.3), (0.62, 0.35), (0.66, 0.45)), ((0.9, 0.9),))
"""A slanted shape of few points with a bend, and a speck far from it."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What each view was told last, by its name."""
    told: dict[str, np.ndarray] = {}
    show = PictureView.show_picture

    def showing(self: PictureView, picture: np.ndarray) -> None:
        told[self.accessibleName()] = picture
        show(self, picture)

    monkeypatch.setattr(PictureView, "show_picture", showing)
    return told


@pytest.fixture
def panel(
    qtbot: QtBot, training: TrainingState, states: States, shown: dict[str, np.ndarray]
) -> PipelinePanel:
    made = PipelinePanel(training, states.drawing, states.answer)
    qtbot.addWidget(made)
    made.resize(640, 320)
    made.show()
    states.drawing.show(SLANTED)
    return made


def switch(qtbot: QtBot, panel: PipelinePanel, step: str) -> None:
    box = part(panel, QCheckBox, NAMES[step])
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def assert_stages(states: States, shown: dict[str, np.ndarray]) -> None:
    expected = stages(states.drawing.strokes, 1.0, states.drawing.preparation)
    assert set(shown) == {NAMES.get(stage.step, stage.step) for stage in expected}
    for stage in expected:
        np.testing.assert_array_equal(shown[NAMES.get(stage.step, stage.step)], stage.picture)


def test_that_the_strip_shows_the_stages(
    states: States, panel: PipelinePanel, shown: dict[str, np.ndarray]
) -> None:
    assert_stages(states, shown)


@pytest.mark.parametrize("step", NAMES)
def test_that_a_switch_changes_the_pictures_and_the_answer(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    panel: PipelinePanel,
    shown: dict[str, np.ndarray],
    step: str,
) -> None:
    begin(qtbot, training)
    before, answer = states.drawing.picture, states.answer.probabilities
    switch(qtbot, panel, step)
    on = not getattr(Preparation(), step)
    assert getattr(states.drawing.preparation, step) is on
    assert part(panel, QCheckBox, NAMES[step]).isChecked() is on
    expected = prepare(SLANTED, 1.0, Preparation(**{step: on}))
    np.testing.assert_array_equal(states.drawing.picture, expected)
    assert not np.array_equal(expected, before)
    assert answer is not None
    assert states.answer.probabilities is not None
    assert not np.array_equal(states.answer.probabilities, answer)
    assert_stages(states, shown)
    switch(qtbot, panel, step)
    np.testing.assert_array_equal(states.drawing.picture, before)
    np.testing.assert_array_equal(states.answer.probabilities, answer)


def test_that_at_first_every_step_is_on(panel: PipelinePanel) -> None:
    on = {step: part(panel, QCheckBox, name).isChecked() for step, name in NAMES.items()}
    assert on == dict.fromkeys(NAMES, True)


def test_that_a_hidden_strip_catches_up_when_it_is_shown(
    states: States, panel: PipelinePanel, shown: dict[str, np.ndarray]
) -> None:
    panel.hide()
    states.drawing.show([((0.1, 0.1), (0.9, 0.2))])
    panel.show()
    assert_stages(states, shown)


def test_that_a_picture_on_the_pad_has_nothing_to_switch(states: States, panel: PipelinePanel) -> None:
    states.drawing.lay_under(np.ones((28, 28), np.float32))
    assert not any(part(panel, QCheckBox, name).isEnabled() for name in NAMES.values())
    states.drawing.undo()
    assert all(part(panel, QCheckBox, name).isEnabled() for name in NAMES.values())


@pytest.mark.parametrize("width", [500, 640, 800, 1600])
def test_that_the_pictures_are_as_large_as_the_width_allows(
    panel: PipelinePanel, shown: dict[str, np.ndarray], width: int
) -> None:
    panel.resize(width, 320)
    (side,) = {view.width() for view in panel.findChildren(PictureView)}
    assert SIDES[0] <= side <= SIDES[1]
    assert width < 1600 or side == SIDES[1]
    for view in panel.findChildren(PictureView):
        assert panel.rect().contains(QRect(view.mapTo(panel, QPoint(0, 0)), view.size()))


def test_that_each_step_says_what_the_answer_would_be_without_it(
    qtbot: QtBot, training: TrainingState, states: States, panel: PipelinePanel
) -> None:
    begin(qtbot, training)
    states.drawing.show(SLANTED)
    network = states.answer
    with qtbot.waitSignal(states.answer.past_changed):
        pass
    for step in NAMES:
        shares = network.read(prepare(SLANTED, 1.0, Preparation(**{step: False})))
        assert shares is not None
        expected = f"without: {shares.argmax()}, {100 * float(shares.max()):.0f} %"
        assert expected in {line.text() for line in panel.findChildren(QLabel)}
    states.drawing.clear()
    assert not any(line.text().startswith("without") for line in panel.findChildren(QLabel))
