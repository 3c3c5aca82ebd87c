"""From the pad to the network: each picture is the stage it stands for, each switch does its step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from micronn_core.drawing.images import open_photograph, read_image
from micronn_core.drawing.photographs.steps import STEP_NAMES, stages_of_photograph
from micronn_core.drawing.preparation import Preparation, prepare, stages
from micronn_gui.panels.draw.pipeline import PipelinePage
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
) -> PipelinePage:
    made = PipelinePage(training, states.drawing, states.answer, states.opened_picture)
    qtbot.addWidget(made)
    made.resize(260, 640)
    made.show()
    states.drawing.show(SLANTED)
    return made


def switch(qtbot: QtBot, panel: PipelinePage, step: str) -> None:
    box = part(panel.drawn, QCheckBox, NAMES[step])
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def assert_stages(states: States, shown: dict[str, np.ndarray]) -> None:
    expected = stages(states.drawing.strokes, 1.0, states.drawing.preparation)
    assert set(shown) == {NAMES.get(stage.step, stage.step) for stage in expected}
    for stage in expected:
        np.testing.assert_array_equal(shown[NAMES.get(stage.step, stage.step)], stage.picture)


def test_that_the_strip_shows_the_stages(
    states: States, panel: PipelinePage, shown: dict[str, np.ndarray]
) -> None:
    assert_stages(states, shown)


@pytest.mark.parametrize("step", NAMES)
def test_that_a_switch_changes_the_pictures_and_the_answer(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    panel: PipelinePage,
    shown: dict[str, np.ndarray],
    step: str,
) -> None:
    begin(qtbot, training)
    before, answer = states.drawing.picture, states.answer.probabilities
    switch(qtbot, panel, step)
    on = not getattr(Preparation(), step)
    assert getattr(states.drawing.preparation, step) is on
    assert part(panel.drawn, QCheckBox, NAMES[step]).isChecked() is on
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


def test_that_at_first_every_step_is_on(panel: PipelinePage) -> None:
    on = {step: part(panel.drawn, QCheckBox, name).isChecked() for step, name in NAMES.items()}
    assert on == dict.fromkeys(NAMES, True)


def test_that_a_hidden_strip_catches_up_when_it_is_shown(
    states: States, panel: PipelinePage, shown: dict[str, np.ndarray]
) -> None:
    panel.hide()
    states.drawing.show([((0.1, 0.1), (0.9, 0.2))])
    panel.show()
    assert_stages(states, shown)


def test_that_a_picture_on_the_pad_has_nothing_to_switch(states: States, panel: PipelinePage) -> None:
    states.drawing.lay_under(np.ones((28, 28), np.float32))
    assert not any(part(panel.drawn, QCheckBox, name).isEnabled() for name in NAMES.values())
    states.drawing.undo()
    assert all(part(panel.drawn, QCheckBox, name).isEnabled() for name in NAMES.values())


@pytest.mark.parametrize("width", [212, 260, 320])
def test_that_the_pictures_stand_one_below_the_other_in_their_order(
    panel: PipelinePage, shown: dict[str, np.ndarray], width: int
) -> None:
    panel.resize(width, 640)
    views = panel.drawn.findChildren(PictureView)
    places = [QRect(view.mapTo(panel, QPoint(0, 0)), view.size()) for view in views]
    assert [view.accessibleName() for view in views] == ["drawn", *NAMES.values()]
    assert [place.top() for place in places] == sorted(place.top() for place in places)
    assert len({place.left() for place in places}) == 1
    assert all(place.left() >= 0 and place.right() < width for place in places)


@pytest.mark.parametrize("height", [436, 480, 640, 900])
def test_that_all_steps_are_seen_at_once_and_their_pictures_use_the_room(
    qtbot: QtBot, panel: PipelinePage, height: int
) -> None:
    panel.resize(260, height)
    area = panel.findChild(QScrollArea)
    assert area is not None
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
    ((side, high),) = {(view.width(), view.height()) for view in panel.drawn.views.values()}
    assert side == high
    assert (side + 8) * len(panel.drawn.views) > min(area.height() - 16, 7 * 90)


def test_that_each_step_says_what_the_answer_would_be_without_it(
    qtbot: QtBot, training: TrainingState, states: States, panel: PipelinePage
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


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A photograph of a seven on ruled paper, with a speck, in light that falls off."""
    path = tmp_path / "seven.png"
    rng = np.random.default_rng(1)
    taken = rng.normal(225, 3, (300, 300)) * np.linspace(1, 0.7, 300)
    taken[::40] -= 30
    image = Image.fromarray(np.clip(taken, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    pen.line([(90, 70), (210, 70), (140, 240)], fill=40, width=16)
    pen.ellipse([265, 30, 270, 35], fill=30)
    image.save(path)
    return path


def test_that_a_photograph_shows_its_way_and_each_step_can_be_left_out(
    qtbot: QtBot, training: TrainingState, states: States, panel: PipelinePage, photograph: Path
) -> None:
    begin(qtbot, training)
    with qtbot.waitSignal(states.opened_picture.accepted):
        states.opened_picture.open(photograph)
    strip, way = panel.photographed, states.drawing.way
    assert strip.isVisible()
    assert not panel.drawn.isVisible()
    assert way is not None
    assert [stage.step for stage in way.stages] == ["taken", *STEP_NAMES]
    assert all(switch.isChecked() for switch in strip.switches.values())
    before = states.drawing.picture
    np.testing.assert_array_equal(before, read_image(photograph) / np.float32(255))
    for name in ("parts", "centre"):
        box = strip.switches[name]
        with qtbot.waitSignal(states.opened_picture.accepted):
            qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
        assert not box.isChecked()
        without = stages_of_photograph(open_photograph(photograph), without={name})
        np.testing.assert_array_equal(states.drawing.picture, without[-1].picture)
        assert not np.array_equal(states.drawing.picture, before)
        states.drawing.undo()
        assert box.isChecked()
        np.testing.assert_array_equal(states.drawing.picture, before)
    states.drawing.clear()
    assert panel.drawn.isVisible()


def test_that_what_is_drawn_over_a_photograph_stays_when_a_step_is_switched(
    qtbot: QtBot, training: TrainingState, states: States, panel: PipelinePage, photograph: Path
) -> None:
    begin(qtbot, training)
    with qtbot.waitSignal(states.opened_picture.accepted):
        states.opened_picture.open(photograph)
    states.drawing.pen_down(0.1, 0.1)
    states.drawing.pen_move([(0.2, 0.9)])
    states.drawing.pen_up()
    with qtbot.waitSignal(states.opened_picture.accepted):
        states.opened_picture.switch("lines", False)
    assert len(states.drawing.strokes) == 1
    assert states.drawing.way is not None
    assert states.drawing.way.without == {"lines"}
